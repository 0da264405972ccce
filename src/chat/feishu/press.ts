import { z } from 'zod';
import { carriedOf, fromCarried, type Note } from '../aside.ts';

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

const data = z.object({ press: z.unknown() });

/** As the `value` of a button. */
export function writePress(
  value: Press,
  limit: number,
): { readonly press: Press | { readonly ref: string }; readonly note: Note | null } {
  const { carried, note } = carriedOf(value, limit);
  return { press: carried, note };
}

/** Null when it is not one of ours or was kept aside by a desk that no longer knows it. */
export async function readPress(
  value: unknown,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  const outer = data.safeParse(value);
  if (!outer.success) return null;
  const read = press.safeParse(await fromCarried(outer.data.press, recall));
  return read.success ? read.data : null;
}
