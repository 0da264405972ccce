import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a phrase makes of the sentence it stands in; the meaning of each is in `rules/*.yaml`. */
export const kinds = [
  'recovered',
  'recoveredWeak',
  'recoveredInFull',
  'partial',
  'mitigated',
  'closed',
  'notRecovered',
  'futureRecovery',
  'falseAlarm',
  'notFalseAlarm',
  'reopened',
  'symptom',
  'fails',
  'alert',
  'detect',
  'onset',
  'onsetWeak',
  'impactMark',
  'noImpact',
  'causeRoot',
  'causeFound',
  'causeLink',
  'causeState',
  'contrast',
  'hedge',
  'settled',
  'deny',
  'retract',
  'correction',
  'propose',
  'approve',
  'reject',
  'done',
  'doing',
  'plan',
  'workaround',
  'other',
  'arrival',
  'escalate',
  'conditional',
  'deployed',
  'history',
  'touch',
  'breakage',
  'part',
] as const;

export type Kind = (typeof kinds)[number];

const ruleFileSchema = z.array(
  z.strictObject({
    kind: z.enum(kinds),
    weight: z.number().min(0).max(10),
    why: z.string(),
    phrases: z.array(z.string().min(1)),
  }),
);

export interface Meaning {
  kind: Kind;
  weight: number;
}

/** A phrase found in a text: `[start, end)` and what it means there. */
export interface Hit {
  start: number;
  end: number;
  meanings: readonly Meaning[];
  /** The kinds among the meanings, one bit each: the first thirty and the others. */
  low: number;
  high: number;
}

/** Sets of kinds as bits: every rule asks every sentence for kinds, and lists of names cost most of the time. */
export interface KindBits {
  low: number;
  high: number;
}

const half = 30;
const lowBits = new Map<Kind, number>();
const highBits = new Map<Kind, number>();
kinds.forEach((kind, place) => {
  if (place < half) lowBits.set(kind, 1 << place);
  else highBits.set(kind, 1 << (place - half));
});

export function bitsOf(names: readonly Kind[]): KindBits {
  let low = 0;
  let high = 0;
  for (const name of names) {
    const bit = lowBits.get(name);
    if (bit !== undefined) low |= bit;
    else high |= highBits.get(name) ?? 0;
  }
  return { low, high };
}

/** Kinds to look for, with the bits of each: to ask many hits for many kinds in one go. */
export type Marks = readonly { kind: Kind; low: number; high: number }[];

export const marksFor = (names: readonly Kind[]): Marks => names.map((kind) => ({ kind, ...bitsOf([kind]) }));

/** As asking a hit for the bits of one kind, with nothing made for it. */
export function means(hit: Pick<Hit, 'low' | 'high'>, kind: Kind): boolean {
  const bit = lowBits.get(kind);
  return bit === undefined ? (hit.high & (highBits.get(kind) ?? 0)) !== 0 : (hit.low & bit) !== 0;
}

/** How much may stand where a phrase has "…"; bounded, so that a scan stays linear in the length of the text. */
const chineseGap = 8;
const englishGap = 40;
/** The longest ending that "*" stands for. */
const longestEnding = 8;

/** ，。！？； , . ; ! ? and the end of a line. */
const isStop = (code: number): boolean =>
  code < 64
    ? code === 44 || code === 46 || code === 59 || code === 33 || code === 63 || code === 10
    : code === 0xff0c || code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff1b;
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

interface Shape {
  /** What follows the first stretch, each after a gap. */
  rest: readonly string[];
  gap: number;
  /** A word of a language with spaces: it neither begins nor ends within another word. */
  bounded: boolean;
  ending: boolean;
  meanings: Meaning[];
  bits: KindBits;
  /** Of two shapes that fit at one place the one of the larger reach wins. */
  reach: number;
}

interface Branch {
  next: Map<number, Branch>;
  shapes: Shape[];
}

/** A list that begins with one item takes the room of one; one that begins empty takes that of seventeen. */
export function added<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

