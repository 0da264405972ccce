import { createHash } from 'node:crypto';
import { z } from 'zod';

const press = z.object({
  command: z.string(),
  args: z.record(z.string(), z.string()),
  /** The incident the button was shown for: an old card never acts on a newer incident of the conversation. */
  incident: z.string().nullable(),
  /** The conversation an answer in a direct message belongs to; null for a card that stands in its own. */
  place: z.string().nullable(),
});
/** What a button stands for. */
export type Press = z.infer<typeof press>;

const reference = z.object({ ref: z.string() });
const data = z.object({ press: z.unknown() });

export interface Note {
  readonly key: string;
  readonly value: string;
}

/** As the `value` of a button; what is longer than `limit` characters is kept aside under its hash. */
export function writePress(
  value: Press,
  limit: number,
): { readonly press: Press | { readonly ref: string }; readonly note: Note | null } {
  const text = JSON.stringify(value);
  if (text.length <= limit) return { press: value, note: null };
  const key = `press:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  return { press: { ref: key }, note: { key, value: text } };
}

/** Null when it is not one of ours or was kept aside by a desk that no longer knows it. */
export async function readPress(
  value: unknown,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  const outer = data.safeParse(value);
  if (!outer.success) return null;
  const kept = reference.safeParse(outer.data.press);
  const inner = kept.success ? parse((await recall(kept.data.ref)) ?? '') : outer.data.press;
  const read = press.safeParse(inner);
  return read.success ? read.data : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
