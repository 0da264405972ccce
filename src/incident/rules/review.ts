import type { Decision, Env } from '../commands.ts';
import type { Fact, Instant } from '../events.ts';
import type { Plan } from '../plan.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';

const MINUTE = 60_000;
const EMERGENCY_LEAD = 'emergency-lead';

/** The review meeting that follows an incident (复盘会, plan L198). */
export function scheduleReview({ state, body, command, env }: Case<'schedule-review'>): Decision {
  if (body.on <= env.now) return refuse('review-in-past', {}, ['schedule-review']);
  const same = state.review?.at === body.on && state.review.where === body.where;
  if (same) return accept();
  return accept(stated(command, env, { type: 'ReviewScheduled', at: body.on, where: body.where }));
}

export function holdReview({ state, body, command, env }: Case<'hold-review'>): Decision {
  if (state.review?.heldAt != null) return refuse('already-recorded', { moment: 'review' });
  const attendees = body.attendees.length > 0 ? body.attendees : state.participants.map((one) => one.person);
  return accept(stated(command, env, { type: 'ReviewHeld', attendees: [...new Set(attendees)] }));
}

/** What an organisation collected for itself becomes everybody's, in one go and by somebody of that organisation. */
export function publishLessons({ body, command, env }: Case<'publish-lessons'>): Decision {
  const lessons = body.lessons.filter((one) => one.text.trim() !== '');
  if (lessons.length === 0) return refuse('nothing-to-publish');
  return accept(
    ...lessons.map((one) => ({
      ...stated(command, env, {
        type: 'LessonNoted',
        text: one.text.trim(),
        side: one.side,
        author: one.author,
        org: command.by.org,
      }),
      sources: [one.message],
    })),
  );
}

export function followUp({ state, body, command, env }: Case<'follow-up'>): Decision {
  if (!body.text.trim()) return refuse('text-missing', { what: 'follow-up' }, ['follow-up']);
  return accept(
    stated(command, env, {
      type: 'FollowUpAdded',
      followUp: `F${state.followUps.length + 1}`,
      text: body.text.trim(),
      owner: body.owner,
      due: body.due,
      dueAt: body.dueAt,
    }),
  );
}

/** Done is what can be shown: without a proof a corrective action stays open. */
export function finishFollowUp({ state, body, command, env }: Case<'finish-follow-up'>): Decision {
  const known = state.followUps.find((one) => one.id === body.followUp.toUpperCase());
  if (!known) {
    const all = state.followUps.map((one) => one.id).join(' ');
    return refuse('no-such-follow-up', { followUp: body.followUp, known: all });
  }
  if (known.proof !== null) return refuse('follow-up-done', { followUp: known.id });
  if (!body.proof.trim()) return refuse('text-missing', { what: 'finish-follow-up' }, ['finish-follow-up']);
  return accept(stated(command, env, { type: 'FollowUpDone', followUp: known.id, proof: body.proof.trim() }));
}

/** Somebody of the customer is sent a link; unless named it is the emergency lead. */
export function askSatisfaction({ state, body, command, env }: Case<'ask-satisfaction'>): Decision {
  if (state.status === 'open') return refuse('not-restored', {}, ['restore']);
  const person = body.person ?? env.directory.approvers[EMERGENCY_LEAD]?.holder ?? null;
  const known = person === null ? undefined : env.directory.people[person];
  if (person === null || !known) return refuse('unknown-person', { person: person ?? EMERGENCY_LEAD });
  if (!known.customerSide) return refuse('customer-judges');
  if (!known.reachable) return refuse('unreachable-person', { person: known.name });
  return accept(stated(command, env, { type: 'SatisfactionAsked', person }));
}

export function giveSatisfaction({ state, body, command, env }: Case<'give-satisfaction'>): Decision {
  if (state.status === 'open') return refuse('not-restored', {}, ['restore']);
  if (env.directory.people[command.by.id]?.customerSide !== true) return refuse('customer-judges');
  if (!Number.isInteger(body.score) || body.score < 1 || body.score > 5) return refuse('score-out-of-range');
  return accept(
    stated(command, env, {
      type: 'SatisfactionGiven',
      person: command.by.id,
      score: body.score,
      text: body.text?.trim() || null,
    }),
  );
}

/** When the review and the open corrective actions next want a reminder. */
export function reviewMoments(state: Incident, plan: Plan): readonly Instant[] {
  return [
    ...(isAhead(state) ? [reviewReminderAt(state.review.at, plan)] : []),
    ...openFollowUps(state, plan).map((one) => one.at),
  ];
}

export function dueReview(state: Incident, env: Env): readonly Fact[] {
  const meeting =
    isAhead(state) && reviewReminderAt(state.review.at, env.plan) <= env.now
      ? [consequence(env, { type: 'ReviewReminded', at: state.review.at })]
      : [];
  const actions = openFollowUps(state, env.plan)
    .filter((one) => one.at <= env.now)
    .map((one) =>
      consequence(env, {
        type: 'FollowUpReminded',
        followUp: one.id,
        overdue: one.dueAt <= env.now,
        person: one.owner !== null && env.directory.people[one.owner] ? one.owner : null,
      }),
    );
  return [...meeting, ...actions];
}

function isAhead(state: Incident): state is Incident & { readonly review: NonNullable<Incident['review']> } {
  return state.review !== null && !state.review.reminded && state.review.heldAt === null;
}

function reviewReminderAt(at: Instant, plan: Plan): Instant {
  return at - plan.review.remindMinutes * MINUTE;
}

/** The day before, when it is due, and then again and again, but not for ever. */
function openFollowUps(
  state: Incident,
  plan: Plan,
): readonly {
  readonly id: string;
  readonly owner: string | null;
  readonly at: Instant;
  readonly dueAt: Instant;
}[] {
  const { followUpMinutes, followUpReminders } = plan.review;
  return state.followUps.flatMap((one) =>
    one.proof !== null || one.dueAt === null || one.reminders >= followUpReminders
      ? []
      : [
          {
            id: one.id,
            owner: one.owner,
            dueAt: one.dueAt,
            at: remindAt(one.dueAt, one.remindedAt, followUpMinutes * MINUTE),
          },
        ],
  );
}

function remindAt(dueAt: Instant, last: Instant | null, pause: number): Instant {
  return last === null ? dueAt - pause : Math.max(dueAt, last + pause);
}
