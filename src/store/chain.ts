import { createHash, randomUUID } from 'node:crypto';

/** The stream of an incident's own events; every other name is a stream of talk. */
export const EVENTS = 'events';
/** The stream in which redactions are written down, so that a text missing without a line here is tampering. */
export const REDACTIONS = 'redactions';

/** One link: the facts are hashed, the texts only through a salted digest that outlives them. */
export interface Link {
  readonly facts: string;
  /** JSON list; null once redacted, and the salt with it: the digest then says nothing about the text. */
  readonly texts: string | null;
  readonly salt: string | null;
  readonly digest: string;
  readonly prev: string;
  readonly hash: string;
}

/** What a stream's first link points back to: no two streams can be exchanged for one another. */
export function genesis(incident: string, stream: string): string {
  return sha256(`warroom\n${JSON.stringify([incident, stream])}`);
}

export function seal(
  place: { readonly incident: string; readonly stream: string; readonly position: number },
  prev: string,
  facts: string,
  texts: readonly string[],
): Link {
  const written = JSON.stringify(texts);
  // 122 random bits, from a pool: fetching sixteen bytes by themselves costs more than both hashes.
  const salt = randomUUID();
  const digest = digestOf(salt, written);
  return { facts, texts: written, salt, digest, prev, hash: hashOf(place, prev, digest, facts) };
}

/** Why a link does not hold, or null. */
export function flaw(
  place: { readonly incident: string; readonly stream: string; readonly position: number },
  prev: string,
  link: Link,
): 'previous-hash' | 'facts-changed' | 'text-changed' | null {
  if (link.prev !== prev) return 'previous-hash';
  if (link.hash !== hashOf(place, prev, link.digest, link.facts)) return 'facts-changed';
  if (link.texts === null) return null;
  return link.salt !== null && digestOf(link.salt, link.texts) === link.digest ? null : 'text-changed';
}

function digestOf(salt: string, texts: string): string {
  return sha256(`${salt}\n${texts}`);
}

function hashOf(
  place: { readonly incident: string; readonly stream: string; readonly position: number },
  prev: string,
  digest: string,
  facts: string,
): string {
  const where = JSON.stringify([place.incident, place.stream, place.position]);
  return sha256(`${where}\n${prev}\n${digest}\n${facts}`);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
