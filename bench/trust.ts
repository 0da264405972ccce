import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type Judged, judged, type Trust, trust, trustFile } from '../src/summary/trust.ts';
import { places, wording, wordingFile } from '../src/summary/wording.ts';
import { type Case, casesOf, isWord, rightlySilent, wordAt } from './trust/cases.ts';
import { held, type Judge, judgeOf, type Verdict } from './trust/learn.ts';

/**
 * `npm run calibrate -- <folder> … [--only=cause,impact] [--about=folder,…] [--picks] [--write]`: reads conversations
 * with their expected facts, learns from them what each sign and each word of a statement is worth (log-odds, held
 * small), and prints how right the facts would be at each threshold on conversations that taught nothing. `<folder>*3`
 * counts a folder's conversations three times; `--about` prints the figures of those folders alone; `--picks` prints
 * what would be said. With `--write` the weights go into `src/summary/rules/`, fact by fact, since causes are judged by
 * the deeds around them and deeds by their own words.
 */

/** How many facts left open one wrong fact is worth: a reader sees what is open, and is misled by what is wrong. */
const price: Readonly<Record<Judged, number>> = {
  started: 3,
  detected: 2,
  mitigated: 2,
  resolved: 2,
  cause: 3,
  impact: 3,
  action: 0.47,
};

/** Deeds first, then the times, then what is judged by both. */
const order: readonly Judged[] = [
  'action',
  'detected',
  'resolved',
  'mitigated',
  'started',
  'cause',
  'impact',
];

/** The threshold at which what stays open and what is wrong cost least on conversations that taught nothing. */
function thresholdFor(told: readonly Verdict[], fact: Judged): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let threshold = -2; threshold <= 5; threshold += 0.25) {
    const open = told.filter(({ right, score }) => right && score < threshold).length;
    const wrong = told.filter(({ right, score }) => !right && score >= threshold).length;
    if (open + price[fact] * wrong < least) [best, least] = [threshold, open + price[fact] * wrong];
  }
  return best;
}

/** `silent`: whether it is right to say nothing, for every conversation. */
function pointOf(told: readonly Verdict[], silent: ReadonlyMap<string, boolean>, threshold: number): string {
  const possible = Math.max(1, told.filter(({ right }) => right).length);
  const above = told.filter(({ score }) => score >= threshold);
  const right = above.filter((each) => each.right).length;
  const said = new Set(above.map(({ conversation }) => conversation));
  const left = [...silent].filter(([conversation, fine]) => fine && !said.has(conversation)).length;
  const share = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
  const all = silent.size === 0 ? '' : `, told or left open rightly ${share(right + left, silent.size)}`;
  return `${threshold.toFixed(2).padStart(5)}: ${above.length} said, ${above.length - right} wrong, precision ${share(right, above.length)}, recall ${share(right, possible)}${all}`;
}

const thresholds = Array.from({ length: 25 }, (_, step) => step / 4 - 2);

const round = (value: number): number => Math.round(value * 50) / 50;
/** A weight below it changes no answer, and there are many. */
const least = 0.04;

/** The weights that are not nothing, the strongest first. */
function kept(
  weights: ReadonlyMap<string, number>,
  nameOf: (sign: string) => string | null,
): Record<string, number> {
  return Object.fromEntries(
    [...weights]
      .flatMap(([sign, weight]): [string, number][] => {
        const name = nameOf(sign);
        return name === null || Math.abs(weight) < least ? [] : [[name, round(weight)]];
      })
      .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])),
  );
}

const trustHeader = `# What speaks for and against a statement, in the words a reader is given as the reason, and how much: the sum of a
# statement's weights and the base is its score, and what scores below the threshold is shown as a candidate and not
# taken over. "rivals" is what other statements for the same fact add. The numbers are learnt from labelled
# conversations, in log-odds: npm run calibrate -- <folder> … --write
`;
const wordingHeader = `// How much a word, or two words side by side, speaks for a fact, in log-odds: in the statement itself (words), in the
// message right before or after it, and in the author's name. Chinese counts by characters; English words stand without their endings; # is any
// number, ^ a beginning, $ an end, | a pause. Learnt together with trust.yaml.
`;

function write(fact: Judged, judge: Judge, threshold: number): void {
  const nextTrust: Trust = structuredClone(trust());
  nextTrust[fact] = {
    base: round(judge.base),
    threshold,
    signs: kept(judge.weights, (sign) => (isWord(sign) ? null : sign)),
    rivals: kept(judge.rivals, (sign) => sign),
  };
  writeFileSync(trustFile, `${trustHeader}${stringify(nextTrust, { lineWidth: 110 })}`);
  const lines = judged.flatMap((each) =>
    places.flatMap((place) => {
      const weights =
        each === fact
          ? Object.entries(kept(judge.weights, (sign) => wordAt(place, sign)))
          : [...wording()[each][place]];
      return weights.map(([gram, weight]) => `${each}\t${place}\t${gram}\t${weight}`);
    }),
  );
  writeFileSync(wordingFile, `${wordingHeader}${lines.join('\n')}\n`);
}

const asked = process.argv.slice(2);
const listed = (name: string): readonly string[] | undefined =>
  asked
    .find((each) => each.startsWith(`--${name}=`))
    ?.slice(name.length + 3)
    .split(',');
const folders = asked.filter((each) => !each.startsWith('--'));
const about = listed('about');
const only = listed('only');
const facts = order.filter((fact) => only === undefined || only.includes(fact));

function calibrate(fact: Judged): void {
  const cases: Case[] = casesOf(folders, fact);
  if (cases.length === 0) return;
  console.log(`${fact}: ${cases.length} candidates, ${cases.filter(({ right }) => right).length} right`);
  const concerned = (conversation: string): boolean =>
    about === undefined || about.includes(conversation.split('/')[0] ?? '');
  const told = held(cases, fact);
  const shown = told.filter(({ conversation }) => concerned(conversation));
  const silent = [...rightlySilent(folders, fact)].filter(([conversation]) => concerned(conversation));
  for (const threshold of thresholds) console.log(`  ${pointOf(shown, new Map(silent), threshold)}`);
  if (asked.includes('--picks'))
    for (const { right, score, conversation, value } of shown.toSorted((a, b) => b.score - a.score))
      console.log(
        `  ${right ? 'right' : 'wrong'} ${score.toFixed(1)} ${conversation}: ${value.slice(0, 110)}`,
      );
  const threshold = thresholdFor(shown, fact);
  console.log(`  cheapest at ${pointOf(shown, new Map(silent), threshold)}`);
  if (asked.includes('--write')) write(fact, judgeOf(cases, fact), threshold);
}

// What is written for one fact is read for the next, by a process that has not yet read the weights.
const [first, ...others] = facts;
if (first !== undefined) calibrate(first);
if (others.length > 0) {
  const kept = asked.filter((each) => !each.startsWith('--only='));
  execFileSync(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(import.meta.url), ...kept, `--only=${others.join(',')}`],
    { stdio: 'inherit' },
  );
}