const none: readonly Hit[] = [];
const beginnings = 1 << 17;
const pairOf = (first: number, second: number): number => ((first * 509) ^ second) & (beginnings - 1);

/** A phrase's first stretch ends here, which is enough to look closer; or only longer ones go on from here. */
const WHOLE = 2;
const LONGER = 1;

const branch = (): Branch => ({ next: new Map(), shapes: [] });

/**
 * All phrases of all languages in one tree of characters, so that a text is walked once whatever their number. An
 * alternation of two thousand phrases as a regular expression took 2 ms a message; the tree takes microseconds.
 */
export class Lexicon {
  /** What may begin a phrase, by its first one to four characters; several share a place. Most of a text is passed over by it. */
  private readonly singles = new Uint8Array(65_536);
  private readonly pairs = new Uint8Array(beginnings);
  private readonly triples = new Uint8Array(beginnings);
  private readonly fours = new Uint8Array(beginnings);
  /** By character code; made whole at once, for a sparse array is a slow table. */
  private readonly roots: (Branch | null)[] = new Array<Branch | null>(65_536).fill(null);

  constructor(rules: z.infer<typeof ruleFileSchema>) {
    const byPhrase = new Map<string, Meaning[]>();
    for (const rule of rules) {
      for (const phrase of rule.phrases) {
        const key = phrase.toLowerCase();
        const meanings = byPhrase.get(key) ?? [];
        if (!meanings.some((meaning) => meaning.kind === rule.kind)) {
          meanings.push({ kind: rule.kind, weight: rule.weight });
        }
        byPhrase.set(key, meanings);
      }
    }
    for (const [phrase, meanings] of byPhrase) {
      for (const form of formsOf(phrase)) this.plant(form, meanings);
    }
  }

  private plant(phrase: string, meanings: Meaning[]): void {
    const ending = phrase.endsWith('*');
    const parts = (ending ? phrase.slice(0, -1).trimEnd() : phrase)
      .split('…')
      .map((part) => part.trim().replace(/\*$/, ''));
    const [first = '', ...rest] = parts.filter((part) => part !== '');
    const chinese = /[^\x20-\x7e…]/.test(phrase);
    const root = first.charCodeAt(0);
    this.announce(first);
    let place = this.roots[root] ?? branch();
    this.roots[root] = place;
    for (let index = 1; index < first.length; index += 1) {
      const code = first.charCodeAt(index);
      const next = place.next.get(code) ?? branch();
      place.next.set(code, next);
      place = next;
    }
    place.shapes.push({
      rest,
      gap: chinese ? chineseGap : englishGap,
      bounded: !chinese,
      ending,
      meanings,
      bits: bitsOf(meanings.map((meaning) => meaning.kind)),
      reach: phrase.length - (rest.length > 0 ? 1.5 : 0),
    });
  }

  private announce(first: string): void {
    const pair = pairOf(first.charCodeAt(0), first.charCodeAt(1));
    const triple = pairOf(pair, first.charCodeAt(2));
    if (first.length === 1) this.singles[first.charCodeAt(0)] = WHOLE;
    else if (first.length === 2) this.pairs[pair] = WHOLE;
    else {
      this.pairs[pair] = Math.max(this.pairs[pair] ?? 0, LONGER);
      if (first.length === 3) this.triples[triple] = WHOLE;
      else {
        this.triples[triple] = Math.max(this.triples[triple] ?? 0, LONGER);
        this.fours[pairOf(triple, first.charCodeAt(3))] = WHOLE;
      }
    }
  }

  /** The phrases in the first `limit` characters, from left to right, none within another. */
  scan(text: string, limit = text.length): readonly Hit[] {
    let hits: Hit[] | undefined;
    const end = Math.min(text.length, limit);
    let before = 0;
    for (let at = 0; at < end; ) {
      const code = text.charCodeAt(at);
      const inWord = isWord(code) && isWord(before);
      before = code;
      if (inWord || !this.mayBegin(text, at, lower(code))) {
        at += 1;
        continue;
      }
      const found = this.longestAt(text, at);
      if (found === null) {
        at += 1;
        continue;
      }
      before = text.charCodeAt(found.end - 1);
      const { shape } = found;
      hits = added(hits, {
        start: at,
        end: found.end,
        meanings: shape.meanings,
        low: shape.bits.low,
        high: shape.bits.high,
      });
      at = found.end;
    }
    return hits ?? none;
  }

