import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { explain } from '../src/summary/index.ts';
import { type Judged, judged, type Trust, trust, trustFile, type Weighed } from '../src/summary/trust.ts';
import { type Sample, sameThing, sameTime, samplesIn } from '../test/summary/score.ts';

/**
 * `npm run calibrate -- <folder> … [--write]`: reads conversations with their expected facts, learns from them what
 * each sign of a statement is worth (log-odds, held small), and prints how precise the facts would be at each threshold
 * on conversations that the weights were not learnt from. With `--write` weights go into `src/summary/rules/trust.yaml`
 * and the thresholds at which
 * wrong and open facts cost least. `<folder>*3` counts a folder's conversations three times.
 */

interface Case {
  conversation: string;
  value: string;
  signs: readonly string[];
  right: boolean;
  times: number;
}

const folds = 10;
/** How strongly weights are held near zero: the prior variance of a weight, in log-odds squared. */
const spread = 0.6;
/** A sign met in fewer conversations than this is worth nothing yet. */
const fewest = 3;

function wantedOf(sample: Sample, fact: Judged): (value: string) => boolean | null {
  const { expected } = sample;
  if (fact === 'action') {
    return (value) =>
      expected.actions.some((action) => sameThing(value, action.value)) ||
      ((expected.accept.actions ?? []).some((each) => each !== null && sameThing(value, each))
        ? null
        : false);
  }
  if (expected.unscored.includes(fact)) return () => null;
  const values = [expected[fact]?.value ?? null, ...(expected.accept[fact] ?? [])].filter(
    (value) => value !== null,
  );
  const same = fact === 'cause' || fact === 'impact' ? sameThing : sameTime;
  return (value) => values.some((each) => same(value, each));
}

function casesOf(folders: readonly string[], fact: Judged): Case[] {
  return folders.flatMap((given) => {
    const [folder = '', times = '1'] = given.split('*');
    return samplesIn(folder).flatMap((sample) => {
      const wanted = wantedOf(sample, fact);
      const { falseAlarm, weighed } = explain(sample.messages);
      if (falseAlarm !== null && fact !== 'action' && fact !== 'detected') return [];
      const found: (Weighed & { value: string })[] = weighed[fact];
      return found.flatMap(({ value, signs }) => {
        const right = wanted(value);
        const conversation = `${basename(folder)}/${sample.id}`;
        return right === null ? [] : [{ conversation, value, signs, right, times: Number(times) }];
      });
    });
  });
}

interface Learnt {
  threshold: number;
  base: number;
  weights: Map<string, number>;
}

/** Logistic regression by coordinates: the weights that make the cases likeliest, each pulled towards zero. */
function learn(cases: readonly Case[]): Learnt {
  const met = new Map<string, Set<string>>();
  for (const { signs, conversation } of cases) {
    for (const sign of signs) {
      const seen = met.get(sign) ?? new Set();
      met.set(sign, seen.add(conversation));
    }
  }
  const rows = new Map<string, number[]>();
  for (const [sign, seen] of met) if (seen.size >= fewest) rows.set(sign, []);
  cases.forEach(({ signs }, row) => {
    for (const sign of signs) rows.get(sign)?.push(row);
  });
  const weights = new Map<string, number>([...rows.keys()].map((sign) => [sign, 0]));
  const sums = new Float64Array(cases.length);
  let base = 0;
  const step = (list: readonly number[], now: number, pull: number): number => {
    let slope = -now * pull;
    let bend = pull;
    for (const row of list) {
      const each = cases[row];
      if (each === undefined) continue;
      const p = 1 / (1 + Math.exp(-(base + (sums[row] ?? 0))));
      slope += each.times * ((each.right ? 1 : 0) - p);
      bend += each.times * p * (1 - p);
    }
    return Math.max(-1, Math.min(1, slope / bend));
  };
  const all = cases.map((_, row) => row);
  for (let round = 0; round < 60; round += 1) {
    base += step(all, 0, 1e-6);
    for (const [sign, list] of rows) {
      const now = weights.get(sign) ?? 0;
      const move = step(list, now, 1 / spread);
      weights.set(sign, now + move);
      for (const row of list) sums[row] = (sums[row] ?? 0) + move;
    }
  }
  return { threshold: 0, base, weights };
}

const scored = ({ base, weights }: Pick<Learnt, 'base' | 'weights'>, signs: readonly string[]): number =>
  signs.reduce((sum, sign) => sum + (weights.get(sign) ?? 0), base);

const foldOf = (conversation: string): number =>
  (createHash('md5').update(conversation).digest()[0] ?? 0) % folds;

