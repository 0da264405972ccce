import type { CauseCandidate } from './cause.ts';
import type { Recovery } from './course/end.ts';
import type { Moment } from './course/moment.ts';
import type { Explained } from './index.ts';
import type { Fact } from './message.ts';
import { trust } from './trust.ts';

/** A statement that the summary did not take over, and why: contradictions are shown, not smoothed. */
export interface Disputed extends Pick<Fact, 'value' | 'cites'> {
  about: 'started' | 'detected' | 'resolved' | 'cause' | 'impact';
  /** other: it says something else than the one taken; unused: none was taken; relapsed: it came back afterwards. */
  state: CauseCandidate['state'] | 'other' | 'unused' | 'relapsed';
  /** The messages that put it into this state; empty when nothing did but our own doubt. */
  because: readonly number[];
  /** The value is an ISO time. */
  time: boolean;
}

/** Each kind has room for this many; a channel of years repeats itself. */
const most = 10;
const said: ReadonlySet<Recovery['degree']> = new Set(['believed', 'recovered', 'full', 'closed']);
const over: ReadonlySet<Recovery['degree']> = new Set(['mitigated', 'recovered', 'full', 'closed']);

export function disputedOf({ summary, falseAlarm, candidates }: Explained): Disputed[] {
  const times = (['started', 'detected'] as const).flatMap((about) =>
    falseAlarm === null ? otherTimes(about, candidates[about], summary[about]) : [],
  );
  const lastReturn =
    candidates.recovered.findLast(({ degree }) => degree === 'again' || degree === 'lost')?.index ?? -1;
  const causes = candidates.cause
    .filter((each) => each.value !== summary.cause?.value && isWorthShowing(each))
    .slice(0, 40)
    .map((candidate) => otherCause(candidate, summary.cause));
  // With nothing taken over, the reader sees the weak hints as well and decides for himself.
  const believed =
    summary.resolved !== null || falseAlarm !== null
      ? []
      : candidates.recovered
          .filter(({ degree, index }) => said.has(degree) && index > lastReturn)
          .filter(({ value }) => value !== summary.mitigated?.value)
          .map((each) => disputed('resolved', each, 'unused', [], true));
  // Beside a harm that was taken only another count contradicts it; with none, whatever nearly was.
  const harms = candidates.impact
    .filter(
      ({ value, alone, signs }) =>
        value !== summary.impact?.value &&
        (summary.impact === null || (signs.includes('a count') && !signs.includes('reject'))) &&
        alone >= trust().impact.threshold - nearly,
    )
    .map((each) => beside('impact', each, summary.impact, false));
  return [
    ...times,
    ...first(relapsedIn(summary, candidates.recovered)),
    ...first(believed),
    ...causes,
    ...first(harms),
  ];
}

/** What little kept from being taken is shown, in log-odds; a guess that somebody spoke out is shown in any case. */
const nearly = 2;
const affirming: ReadonlySet<string> = new Set([
  'contrast',
  'causeRoot',
  'causeFound',
  'causeLink',
  'causeState',
  'breakage',
]);
/** "数据库没问题" denies a cause, and is none that anybody could have meant. */
const isWorthShowing = ({ signs, alone }: CauseCandidate): boolean =>
  signs.includes('hedge') ||
  (alone >= trust().cause.threshold - nearly &&
    (!signs.includes('deny') || signs.some((sign) => affirming.has(sign))));

const disputed = (
  about: Disputed['about'],
  { value, cites }: Pick<Fact, 'value' | 'cites'>,
  state: Disputed['state'],
  because: readonly number[],
  time: boolean,
): Disputed => ({ about, value, cites, state, because, time });

/** Says something else than the fact that was taken, or was not certain enough to be one. */
const beside = (
  about: Disputed['about'],
  said: Pick<Fact, 'value' | 'cites'>,
  taken: Fact | null,
  time: boolean,
): Disputed => disputed(about, said, taken === null ? 'unused' : 'other', taken?.cites ?? [], time);

function otherCause(candidate: CauseCandidate, taken: Fact | null): Disputed {
  const { state, struckBy } = candidate;
  switch (state) {
    case 'denied':
    case 'retracted':
      return disputed('cause', candidate, state, struckBy === null ? [] : [struckBy], false);
    case 'suspected':
      return disputed('cause', candidate, state, candidate.cites, false);
    case 'confirmed':
      // Of several that were told and none settled, none took the place of another.
      return taken === null
        ? disputed('cause', candidate, 'unused', [], false)
        : disputed('cause', candidate, state, taken.cites, false);
    default: {
      const never: never = state;
      return never;
    }
  }
}

/** Ends that were told and did not last, each with what came after it. */
function relapsedIn(summary: Explained['summary'], recovered: readonly Recovery[]): Disputed[] {
  const lost: Disputed[] = [];
  let back: Recovery | null = null;
  for (const each of recovered.toReversed()) {
    if (each.degree === 'again' || each.degree === 'lost') back = each;
    else if (back !== null && back.index > each.index && over.has(each.degree)) {
      const shown = each.value === summary.mitigated?.value || each.value === summary.resolved?.value;
      if (!shown) lost.push(disputed('resolved', each, 'relapsed', back.cites, true));
    }
  }
  return lost.reverse();
}

function otherTimes(
  about: 'started' | 'detected',
  moments: readonly Moment[],
  fact: Fact | null,
): Disputed[] {
  return first(
    moments
      .filter((moment) => (moment.stated || fact === null) && moment.value !== fact?.value)
      .map((moment) => beside(about, moment, fact, true)),
  );
}

/** The first few that differ. */
function first(list: readonly Disputed[]): Disputed[] {
  return list.filter(({ value }, at) => list.findIndex((each) => each.value === value) === at).slice(0, most);
}