  private mayBegin(text: string, at: number, first: number): boolean {
    if (this.singles[first] === WHOLE) return true;
    const pair = pairOf(first, lower(text.charCodeAt(at + 1)));
    const two = this.pairs[pair];
    if (two !== LONGER) return two === WHOLE;
    const triple = pairOf(pair, lower(text.charCodeAt(at + 2)));
    const three = this.triples[triple];
    if (three !== LONGER) return three === WHOLE;
    return this.fours[pairOf(triple, lower(text.charCodeAt(at + 3)))] === WHOLE;
  }

  private longestAt(text: string, at: number): { end: number; shape: Shape } | null {
    const code = lower(text.charCodeAt(at));
    let place: Branch | null | undefined = this.roots[code];
    if (place === null || place === undefined) return null;
    let best: Shape | null = null;
    let end = at;
    for (let next = at + 1; place !== null && place !== undefined; next += 1) {
      for (const shape of place.shapes) {
        if (best !== null && shape.reach <= best.reach) continue;
        const reached = complete(shape, text, next);
        if (reached === -1) continue;
        best = shape;
        end = reached;
      }
      place = place.next.get(lower(text.charCodeAt(next)));
    }
    return best === null ? null : { end, shape: best };
  }
}

const endings = ['', 's', 'es', 'd', 'ed', 'ing'];

/** "load* again": within a phrase the star stands for the endings a verb has, one form each. */
function formsOf(phrase: string): readonly string[] {
  const star = phrase.indexOf('* ');
  if (star === -1) return [phrase];
  return endings.map((ending) => phrase.slice(0, star) + ending + phrase.slice(star + 1));
}

/** Latin letters alone: folding whole Chinese texts costs more than all the rest, and some letters grow by it. */
const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

/** Where a shape whose first stretch ends at `from` ends; -1 when the rest does not fit. */
function complete(shape: Shape, text: string, from: number): number {
  let at = from;
  for (const part of shape.rest) {
    const found = after(text, part, at, shape.gap);
    if (found === -1) return -1;
    at = found;
  }
  if (!shape.bounded) return at;
  if (shape.ending) {
    let letters = 0;
    while (letters < longestEnding && isLetter(lower(text.charCodeAt(at)))) {
      at += 1;
      letters += 1;
    }
  }
  return isWord(text.charCodeAt(at - 1)) && isWord(text.charCodeAt(at)) ? -1 : at;
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;

function standsAt(text: string, part: string, at: number): boolean {
  if (at + part.length > text.length) return false;
  for (let index = 0; index < part.length; index += 1) {
    if (lower(text.charCodeAt(at + index)) !== part.charCodeAt(index)) return false;
  }
  return true;
}

function after(text: string, part: string, from: number, gap: number): number {
  const first = part.charCodeAt(0);
  const word = isWord(first);
  for (let at = from; at <= from + gap; at += 1) {
    const code = text.charCodeAt(at);
    if (
      lower(code) === first &&
      !(word && at > 0 && isWord(text.charCodeAt(at - 1))) &&
      standsAt(text, part, at)
    )
      return at + part.length;
    if (at >= text.length || isStop(code)) return -1;
  }
  return -1;
}

let shared: Lexicon | undefined;

/** The rules that ship with the product; read once. Throws when a rule file does not fit its schema. */
export function lexicon(): Lexicon {
  shared ??= new Lexicon(
    ['zh.yaml', 'en.yaml'].flatMap((name) =>
      ruleFileSchema.parse(parse(readFileSync(new URL(`rules/${name}`, import.meta.url), 'utf8'))),
    ),
  );
  return shared;
}
