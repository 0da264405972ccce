import type { IncidentEvent, Instant } from '../incident/events.ts';
import type { ClockReading, ClockRule, Moment, Plan, Severity } from '../incident/plan.ts';

const MINUTE = 60_000;

/** Something the plan wanted at a moment and the record does not show in time. */
export interface Difference {
  readonly what: 'clock' | 'page' | 'tier';
  readonly id: string;
  readonly dueAt: Instant;
  /** When it happened after all; null when it did not. */
  readonly doneAt: Instant | null;
}

/**
 * A second opinion on the deadlines, from the plan's table and the events alone. It shares no code with the
 * clocks that the engine follows, so that a fault there does not hide itself here.
 *
 * Simple on purpose: a deadline is only judged when nothing that could move it (severity, lead or assist,
 * pauses, a withdrawn time) changed after the run of the clock began.
 */
export function audit(
  events: readonly IncidentEvent[],
  plan: Plan,
  now: Instant,
  graceMs: number,
): readonly Difference[] {
  return [
    ...auditClocks(events, plan, now, graceMs),
    ...auditPages(events, now, graceMs),
    ...auditTiers(events, plan, now, graceMs),
  ];
}

const MARKS: Readonly<Partial<Record<IncidentEvent['body']['type'], Moment>>> = {
  IncidentReported: 'reported',
  FirstContactMade: 'first-contact',
  PersonDispatched: 'dispatched',
  PersonArrived: 'on-site',
  AdviceGiven: 'advice-given',
  ServiceRestored: 'restored',
  IncidentResolved: 'resolved',
  StatusUpdated: 'status-updated',
};

function momentOf(event: IncidentEvent): Moment | null {
  const { body } = event;
  if (body.type === 'CauseStated') return body.confirmed ? 'cause-stated' : null;
  if (body.type === 'ReportDelivered') return `${body.report}-report-delivered`;
  return MARKS[body.type] ?? null;
}

const UNSETTLING: ReadonlySet<string> = new Set([
  'AccountabilityChosen',
  'ClockPaused',
  'PauseConfirmed',
  'ClockResumed',
  'MomentWithdrawn',
  'IncidentReopened',
  'IncidentClosed',
]);

interface Facts {
  readonly severity: Severity | null;
  readonly severityAt: Instant;
  readonly unsettledAt: Instant;
  readonly remote: boolean;
  readonly down: boolean;
  readonly special: boolean;
  readonly assist: boolean;
  readonly kind: string;
  readonly first: (moment: Moment) => IncidentEvent | undefined;
  readonly last: (moment: Moment) => IncidentEvent | undefined;
}

function gather(events: readonly IncidentEvent[]): Facts | null {
  const report = events[0]?.body;
  if (report?.type !== 'IncidentReported') return null;
  let severity: Severity | null = null;
  let severityAt = 0;
  let unsettledAt = 0;
  let assist = false;
  for (const event of events) {
    if (event.body.type === 'SeveritySet') {
      severity = event.body.severity;
      severityAt = event.recorded;
    }
    if (event.body.type === 'AccountabilityChosen') assist = event.body.accountability === 'assist';
    if (UNSETTLING.has(event.body.type)) unsettledAt = event.recorded;
  }
  const of = (moment: Moment): readonly IncidentEvent[] =>
    events.filter((event) => momentOf(event) === moment);
  return {
    severity,
    severityAt,
    unsettledAt,
    remote: report.remoteOnly,
    down: report.systemDown,
    special: report.specialTime,
    assist,
    kind: report.kind,
    first: (moment) => of(moment)[0],
    last: (moment) => of(moment).at(-1),
  };
}

function auditClocks(
  events: readonly IncidentEvent[],
  plan: Plan,
  now: Instant,
  grace: number,
): readonly Difference[] {
  const facts = gather(events);
  if (!facts) return [];
  return plan.clocks.flatMap((rule) => {
    const dueAt = deadlineOf(rule, facts);
    if (dueAt === null || dueAt + grace > now) return [];
    const start = startOf(rule, facts);
    if (facts.severityAt > dueAt || (start && facts.unsettledAt >= start.recorded)) return [];
    const stop = facts.first(rule.stops);
    if (!rule.repeats && stop && stop.recorded <= dueAt + grace) return [];
    const end = rule.endsWith ? facts.first(rule.endsWith) : undefined;
    if (end && end.recorded <= dueAt + grace) return [];
    const told = events.find(
      (event) =>
        event.body.type === 'ClockBreached' &&
        event.body.clock === rule.id &&
        Math.abs(event.body.deadline - dueAt) < 1000,
    );
    if (told && told.recorded <= dueAt + grace) return [];
    return [{ what: 'clock' as const, id: rule.id, dueAt, doneAt: told?.recorded ?? null }];
  });
}

