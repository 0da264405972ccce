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
  'touch',
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
}

/** Bounded gaps keep every pattern linear in the length of the text. */
const chineseGap = '[^，。！？；\\n]{0,8}?';
const englishGap = '[^.,;!?\\n]{1,40}?';

function quoted(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[A-Za-z0-9]/.test(character);

function patternOf(phrase: string): string {
  const stem = phrase.endsWith('*') ? phrase.slice(0, -1).trimEnd() : phrase;
  const gap = /[^\x20-\x7e…]/.test(phrase) ? chineseGap : englishGap;
  const body = stem.split('…').map(quoted).join(gap);
  const before = isWordCharacter(stem[0]) && gap === englishGap ? '(?<![A-Za-z0-9])' : '';
  const last = stem.at(-1);
  const after =
    gap === englishGap && isWordCharacter(last)
      ? phrase.endsWith('*')
        ? '[a-z]{0,8}(?![A-Za-z0-9])'
        : '(?![A-Za-z0-9])'
      : '';
  return before + body + after;
}

/**
 * All phrases of all languages as one alternation, longest first, so that a message is read once. Most talk in a
 * room holds no phrase at all and costs one pass of the engine's own literal search.
 */
export class Lexicon {
  private readonly scanner: RegExp;
  private readonly finder: RegExp;
  private readonly literal = new Map<string, Meaning[]>();
  private readonly shaped: { pattern: RegExp; meanings: Meaning[] }[] = [];
  private readonly seen = new Map<string, readonly Meaning[]>();

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
      if (phrase.includes('…') || phrase.endsWith('*')) {
        this.shaped.push({ pattern: new RegExp(`^(?:${patternOf(phrase)})$`, 'i'), meanings });
      } else {
        this.literal.set(phrase, meanings);
      }
    }
    // Of two phrases of one length the exact one is tried before the one with a gap.
    const reach = (phrase: string): number => phrase.length - (phrase.includes('…') ? 1.5 : 0);
    const longestFirst = [...byPhrase.keys()].sort((a, b) => reach(b) - reach(a) || (a < b ? -1 : 1));
    this.scanner = new RegExp(longestFirst.map(patternOf).join('|'), 'gi');
    this.finder = new RegExp(this.scanner.source, 'i');
  }

  /** Whether any phrase occurs at all; looks at no more than the first 20,000 characters. */
  matches(text: string): boolean {
    return this.finder.test(text.length > 20_000 ? text.slice(0, 20_000) : text);
  }

  scan(text: string): Hit[] {
    const hits: Hit[] = [];
    this.scanner.lastIndex = 0;
    for (let match = this.scanner.exec(text); match !== null; match = this.scanner.exec(text)) {
      const found = match[0];
      if (found.length === 0) {
        this.scanner.lastIndex += 1;
        continue;
      }
      hits.push({ start: match.index, end: match.index + found.length, meanings: this.meaningsOf(found) });
    }
    return hits;
  }

  private meaningsOf(found: string): readonly Meaning[] {
    const key = found.toLowerCase();
    const known = this.literal.get(key) ?? this.seen.get(key);
    if (known !== undefined) return known;
    const meanings = this.shaped
      .filter((shape) => shape.pattern.test(found))
      .flatMap((shape) => shape.meanings);
    if (this.seen.size < 10_000) this.seen.set(key, meanings);
    return meanings;
  }
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
