import { createHash, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../incident/events.ts';
import type { Store } from '../store/port.ts';

/** What a code opens: the place where it is said becomes one of that organisation in that incident. */
const target = z.object({ incident: z.string(), org: z.string(), until: z.number() });
export type LinkTarget = z.infer<typeof target>;

export const LINK_HOURS = 24;
/** Without letters and digits that people mistake for each other: codes are read out on the phone. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 12;

/** A code of some 59 random bits, once good for a day; only its digest is kept. */
export async function issueLinkCode(
  store: Pick<Store, 'putNote'>,
  link: Omit<LinkTarget, 'until'>,
  now: Instant,
): Promise<string> {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '');
  const code = letters.join('').replace(/(.{4})(?=.)/g, '$1-');
  await store.putNote(keyOf(code), JSON.stringify({ ...link, until: now + LINK_HOURS * 3_600_000 }));
  return code;
}

/** Null for a code that was never given, was used, or is too old. */
export async function linkTarget(
  store: Pick<Store, 'getNote'>,
  code: string,
  now: Instant,
): Promise<LinkTarget | null> {
  const kept = await store.getNote(keyOf(code));
  const read = kept === null ? null : target.safeParse(JSON.parse(kept));
  return read?.success === true && read.data.until > now ? read.data : null;
}

/** True for the first one only, however many try it at once. */
export async function useLinkCode(
  store: Pick<Store, 'claimInbound' | 'putNote'>,
  code: string,
  now: Instant,
): Promise<boolean> {
  const first = await store.claimInbound(keyOf(code), now);
  if (first) await store.putNote(keyOf(code), null);
  return first;
}

function keyOf(code: string): string {
  const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return `link-code:${createHash('sha256').update(plain).digest('hex')}`;
}