function deadlineOf(rule: ClockRule, facts: Facts): Instant | null {
  if (rule.stops === 'last-tier-engaged') return null;
  if (rule.accountability && (rule.accountability === 'assist') !== facts.assist) return null;
  if (rule.kinds && !rule.kinds.some((kind) => kind === facts.kind)) return null;
  if (rule.onSiteOnly && facts.remote) return null;
  const reading = readingOf(rule, facts);
  const limit = reading?.limits.find(
    (one) =>
      (one.severities === undefined ||
        (facts.severity !== null && one.severities.includes(facts.severity))) &&
      (one.systemDown === undefined || one.systemDown === facts.down) &&
      (one.specialTime === undefined || one.specialTime === facts.special),
  );
  if (!reading || !limit) return null;
  const start = startOf(rule, facts);
  if (!start) return null;
  const from = rule.repeats
    ? Math.max(start.occurred, facts.last(rule.stops)?.occurred ?? 0)
    : start.occurred;
  return from + limit.minutes * MINUTE;
}

function readingOf(rule: ClockRule, facts: Facts): ClockReading | undefined {
  const chosen = facts.severity ? rule.chosen?.[facts.severity] : undefined;
  return rule.readings.find((one) => one.id === chosen) ?? rule.readings[0];
}

function startOf(rule: ClockRule, facts: Facts): IncidentEvent | undefined {
  const reading = readingOf(rule, facts);
  return reading && facts.first(facts.remote && reading.startsRemote ? reading.startsRemote : reading.starts);
}

/** Every page that was not answered in time must be followed by a time-out. */
function auditPages(events: readonly IncidentEvent[], now: Instant, grace: number): readonly Difference[] {
  return events.flatMap((event) => {
    const { body } = event;
    if (body.type !== 'PersonPaged' || body.acknowledgeBy + grace > now) return [];
    const answer = events.find(
      (one) =>
        (one.body.type === 'PageAcknowledged' ||
          one.body.type === 'PageDeclined' ||
          one.body.type === 'PageTimedOut' ||
          one.body.type === 'PageWithdrawn') &&
        one.body.page === body.page,
    );
    if (answer && answer.recorded <= body.acknowledgeBy + grace) return [];
    return [
      { what: 'page' as const, id: body.page, dueAt: body.acknowledgeBy, doneAt: answer?.recorded ?? null },
    ];
  });
}

/** L132, L215: while the service is not back, each tier is raised when its time has come. */
function auditTiers(
  events: readonly IncidentEvent[],
  plan: Plan,
  now: Instant,
  grace: number,
): readonly Difference[] {
  const facts = gather(events);
  if (!facts || facts.severity === null) return [];
  const ladder = plan.ladders.find((one) => one.id === plan.severities[facts.severity ?? 'red'].ladder);
  const from = ladder && facts.first(facts.remote && ladder.fromRemote ? ladder.fromRemote : ladder.from);
  if (!ladder || !from) return [];
  const over = events.find((event) =>
    ['ServiceRestored', 'IncidentResolved', 'IncidentClosed'].includes(event.body.type),
  );
  return ladder.raise.flatMap((step) => {
    const dueAt = Math.max(from.occurred + step.minutes * MINUTE, facts.severityAt);
    if (dueAt + grace > now || (over && over.recorded <= dueAt + grace) || facts.unsettledAt > dueAt)
      return [];
    const raised = events.find(
      (event) =>
        (event.body.type === 'TierRaised' || event.body.type === 'TierSkipped') &&
        event.body.tier === step.tier,
    );
    if (raised && raised.recorded <= dueAt + grace) return [];
    return [{ what: 'tier' as const, id: String(step.tier), dueAt, doneAt: raised?.recorded ?? null }];
  });
}
