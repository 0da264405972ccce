import { type Clock, type ClockStatus, clocks } from './clocks.ts';
import type { Instant } from './events.ts';
import type { ClockId, ClockRule, Plan, Words } from './plan.ts';
import type { Incident, MomentMark, Page } from './state.ts';
import type { Side } from './visibility.ts';

/** One of the plan's clocks, or the answer to a call, which each organisation owes for its own people. */
export type OrgClock = Clock<ClockId | 'acknowledgement'>;

/** Whose eyes: an organisation's with its side, or null where several read the same. */
export type Eyes = { readonly org: string; readonly side: Side | null } | null;

const MINUTE = 60_000;

/** What every organisation owes for itself; escalation and reports are promises of ours. */
const EACH_OWES: readonly ClockId[] = ['arrival', 'diagnosis', 'restore', 'advice'];

const ACKNOWLEDGEMENT: Words = { zh: '应答呼叫', en: 'page acknowledgement' };
const FIRST_CONTACT: Words = { zh: '首次响应（本单位）', en: 'first response of one’s own' };

/** Whether the promises we gave the customer are this reader's business: theirs and ours, nobody else's. */
export function seesContract(eyes: Eyes): boolean {
  return eyes?.side === 'customer' || eyes?.side === 'vendor';
}

/**
 * The clocks a reader sees (plan L247–310): the customer and we see ours, every other organisation the joint ones
 * and its own, and where several read together the joint ones alone.
 */
export function clocksSeenBy(incident: Incident, plan: Plan, now: Instant, eyes: Eyes): readonly OrgClock[] {
  const all = clocks(incident, plan, now);
  if (seesContract(eyes)) return all;
  const joint = all.filter((one) => isJointClock(one.id, plan));
  return eyes === null ? joint : [...joint, ...clocksFor(incident, plan, now, eyes.org)];
}

export function isJointClock(id: ClockId, plan: Plan): boolean {
  return plan.clocks.find((one) => one.id === id)?.scope === 'joint';
}

/**
 * An invited organisation's own clocks, from what its own people did: they run from when it was asked, restoring
 * while it leads and advice while it assists (plan L19, L74, L76). Empty for one that was never asked.
 */
export function clocksFor(incident: Incident, plan: Plan, now: Instant, org: string): readonly OrgClock[] {
  const asked = askedAt(incident, org);
  if (asked === null) return [];
  const theirs = asSeenBy(incident, org, asked);
  const rules = plan.clocks.flatMap((rule): readonly ClockRule[] => {
    if (rule.id === 'callback' && incident.remoteOnly) return [{ ...rule, title: FIRST_CONTACT }];
    // To find the cause is owed by whoever answers for the result.
    if (rule.id === 'diagnosis' && theirs.accountability !== 'lead') return [];
    return EACH_OWES.includes(rule.id) && rule.scope === 'own' ? [rule] : [];
  });
  return [
    ...acknowledgement(incident, org, now),
    ...clocks(theirs, { ...plan, clocks: rules }, now).map((one) => ({ ...one, key: `${org}:${one.key}` })),
  ];
}

/** When an organisation was first asked for somebody, or invited where nobody was named. */
export function askedAt(incident: Incident, org: string): Instant | null {
  const asked = [
    ...incident.needs.filter((one) => one.org === org).map((one) => one.since),
    ...callsOf(incident, org).map((one) => one.pagedAt),
  ];
  if (asked.length > 0) return Math.min(...asked);
  return incident.organisations.find((one) => one.org === org)?.since ?? null;
}

/** Calls to its people: for its posts, up its ladder, and by name. */
export function callsOf(incident: Incident, org: string): readonly Page[] {
  const people = new Set(incident.participants.filter((one) => one.org === org).map((one) => one.person));
  return incident.pages.filter((one) => one.org === org || (one.org === undefined && people.has(one.person)));
}

function asSeenBy(incident: Incident, org: string, asked: Instant): Incident {
  const own = incident.orgMoments[org] ?? {};
  const { 'cause-stated': cause, restored, resolved } = incident.moments;
  const reported: MomentMark = { at: asked, position: 0 };
  return {
    ...incident,
    accountability: incident.lead === org ? 'lead' : 'assist',
    moments: {
      ...own,
      reported,
      ...(cause ? { 'cause-stated': cause } : {}),
      ...(restored ? { restored } : {}),
      ...(resolved ? { resolved } : {}),
    },
    // Pauses are agreed between the customer and us.
    pauses: [],
  };
}

/** From the first call to its people until one of them took it (PLAN "page acknowledgement"). */
function acknowledgement(incident: Incident, org: string, now: Instant): readonly OrgClock[] {
  const calls = callsOf(incident, org);
  const [first] = calls;
  if (!first) return [];
  const answers = calls.flatMap((one) =>
    one.status === 'acknowledged' && one.answeredAt !== null ? [one.answeredAt] : [],
  );
  const stoppedAt = answers.length === 0 ? null : Math.min(...answers);
  const { pagedAt: startedAt, acknowledgeBy: deadline } = first;
  const gross = Math.max(stoppedAt ?? now, startedAt) - startedAt;
  const minutes = (deadline - startedAt) / MINUTE;
  const waiting = calls.some((one) => one.status === 'open');
  return [
    {
      id: 'acknowledgement',
      key: `${org}:acknowledgement@${startedAt}/${minutes}`,
      title: ACKNOWLEDGEMENT,
      line: '-',
      reading: 'default',
      readingTitle: { zh: `${minutes} 分钟内应答`, en: `answered within ${minutes} min` },
      minutes,
      startedAt,
      deadline,
      stoppedAt,
      gross,
      net: gross,
      used: gross / (minutes * MINUTE),
      status: statusOf(stoppedAt, deadline, waiting, now),
      pause: null,
      others: [],
    },
  ];
}

function statusOf(stoppedAt: Instant | null, deadline: Instant, waiting: boolean, now: Instant): ClockStatus {
  if (stoppedAt !== null) return stoppedAt <= deadline ? 'met' : 'missed';
  if (now > deadline) return waiting ? 'overdue' : 'missed';
  return waiting ? 'running' : 'void';
}
