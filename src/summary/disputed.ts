import type { CauseCandidate } from './cause.ts';
import type { Recovery } from './course/end.ts';
import type { Moment } from './course/moment.ts';
import type { Explained } from './index.ts';
import type { Fact } from './message.ts';

/** A statement that the summary did not take over, and why: contradictions are shown, not smoothed. */
export interface Disputed extends Pick<Fact, 'value' | 'cites'> {
  about: 'started' | 'detected' | 'resolved' | 'cause' | 'impact';
  /** other: it says something else than the one taken; unused: none was taken; relapsed: it came back afterwards. */
  state: CauseCandidate['state'] | 'other' | 'unused' | 'relapsed';
  /** The value is an ISO time. */
  time: boolean;
}

/** Each kind has room for this many; a channel of years repeats itself. */
const most = 10;
const over: ReadonlySet<Recovery['degree']> = new Set(['mitigated', 'recovered', 'full', 'closed']);

export function disputedOf({ summary, falseAlarm, candidates }: Explained): Disputed[] {
  const times = (['started', 'detected'] as const).flatMap((about) =>
    falseAlarm ? [] : otherTimes(about, candidates[about], summary[about]),
  );
  const back = candidates.recovered.filter(({ degree }) => degree === 'again' || degree === 'lost');
  const relapsed = candidates.recovered
    .filter((each) => over.has(each.degree) && back.some(({ index }) => index > each.index))
    .filter(({ value }) => value !== summary.mitigated?.value && value !== summary.resolved?.value)
    .map(({ value, cites }) => ({ about: 'resolved', value, cites, state: 'relapsed', time: true }) as const);
  const causes = candidates.cause
    .filter(({ value }) => value !== summary.cause?.value)
    .slice(0, 40)
    .map(({ value, cites, state }) => ({ about: 'cause', value, cites, state, time: false }) as const);
  // With nothing taken over, the reader sees the weak hints as well and decides for himself.
  const believed =
    summary.resolved !== null || falseAlarm
      ? []
      : candidates.recovered
          .filter(({ degree, value }) => degree === 'believed' && value !== summary.mitigated?.value)
          .map(
            ({ value, cites }) => ({ about: 'resolved', value, cites, state: 'unused', time: true }) as const,
          );
  const harmState = summary.impact === null ? 'unused' : 'other';
  const counts = candidates.impact
    .filter(
      ({ value, weight }) => (summary.impact === null || weight >= 5) && value !== summary.impact?.value,
    )
    .map(({ value, cites }) => ({ about: 'impact', value, cites, state: harmState, time: false }) as const);
  return [...times, ...first(relapsed), ...first(believed), ...causes, ...first(counts)];
}

function otherTimes(
  about: 'started' | 'detected',
  moments: readonly Moment[],
  fact: Fact | null,
): Disputed[] {
  const state = fact === null ? 'unused' : 'other';
  return first(
    moments
      .filter((moment) => moment.stated && moment.value !== fact?.value)
      .map(({ value, cites }) => ({ about, value, cites, state, time: true })),
  );
}

/** The first few that differ. */
function first<T extends Disputed>(list: readonly T[]): T[] {
  return list.filter(({ value }, at) => list.findIndex((each) => each.value === value) === at).slice(0, most);
}
