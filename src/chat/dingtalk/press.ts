import { z } from 'zod';
import { fromNote, type Note, noteOf } from '../aside.ts';

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

/**
 * A card carries only the name under which its button is kept: what it stands for never passes through a client, which
 * could send back something else.
 */
export function writePress(value: Press): Note {
  return noteOf(value);
}

/** Null when it is not one of ours or was kept by a desk that no longer knows it. */
export async function readPress(
  name: unknown,
  recall: (key: string) => Promise<string | null>,
): Promise<Press | null> {
  const read = press.safeParse(await fromNote(name, recall));
  return read.success ? read.data : null;
}
