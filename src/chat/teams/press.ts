import { z } from 'zod';
import { carriedOf, fromCarried, type Note } from '../aside.ts';
import { formSchema } from '../schema.ts';

const press = z.object({
  command: z.string(),
  args: z.record(z.string(), z.string()),
  /** The incident the button was shown for: an old card never acts on a newer incident of the conversation. */
  incident: z.string().nullable(),
  /** The name under which the card as it is now is kept: shown again after a form that stood in its place. */
  face: z.string().nullable(),
  /** A form that opens as a dialog. */
  form: formSchema.nullable(),
});
/** What a button stands for. */
export type Press = z.infer<typeof press>;

const data = z.looseObject({ press: z.unknown() });

/** As the data of an action. */
export function writePress(
  value: Press,
  limit: number,
): { readonly press: Press | { readonly ref: string }; readonly note: Note | null } {
  const { carried, note } = carriedOf(value, limit);
  return { press: carried, note };
}

export interface Pressed {
  readonly press: Press;
  /** What was typed into the card's fields; those left empty are absent. */
  readonly filled: Readonly<Record<string, string>>;
}

/** Null when it is not one of ours or was kept aside by a desk that no longer knows it. */
export async function readPress(
  value: unknown,
  recall: (key: string) => Promise<string | null>,
): Promise<Pressed | null> {
  const outer = data.safeParse(value);
  if (!outer.success) return null;
  const read = press.safeParse(await fromCarried(outer.data.press, recall));
  if (!read.success) return null;
  const { press: _own, msteams: _teams, ...fields } = outer.data;
  const filled: Record<string, string> = {};
  for (const [name, typed] of Object.entries(fields))
    if (typeof typed === 'string' && typed !== '') filled[name] = typed;
  return { press: read.data, filled };
}
