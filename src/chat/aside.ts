import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from './json.ts';

/** What is kept for a button: written down before the button leaves. */
export interface Note {
  readonly key: string;
  readonly value: string;
}

const PREFIX = 'press:';
const reference = z.object({ ref: z.string().startsWith(PREFIX) });

/** Under a name made of what it says: the same thing is kept once. */
export function noteOf(value: unknown): Note {
  const text = JSON.stringify(value);
  return { key: PREFIX + createHash('sha256').update(text).digest('hex').slice(0, 32), value: text };
}

/** What a button carries itself: the value, or the name under which one longer than `limit` characters is kept aside. */
export function carriedOf<T>(
  value: T,
  limit: number,
): { readonly carried: T | { readonly ref: string }; readonly note: Note | null } {
  if (JSON.stringify(value).length <= limit) return { carried: value, note: null };
  const note = noteOf(value);
  return { carried: { ref: note.key }, note };
}

type Recall = (key: string) => Promise<string | null>;

/** The value again; null where it was kept aside by a desk that no longer knows it. */
export async function fromCarried(carried: unknown, recall: Recall): Promise<unknown> {
  const kept = reference.safeParse(carried);
  return kept.success ? fromNote(kept.data.ref, recall) : carried;
}

export async function fromNote(key: unknown, recall: Recall): Promise<unknown> {
  if (typeof key !== 'string' || !key.startsWith(PREFIX)) return null;
  return parseJson((await recall(key)) ?? '');
}
