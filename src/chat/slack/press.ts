import { z } from 'zod';
import { carriedOf, fromCarried, type Note } from '../aside.ts';
import { parseJson } from '../json.ts';
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

/** As the value of a button or a modal. */
export function writePress(
  value: Press,
  limit: number,
): { readonly text: string; readonly note: Note | null } {
  const { carried, note } = carriedOf(value, limit);
  return { text: JSON.stringify(carried), note };
}

/** Null when it is not one of ours or was kept aside by a desk that no longer knows it. */
export async function readPress(
  text: string,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  const read = press.safeParse(await fromCarried(parseJson(text), recall));
  return read.success ? read.data : null;
}
