import { createHash } from 'node:crypto';
import { rivalSigns, strongestOf } from '../../src/summary/rivals.ts';
import { type Judged, judged } from '../../src/summary/trust.ts';
import { type Case, isWord } from './cases.ts';

const folds = 10;
const rounds = 30;
/** How strongly weights are held near zero: the prior variance of a weight, in log-odds squared. */
const spread = 0.3;
/** Words are many, and each is met seldom. */
const wordSpread = 0.1;
const rivalSpread = 1;
/** A sign met in fewer conversations than this is worth nothing yet. */
const fewest = 3;
const fewestWords = 5;

/** The facts of which one is said, so that the statements for it stand against each other. */
const rivalled: ReadonlySet<Judged> = new Set(judged.filter((fact) => fact !== 'action'));

export interface Weights {
  base: number;
  weights: Map<string, number>;
}

/** What was learnt of one fact: of statements by themselves, and of what their rivals take from them. */
export interface Judge extends Weights {
  rivals: Map<string, number>;
}

interface Row {
  conversation: string;
  features: readonly string[];
  right: boolean;
  times: number;
  /** What is known before the features are looked at, in log-odds. */
  already: number;
}

const priorOf = (feature: string): number => (isWord(feature) ? wordSpread : spread);

/** Logistic regression by coordinates: the weights that make the rows likeliest, each pulled towards zero. */
function learn(rows: readonly Row[], withBase: boolean, prior: (feature: string) => number): Weights {
  const met = new Map<string, { conversations: Set<string>; rows: number[] }>();
  rows.forEach(({ features, conversation }, row) => {
    for (const feature of features) {
      const seen = met.get(feature) ?? { conversations: new Set(), rows: [] };
      seen.conversations.add(conversation);
      seen.rows.push(row);
      met.set(feature, seen);
    }
  });
  const columns = [...met]
    .filter(([feature, { conversations }]) => conversations.size >= (isWord(feature) ? fewestWords : fewest))
    .map(([feature, seen]) => ({
      feature,
      rows: Int32Array.from(seen.rows),
      pull: 1 / prior(feature),
      weight: 0,
    }));
  const sums = Float64Array.from(rows, ({ already }) => already);
  const right = Float64Array.from(rows, (row) => (row.right ? 1 : 0));
  const times = Float64Array.from(rows, (row) => row.times);
  let base = 0;
  const step = (list: Int32Array, now: number, pull: number): number => {
    let slope = -now * pull;
    let bend = pull;
    for (const row of list) {
      const p = 1 / (1 + Math.exp(-(base + (sums[row] ?? 0))));
      slope += (times[row] ?? 0) * ((right[row] ?? 0) - p);
      bend += (times[row] ?? 0) * p * (1 - p);
    }
    return Math.max(-1, Math.min(1, slope / bend));
  };
  const all = Int32Array.from(rows, (_, row) => row);
  for (let round = 0; round < rounds; round += 1) {
    if (withBase) base += step(all, 0, 1e-6);
    for (const column of columns) {
      const move = step(column.rows, column.weight, column.pull);
      column.weight += move;
      for (const row of column.rows) sums[row] = (sums[row] ?? 0) + move;
    }
  }
  return { base, weights: new Map(columns.map(({ feature, weight }) => [feature, weight])) };
}

const scored = ({ base, weights }: Weights, features: readonly string[]): number =>
  features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), base);

const foldOf = (conversation: string): number =>
  (createHash('md5').update(conversation).digest()[0] ?? 0) % folds;

const asRow = (each: Case): Row => ({ ...each, already: 0 });

/** Each case by weights that were learnt from the other conversations. */
function heldOut(cases: readonly Case[]): Case[] {
  const out: Case[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const learnt = learn(
      cases.filter(({ conversation }) => foldOf(conversation) !== fold).map(asRow),
      true,
      priorOf,
    );
    for (const each of cases)
      if (foldOf(each.conversation) === fold) out.push({ ...each, alone: scored(learnt, each.features) });
  }
  return out;
}

/** The strongest cases of each conversation, with what the others take from them. */
function rivalRows(cases: readonly Case[]): (Row & { value: string })[] {
  const together = new Map<string, Case[]>();
  for (const each of cases) {
    const group = together.get(each.conversation) ?? [];
    group.push(each);
    together.set(each.conversation, group);
  }
  return [...together.values()].flatMap((group) => {
    const strongest = strongestOf(group);
    return strongest.map((each) => ({ ...each, features: rivalSigns(each, strongest), already: each.alone }));
  });
}

const rivalPrior = (): number => rivalSpread;

/** What would be said, and whether it is right. */
export interface Verdict {
  conversation: string;
  value: string;
  right: boolean;
  score: number;
}

/** What would be said of each conversation by weights learnt from the others: every deed, but one cause and one harm. */
export function held(cases: readonly Case[], fact: Judged): Verdict[] {
  const alone = heldOut(cases);
  if (!rivalled.has(fact)) {
    return alone.map(({ conversation, value, right, alone: score }) => ({
      conversation,
      value,
      right,
      score,
    }));
  }
  const rows = rivalRows(alone);
  return best(
    Array.from({ length: folds }, (_, fold) => {
      const others = rows.filter(({ conversation }) => foldOf(conversation) !== fold);
      const learnt = learn(others, false, rivalPrior);
      return rows
        .filter(({ conversation }) => foldOf(conversation) === fold)
        .map(({ conversation, value, right, features, already }) => ({
          conversation,
          value,
          right,
          score: already + scored(learnt, features),
        }));
    }).flat(),
  );
}

function best(told: readonly Verdict[]): Verdict[] {
  const said = new Map<string, Verdict>();
  for (const each of told) {
    const before = said.get(each.conversation);
    if (before === undefined || each.score > before.score) said.set(each.conversation, each);
  }
  return [...said.values()];
}

/** Learnt from all conversations; the rivals from what each statement is worth by weights it did not teach. */
export function judgeOf(cases: readonly Case[], fact: Judged): Judge {
  const alone = learn(cases.map(asRow), true, priorOf);
  const rivals = rivalled.has(fact)
    ? learn(rivalRows(heldOut(cases)), false, rivalPrior).weights
    : new Map<string, number>();
  return { ...alone, rivals };
}
