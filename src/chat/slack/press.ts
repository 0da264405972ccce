import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formSchema } from '../schema.ts';

const press = z.object({
  command: z.string(),
  args: z.record(z.string(), z.string()),
  /** The incident the button was shown for: an old card never acts on a newer incident of the channel. */
  incident: z.string().nullable(),
  /** Where a form was asked for: a modal itself lives in no conversation. */
  channel: z.string().nullable(),
  thread: z.string().nullable(),
  /** A form that could not be opened when it was asked for, kept on a button. */
  form: formSchema.nullable(),
});
/** What a button or a modal stands for. */
export type Press = z.infer<typeof press>;

const reference = z.object({ ref: z.string() });

export interface Note {
  readonly key: string;
  readonly value: string;
}

/** As the value of a button or a modal; what is longer than `limit` characters is kept aside under its hash. */
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
  text: string,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  const outer = parse(text);
  const kept = reference.safeParse(outer);
  const inner = kept.success ? parse((await recall(kept.data.ref)) ?? '') : outer;
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
