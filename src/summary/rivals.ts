import type { Evidence } from './evidence.ts';
import { coverage } from './tokens.ts';
import { isBelieved, type Judged, rivalryOf } from './trust.ts';

/** Of so many that are likeliest by themselves each is set against the others. */
const most = 8;
/** In log-odds: what lies closer is as likely, what lies further is likelier by far. */
const close = 1;
const far = 2.5;
/** The share of its words by which a statement is another one told again. */
const alike = 0.3;

export interface Rival extends Evidence {
  /** Position of its message. */
  index: number;
  /** What it is about; of moments nothing, for they are told apart by their times. */
  topic?: ReadonlySet<string>;
}

/** What the other statements for the same fact take from one, or add to it. */
export function rivalSigns(candidate: Rival, strongest: readonly Rival[]): string[] {
  const others = strongest.filter((each) => each !== candidate);
  const best = others.reduce((most, { alone }) => Math.max(most, alone), Number.NEGATIVE_INFINITY);
  const lead = candidate.alone - best;
  const signs = [
    lead > far
      ? 'nothing nearly as likely'
      : lead > close
        ? 'nothing as likely'
        : lead > -close
          ? 'another as likely'
          : 'a likelier one',
  ];
  for (const other of others) {
    if (other.alone < candidate.alone - close) continue;
    const { topic } = candidate;
    const again = topic !== undefined && other.topic !== undefined && coverage(other.topic, topic) >= alike;
    const where =
      other.index > candidate.index ? 'later' : other.index < candidate.index ? 'before' : 'beside it';
    signs.push(again ? `told again ${where}` : `another as likely ${where}`);
  }
  return [...new Set(signs)];
}

/** The likeliest by themselves, from the strongest down. */
export const strongestOf = <T extends Rival>(candidates: readonly T[]): T[] =>
  candidates.toSorted((a, b) => b.alone - a.alone || b.index - a.index).slice(0, most);

/** The statement that most speaks for, the others weighed against it; `believed` when that is enough. */
export function likeliest<T extends Rival>(
  fact: Judged,
  candidates: readonly T[],
): { likeliest: T | null; believed: T | null } {
  const strongest = strongestOf(candidates);
  let best: T | null = null;
  for (const candidate of strongest) {
    candidate.score = candidate.alone + rivalryOf(fact, rivalSigns(candidate, strongest));
    if (best === null || candidate.score > best.score) best = candidate;
  }
  return { likeliest: best, believed: best !== null && isBelieved(fact, best) ? best : null };
}
