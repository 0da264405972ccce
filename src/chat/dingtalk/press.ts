import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parse } from './payloads.ts';

const press = z.object({
  command: z.string(),
  args: z.record(z.string(), z.string()),
  /** The incident the button was shown for: an old card never acts on a newer incident of the conversation. */
  incident: z.string().nullable(),
  conversation: z.string(),
  /** Words to ask with before it is done. */
  confirm: z.string().nullable(),
});
/** What a button stands for. */
export type Press = z.infer<typeof press>;

const reference = z.object({ ref: z.string().startsWith('press:') });

export interface Note {
  readonly key: string;
  readonly value: string;
}

/** As text for a card; what is longer than `limit` characters is kept aside under its hash. */
export function writePress(
  value: Press,
  limit: number,
): { readonly text: string; readonly note: Note | null } {
  const text = JSON.stringify(value);
  if (text.length <= limit) return { text, note: null };
  const key = `press:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  return { text: JSON.stringify({ ref: key }), note: { key, value: text } };
}

/** Null when it is not one of ours or was kept aside by a desk that no longer knows it. */
export async function readPress(
  text: unknown,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  if (typeof text !== 'string') return null;
  const outer = parse(text);
  const kept = reference.safeParse(outer);
  const read = press.safeParse(kept.success ? parse((await recall(kept.data.ref)) ?? '') : outer);
  return read.success ? read.data : null;
}
