import { z } from 'zod';
import { EVENTS } from './chain.ts';
import type { Similar } from './port.ts';

/** So many rows are looked at closely; the rarest words choose them. */
const CANDIDATES = 600;
const MOST_WORDS = 48;
/** The row of what people wrote; every other one is named after the message that holds its log. */
export const ABOUT = 'about';

export const sourceNames = z.array(z.string());
const holdsExcerpt = z.object({ body: z.object({ excerpt: z.string() }) });

/**
 * The search rows that may repeat a removed text: of a message its own; of an event the row of what people wrote and
 * the one of the log that the event tells of.
 * @param facts of the event as stored, without its texts
 */
export function sourcesOf(stream: string, named: string): readonly string[] {
  if (stream !== EVENTS) return [named];
  const told = holdsExcerpt.safeParse(JSON.parse(named));
  return told.success ? [ABOUT, told.data.body.excerpt] : [ABOUT];
}

/** A stored excerpt that shares a rare word with what is looked for. */
export interface Candidate {
  readonly incident: string;
  /** Tokens joined by blanks. */
  readonly words: string;
}

/** How rare a word is decides what it tells; a word that no excerpt holds finds nothing. */
export interface Rarity {
  readonly excerpts: number;
  readonly holding: ReadonlyMap<string, number>;
}

/** The words that choose the candidates: the rarest first, until they hold as many rows as may be looked at. */
export function choosing(words: readonly string[], { holding }: Rarity): readonly string[] {
  const known = words
    .flatMap((word) => {
      const count = holding.get(word) ?? 0;
      return count > 0 ? [{ word, count }] : [];
    })
    .sort((a, b) => a.count - b.count);
  const chosen: string[] = [];
  let rows = 0;
  for (const { word, count } of known) {
    if (chosen.length > 0 && (chosen.length >= MOST_WORDS || rows + count > CANDIDATES)) break;
    chosen.push(word);
    rows += count;
  }
  return chosen;
}

export const MOST_CANDIDATES = CANDIDATES;

/**
 * The incidents that say most nearly the same, best first: cosine over words weighted by how rare they are. An
 * incident counts with its best excerpt.
 */
export function rankSimilar(
  words: readonly string[],
  candidates: readonly Candidate[],
  { excerpts, holding }: Rarity,
  limit: number,
): readonly Similar[] {
  const weight = new Map(words.map((word) => [word, Math.log(1 + excerpts / (holding.get(word) ?? 0.5))]));
  const whole = [...weight.values()].reduce((sum, one) => sum + one ** 2, 0);
  if (whole === 0) return [];
  const usual = whole / weight.size;
  const best = new Map<string, number>();
  for (const { incident, words: held } of candidates) {
    const own = held.split(' ');
    let shared = 0;
    let count = 0;
    for (const word of own) {
      const told = weight.get(word);
      if (told === undefined) continue;
      shared += told ** 2;
      count += 1;
    }
    // What the rows' other words weigh is not looked up: they weigh what the text's own do on average.
    const score = shared / Math.sqrt(whole * (shared + (own.length - count) * usual));
    if (score > (best.get(incident) ?? 0)) best.set(incident, score);
  }
  return [...best]
    .map(([incident, score]) => ({ incident, score: Math.round(score * 1000) / 1000 }))
    .sort((a, b) => b.score - a.score || (a.incident < b.incident ? -1 : 1))
    .slice(0, limit);
}
