import { clocks, thresholds } from '../clocks.ts';
import type { Decision, Env } from '../commands.ts';
import type { ApprovalRole, Fact, Instant } from '../events.ts';
import { thresholdKey } from '../fired.ts';
import type { LadderReading, Plan } from '../plan.ts';
import { type Action, type Incident, isOver } from '../state.ts';
import { accept, consequence } from './case.ts';
import { dueLevels, levelMoments } from './needs.ts';
import { dueReview, reviewMoments } from './review.ts';
import { nextAfter, raiseTier } from './tiers.ts';

const MINUTE = 60_000;

/** Everything whose time has come. Empty when the tick is stale, so a duplicate or a race is harmless. */
export function tick(state: Incident, env: Env): Decision {
  const pages = duePages(state, env);
  return accept(
    ...dueThresholds(state, env),
    ...pages,
    ...dueTiers(state, env),
    ...dueLevels(state, env, pages),
    ...dueReminders(state, env),
    ...dueSessions(state, env),
    ...dueReview(state, env),
  );
}

/** When the incident next wants a tick, milliseconds since the epoch; null while nothing is running. */
export function nextDue(state: Incident, plan: Plan, now: Instant): Instant | null {
  const moments = [
    ...unfired(state, plan, now).map((one) => one.at),
    ...openPages(state).map((page) => page.acknowledgeBy),
    ...ladderMoments(state, plan).map((one) => one.at),
    ...levelMoments(state).map((one) => one.at),
    ...openActions(state).map((action) => remindAt(action, plan)),
    ...reviewMoments(state, plan),
    ...state.sessions.filter((one) => !one.ended).map((one) => one.until),
  ];
  return moments.length === 0 ? null : Math.min(...moments);
}

function unfired(state: Incident, plan: Plan, now: Instant) {
  return clocks(state, plan, now)
    .flatMap((clock) => thresholds(clock, plan))
    .filter((one) => !state.fired.includes(thresholdKey(one.clock.key, one.percent)));
}

function dueThresholds(state: Incident, env: Env): readonly Fact[] {
  return unfired(state, env.plan, env.now)
    .filter((one) => one.at <= env.now)
    .map(({ clock, percent }) => {
      const deadline = clock.deadline ?? env.now;
      return percent === 100
        ? consequence(env, { type: 'ClockBreached', clock: clock.id, key: clock.key, deadline })
        : consequence(env, { type: 'ClockWarned', clock: clock.id, key: clock.key, percent, deadline });
    });
}

function openPages(state: Incident) {
  return isOver(state) ? [] : state.pages.filter((page) => page.status === 'open');
}

function duePages(state: Incident, env: Env): readonly Fact[] {
  return openPages(state)
    .filter((page) => page.acknowledgeBy <= env.now)
    .flatMap((page) => [
      consequence(env, { type: 'PageTimedOut', page: page.id, person: page.person }),
      ...nextAfter(state, page, env, true),
    ]);
}

export function ladderOf(state: Incident, plan: Plan): LadderReading | undefined {
  const id = state.severity ? plan.severities[state.severity].ladder : undefined;
  return plan.ladders.find((one) => one.id === id);
}

/** Tiers not raised yet and when the plan wants them (L132, L215), while the service is not back. */
function ladderMoments(state: Incident, plan: Plan): readonly { tier: number; at: Instant }[] {
  const ladder = ladderOf(state, plan);
  if (!ladder || state.status !== 'open') return [];
  const moment = state.remoteOnly && ladder.fromRemote ? ladder.fromRemote : ladder.from;
  const from = state.moments[moment]?.at;
  if (from === undefined) return [];
  return ladder.raise
    .filter((step) => !state.tiers.some((one) => one.tier === step.tier))
    .map((step) => ({ tier: step.tier, at: from + step.minutes * MINUTE }));
}

function dueTiers(state: Incident, env: Env): readonly Fact[] {
  const facts: Fact[] = [];
  const raised = new Set<number>();
  for (const step of ladderMoments(state, env.plan)) {
    if (step.at > env.now || raised.has(step.tier)) continue;
    for (const fact of raiseTier(state, step.tier, 'unresolved', env)) {
      if (fact.body.type === 'TierRaised' || fact.body.type === 'TierSkipped') raised.add(fact.body.tier);
      facts.push(fact);
    }
  }
  return facts;
}

function openActions(state: Incident): readonly Action[] {
  return isOver(state) ? [] : state.actions.filter((action) => action.status === 'proposed');
}

function remindAt(action: Action, plan: Plan): Instant {
  const first = plan.approval.minutes;
  const later = plan.approval.deputiesAfterMinutes;
  return action.askedAt + (first + action.reminders * later) * MINUTE;
}

/** Ten minutes, then a reminder, then the deputies as well (PLAN "approval"). */
function dueReminders(state: Incident, env: Env): readonly Fact[] {
  return openActions(state)
    .filter((action) => remindAt(action, env.plan) <= env.now)
    .map((action) =>
      consequence(env, {
        type: 'ApprovalReminded',
        action: action.id,
        people: whoIsAsked(action, env, action.reminders > 0),
        deputies: action.reminders > 0,
      }),
    );
}

function whoIsAsked(action: Action, env: Env, deputies: boolean): readonly string[] {
  const given = new Set<ApprovalRole>(action.approvals.map((one) => one.role));
  return action.content.requires
    .filter((role) => !given.has(role))
    .flatMap((role) => {
      const named = env.directory.approvers[role];
      return [...(named?.holder ? [named.holder] : []), ...(deputies ? (named?.deputies ?? []) : [])];
    });
}

function dueSessions(state: Incident, env: Env): readonly Fact[] {
  return state.sessions
    .filter((one) => !one.ended && one.until <= env.now)
    .map((one) => consequence(env, { type: 'RemoteSessionEnded', session: one.id }));
}
