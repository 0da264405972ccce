import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Fact, type Message, type Summary, summarize } from '../../src/summary/index.ts';
import { messageSchema } from '../../src/summary/message.ts';
import { coverage, topicTokens } from '../../src/summary/tokens.ts';

const expectedFact = z.object({ value: z.string(), cites: z.array(z.number()).default([]) }).nullable();
const timeFacts = ['started', 'detected', 'mitigated', 'resolved'] as const;
const textFacts = ['cause', 'impact'] as const;

const sampleSchema = z.object({
  id: z.string(),
  messages: z.array(messageSchema),
  expected: z.object({
    started: expectedFact,
    detected: expectedFact,
    mitigated: expectedFact,
    resolved: expectedFact,
    cause: expectedFact,
    impact: expectedFact,
    actions: z.array(z.object({ value: z.string() })),
    accept: z.record(z.string(), z.array(z.string().nullable())).default({}),
    unscored: z.array(z.string()).default([]),
  }),
});

export type Sample = z.infer<typeof sampleSchema>;

export function samplesIn(folder: string): Sample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => sampleSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/** right: as expected (a rightly null one too); open: null where a value was expected; wrong: a value that is not there. */
export type Verdict = 'right' | 'open' | 'wrong' | 'unscored';

export interface Score {
  id: string;
  verdicts: Record<(typeof timeFacts)[number] | (typeof textFacts)[number], Verdict>;
  got: Summary;
  actions: { expected: number; found: number; recalled: number; precise: number };
}

export function sameTime(got: string, wanted: string): boolean {
  if (got === wanted) return true;
  if (/^\d{4}-\d\d-\d\d$/.test(wanted) || /^\d{4}-\d\d-\d\d$/.test(got)) {
    return (
      got.slice(0, 10) === wanted.slice(0, 10) &&
      /^\d{4}-\d\d-\d\d(?:T00:00:00.*)?$/.test(got) &&
      /^\d{4}-\d\d-\d\d(?:T00:00:00.*)?$/.test(wanted)
    );
  }
  return Date.parse(got) === Date.parse(wanted);
}

const numbersIn = (text: string): string[] => text.match(/\d+(?:\.\d+)?/g) ?? [];

/** Two wordings of one thing: most of the shorter one's words are in the longer. */
export function sameThing(got: string, wanted: string): boolean {
  const left = topicTokens(got);
  const right = topicTokens(wanted);
  return Math.max(coverage(left, right), coverage(right, left)) >= 0.5;
}

function judge(
  name: string,
  got: Fact | null,
  sample: Sample,
  same: (a: string, b: string) => boolean,
): Verdict {
  const { expected } = sample;
  if (expected.unscored.includes(name)) return 'unscored';
  const wanted = expected[name as (typeof textFacts)[number]];
  const accepted = expected.accept[name] ?? [];
  if (got === null) return wanted === null || accepted.includes(null) ? 'right' : 'open';
  const values = [...(wanted === null ? [] : [wanted.value]), ...accepted.filter((value) => value !== null)];
  return values.some((value) => same(got.value, value)) ? 'right' : 'wrong';
}

/** The cited messages contain the words and the numbers of the value. */
export function isContained(fact: Fact, messages: readonly Message[]): boolean {
  const cited = fact.cites.map((index) => messages[index]?.text ?? '').join('\n');
  return cited.includes(fact.value) && numbersIn(fact.value).every((number) => cited.includes(number));
}

export function score(sample: Sample): Score {
  const got = summarize(sample.messages);
  const { actions } = sample.expected;
  const recalled = actions.filter((action) =>
    got.actions.some((each) => sameThing(each.value, action.value)),
  ).length;
  const precise = got.actions.filter((each) =>
    actions.some((action) => sameThing(each.value, action.value)),
  ).length;
  // What may be told as a deed or not: neither missed nor too much.
  const either = got.actions.filter(
    (each) =>
      !actions.some((action) => sameThing(each.value, action.value)) &&
      (sample.expected.accept.actions ?? []).some((value) => value !== null && sameThing(each.value, value)),
  ).length;
  return {
    id: sample.id,
    got,
    verdicts: {
      started: judge('started', got.started, sample, sameTime),
      detected: judge('detected', got.detected, sample, sameTime),
      mitigated: judge('mitigated', got.mitigated, sample, sameTime),
      resolved: judge('resolved', got.resolved, sample, sameTime),
      cause: judge('cause', got.cause, sample, sameThing),
      impact: judge('impact', got.impact, sample, sameThing),
    },
    actions: { expected: actions.length, found: got.actions.length - either, recalled, precise },
  };
}

export interface Figures {
  conversations: number;
  times: number;
  causeAndImpact: number;
  wrong: string[];
  open: string[];
  recall: number;
  precision: number;
}

/** Shares of right answers, over all conversations; wrong and open ones are named. */
export function figures(scores: readonly Score[]): Figures {
  const share = (names: readonly (keyof Score['verdicts'])[]) => {
    const verdicts = scores
      .flatMap((each) => names.map((name) => each.verdicts[name]))
      .filter((verdict) => verdict !== 'unscored');
    return verdicts.filter((verdict) => verdict === 'right').length / Math.max(1, verdicts.length);
  };
  const named = (wanted: Verdict) =>
    scores.flatMap((each) =>
      [...timeFacts, ...textFacts]
        .filter((name) => each.verdicts[name] === wanted)
        .map((name) => `${each.id} ${name}`),
    );
  const sum = (key: keyof Score['actions']) => scores.reduce((total, each) => total + each.actions[key], 0);
  return {
    conversations: scores.length,
    times: share(timeFacts),
    causeAndImpact: share(textFacts),
    wrong: named('wrong'),
    open: named('open'),
    recall: sum('recalled') / Math.max(1, sum('expected')),
    precision: sum('precise') / Math.max(1, sum('found')),
  };
}
