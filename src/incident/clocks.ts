import type { Instant } from './events.ts';
import type { ClockId, ClockLimit, ClockReading, ClockRule, Moment, Plan, Words } from './plan.ts';
import type { Incident } from './state.ts';

const MINUTE = 60_000;

/**
 * - `waiting`: its start has not happened; `running`; `paused` (confirmed by the customer's side);
 * - `overdue`: running past its deadline; `met` and `missed`: stopped in time or late;
 * - `void`: no longer needed, the incident ended another way.
 */
export type ClockStatus = 'waiting' | 'running' | 'paused' | 'overdue' | 'met' | 'missed' | 'void';

export interface OtherReading {
  readonly reading: string;
  readonly title: Words;
  readonly deadline: Instant | null;
  readonly minutes: number;
}

export interface Clock<Id extends string = ClockId> {
  readonly id: Id;
  /** Names this run of the clock: same start, same limit. */
  readonly key: string;
  readonly title: Words;
  readonly line: string;
  readonly reading: string;
  readonly readingTitle: Words;
  readonly minutes: number;
  readonly startedAt: Instant | null;
  readonly deadline: Instant | null;
  readonly stoppedAt: Instant | null;
  /** Time between start and stop (or now), milliseconds; `net` without the confirmed pauses. */
  readonly gross: number;
  readonly net: number;
  /** Share of the limit that is used up, 1 at the deadline. */
  readonly used: number;
  readonly status: ClockStatus;
  readonly pause: { readonly from: Instant; readonly reason: string; readonly confirmed: boolean } | null;
  readonly others: readonly OtherReading[];
}

/** All clocks that apply to the incident at `now`, in the plan's order. Derived, never stored as truth. */
export function clocks(incident: Incident, plan: Plan, now: Instant): readonly Clock[] {
  return plan.clocks.flatMap((rule) => {
    if (!applies(rule, incident)) return [];
    const chosen = chosenReading(rule, incident);
    const limit = chosen && limitFor(chosen, incident);
    return chosen && limit ? [run(rule, chosen, limit.minutes, incident, plan, now)] : [];
  });
}

function applies(rule: ClockRule, incident: Incident): boolean {
  if (rule.accountability && rule.accountability !== incident.accountability) return false;
  if (rule.onSiteOnly && incident.remoteOnly) return false;
  return !rule.kinds || rule.kinds.includes(incident.kind);
}

function chosenReading(rule: ClockRule, incident: Incident): ClockReading | undefined {
  const id = incident.severity ? rule.chosen?.[incident.severity] : undefined;
  return rule.readings.find((reading) => reading.id === id) ?? rule.readings[0];
}

/** Before a person confirmed a severity, limits that name severities wait; blue is not assumed. */
export function limitFor(reading: ClockReading, incident: Incident): ClockLimit | undefined {
  return reading.limits.find(
    (limit) =>
      (!limit.severities || (incident.severity !== null && limit.severities.includes(incident.severity))) &&
      (limit.systemDown === undefined || limit.systemDown === incident.systemDown) &&
      (limit.specialTime === undefined || limit.specialTime === incident.specialTime),
  );
}

function momentOf(moment: Moment, incident: Incident, plan: Plan): Instant | null {
  if (moment !== 'last-tier-engaged') return incident.moments[moment]?.at ?? null;
  const last = Math.max(...plan.tiers.map((tier) => tier.tier));
  const times = incident.tiers
    .filter((one) => one.tier === last && one.engagedAt !== null)
    .map((one) => one.engagedAt ?? 0);
  return times.length > 0 ? Math.min(...times) : null;
}

function startOf(rule: ClockRule, reading: ClockReading, incident: Incident, plan: Plan): Instant | null {
  const moment = incident.remoteOnly && reading.startsRemote ? reading.startsRemote : reading.starts;
  const start = momentOf(moment, incident, plan);
  if (start === null || !rule.repeats) return start;
  return Math.max(start, momentOf(rule.stops, incident, plan) ?? start);
}

/** Confirmed pauses that overlap the run, milliseconds up to `end`. */
function pausedWithin(clock: ClockId, incident: Incident, start: Instant, end: Instant): number {
  return incident.pauses
    .filter((pause) => pause.clock === clock && pause.confirmedBy !== null)
    .reduce(
      (sum, pause) => sum + Math.max(0, Math.min(pause.to ?? end, end) - Math.max(pause.from, start)),
      0,
    );
}