interface Told extends Case {
  score: number;
}

/** What would be said of each conversation by weights learnt from the others: every deed, but one cause and one harm. */
function held(cases: readonly Case[], fact: Judged): Told[] {
  const told: Told[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    const learnt = learn(cases.filter(({ conversation }) => foldOf(conversation) !== fold));
    for (const each of cases) {
      if (foldOf(each.conversation) === fold) told.push({ ...each, score: scored(learnt, each.signs) });
    }
  }
  if (fact === 'action') return told;
  const best = new Map<string, Told>();
  for (const each of told) {
    const before = best.get(each.conversation);
    if (before === undefined || each.score >= before.score) best.set(each.conversation, each);
  }
  return [...best.values()];
}

/** How many facts left open one wrong fact is worth: a reader sees what is open, and is misled by what is wrong. */
const price: Readonly<Record<Judged, number>> = {
  started: 10,
  detected: 7,
  mitigated: 10,
  resolved: 10,
  cause: 6,
  impact: 7,
  action: 0.47,
};

/** The threshold at which what stays open and what is wrong cost least on conversations that taught nothing. */
function thresholdFor(told: readonly Told[], fact: Judged): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let threshold = -2; threshold <= 5; threshold += 0.25) {
    const open = told.filter(({ right, score }) => right && score < threshold).length;
    const wrong = told.filter(({ right, score }) => !right && score >= threshold).length;
    if (open + price[fact] * wrong < least) [best, least] = [threshold, open + price[fact] * wrong];
  }
  return best;
}

function curve(told: readonly Told[]): string[] {
  const possible = Math.max(1, told.filter(({ right }) => right).length);
  const lines: string[] = [];
  for (let threshold = -2; threshold <= 4; threshold += 0.25) {
    const above = told.filter(({ score }) => score >= threshold);
    const right = above.filter((each) => each.right).length;
    if (above.length === 0) continue;
    lines.push(
      `  ${threshold.toFixed(2).padStart(5)}: ${above.length} said, ${above.length - right} wrong, precision ${((100 * right) / above.length).toFixed(1)} %, recall ${((100 * right) / possible).toFixed(1)} %`,
    );
  }
  return lines;
}

/** What would be said and is wrong, the surest first, and what speaks for it. */
const wrongOf = (told: readonly Told[], fact: Judged): string[] =>
  told
    .filter(({ right, score }) => !right && score >= trust()[fact].threshold)
    .sort((a, b) => b.score - a.score)
    .map(
      ({ conversation, value, score, signs }) =>
        `  wrong ${score.toFixed(1)} ${conversation}: ${value.slice(0, 120)} [${signs.join(', ')}]`,
    );

const round = (value: number): number => Math.round(value * 10) / 10;

function written(before: Trust, learnt: Map<Judged, Learnt>): Trust {
  const next: Trust = structuredClone(before);
  for (const [fact, { base, weights, threshold }] of learnt) {
    const signs: Trust[Judged]['signs'] = {};
    for (const [sign, weight] of [...weights].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))) {
      if (round(weight) !== 0) signs[sign] = round(weight);
    }
    next[fact] = { base: round(base), threshold, signs };
  }
  return next;
}

const header = `# What speaks for and against a statement, in the words a reader is given as the reason, and how much: the sum of a
# statement's weights and the base is its score, and what scores below the threshold is shown as a candidate and not
# taken over. The numbers are learnt from labelled conversations: npm run calibrate -- <folder> … --write
`;

const asked = process.argv.slice(2);
const folders = asked.filter((each) => !each.startsWith('--'));
const only = asked
  .find((each) => each.startsWith('--only='))
  ?.slice(7)
  .split(',');
const learnt = new Map<Judged, Learnt>();
for (const fact of judged) {
  if (only !== undefined && !only.includes(fact)) continue;
  const cases = casesOf(folders, fact);
  if (cases.length === 0) continue;
  console.log(`${fact}: ${cases.length} candidates, ${cases.filter(({ right }) => right).length} right`);
  const told = held(cases, fact);
  for (const line of curve(told)) console.log(line);
  if (asked.includes('--wrong')) for (const line of wrongOf(told, fact)) console.log(line);
  const threshold = thresholdFor(told, fact);
  console.log(`  cheapest threshold ${threshold}`);
  learnt.set(fact, { ...learn(cases), threshold });
}
if (asked.includes('--write'))
  writeFileSync(trustFile, `${header}${stringify(written(trust(), learnt), { lineWidth: 110 })}`);
