import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Store } from './store/port.ts';

/** A link to judge one incident with, for one person; only its digest is kept. */
const surveySchema = z.object({ incident: z.string(), person: z.string(), until: z.number() });
export type Survey = z.infer<typeof surveySchema>;

const GOOD_FOR_MS = 30 * 24 * 60 * 60_000;

export async function issueSurvey(
  store: Store,
  survey: { readonly incident: string; readonly person: string },
  now: number,
): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await store.putNote(keyOf(token), JSON.stringify({ ...survey, until: now + GOOD_FOR_MS }));
  return token;
}

/** Null when the link is unknown, used or too old. */
export async function surveyOf(store: Store, token: string, now: number): Promise<Survey | null> {
  const kept = await store.getNote(keyOf(token));
  const read = kept === null ? null : surveySchema.safeParse(JSON.parse(kept));
  return read?.success === true && read.data.until > now ? read.data : null;
}

export async function spendSurvey(store: Store, token: string): Promise<void> {
  await store.putNote(keyOf(token), null);
}

function keyOf(token: string): string {
  return `survey:${createHash('sha256').update(token).digest('hex')}`;
}