function run(
  rule: ClockRule,
  reading: ClockReading,
  minutes: number,
  incident: Incident,
  plan: Plan,
  now: Instant,
): Clock {
  const startedAt = startOf(rule, reading, incident, plan);
  const stop = momentOf(rule.stops, incident, plan);
  const stoppedAt = rule.repeats || startedAt === null ? null : stop;
  const end = Math.max(stoppedAt ?? now, startedAt ?? now);
  const gross = startedAt === null ? 0 : end - startedAt;
  const paused = startedAt === null ? 0 : pausedWithin(rule.id, incident, startedAt, end);
  const limit = minutes * MINUTE;
  const open = incident.pauses.find((pause) => pause.clock === rule.id && pause.to === null) ?? null;
  const deadline = startedAt === null ? null : startedAt + limit + paused;
  return {
    id: rule.id,
    key: `${rule.id}@${startedAt ?? '-'}/${minutes}`,
    title: rule.title,
    line: rule.line,
    reading: reading.id,
    readingTitle: reading.title,
    minutes,
    startedAt,
    deadline,
    stoppedAt,
    gross,
    net: gross - paused,
    used: (gross - paused) / limit,
    status: statusOf(rule, incident, plan, {
      startedAt,
      stoppedAt,
      deadline,
      now,
      open: open?.confirmedBy != null,
    }),
    pause: open ? { from: open.from, reason: open.reason, confirmed: open.confirmedBy !== null } : null,
    others: otherReadings(rule, reading, incident, plan, now),
  };
}

function statusOf(
  rule: ClockRule,
  incident: Incident,
  plan: Plan,
  at: {
    startedAt: Instant | null;
    stoppedAt: Instant | null;
    deadline: Instant | null;
    now: Instant;
    open: boolean;
  },
): ClockStatus {
  if (at.stoppedAt !== null && at.deadline !== null) return at.stoppedAt <= at.deadline ? 'met' : 'missed';
  const ended = rule.endsWith ? momentOf(rule.endsWith, incident, plan) : null;
  const closedEarly = incident.status === 'closed' && incident.closedAs !== 'done';
  if (closedEarly) return 'void';
  if (ended !== null) return at.deadline !== null && ended > at.deadline ? 'missed' : 'void';
  if (at.startedAt === null || at.deadline === null) return 'waiting';
  if (at.open) return 'paused';
  return at.now > at.deadline ? 'overdue' : 'running';
}

function otherReadings(
  rule: ClockRule,
  chosen: ClockReading,
  incident: Incident,
  plan: Plan,
  now: Instant,
): readonly OtherReading[] {
  return rule.readings
    .filter((reading) => reading !== chosen)
    .flatMap((reading) => {
      const limit = limitFor(reading, incident);
      if (!limit) return [];
      const start = startOf(rule, reading, incident, plan);
      const deadline =
        start === null ? null : start + limit.minutes * MINUTE + pausedWithin(rule.id, incident, start, now);
      return [{ reading: reading.id, title: reading.title, deadline, minutes: limit.minutes }];
    });
}

export interface Threshold {
  readonly clock: Clock;
  readonly percent: number;
  readonly at: Instant;
}

/** When each threshold of a running clock comes, whether or not it has been announced. */
export function thresholds(clock: Clock, plan: Plan): readonly Threshold[] {
  if ((clock.status !== 'running' && clock.status !== 'overdue') || clock.deadline === null) return [];
  const deadline = clock.deadline;
  return [...plan.warnAt, 100].map((percent) => ({
    clock,
    percent,
    at: deadline - clock.minutes * MINUTE * (1 - percent / 100),
  }));
}

/** The worst of what the room should see first: overdue, then the most used share. */
export function mostUrgent<C extends Pick<Clock, 'status' | 'used'>>(all: readonly C[]): C | null {
  const live = all.filter((clock) => clock.status === 'running' || clock.status === 'overdue');
  return live.reduce<C | null>(
    (worst, clock) => (worst === null || clock.used > worst.used ? clock : worst),
    null,
  );
}
