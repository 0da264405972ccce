import type { Decision, Env } from '../commands.ts';
import type { Fact } from '../events.ts';
import { type Incident, isOver } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';
import { pageFact, reachable } from './tiers.ts';

/** Nobody is woken for an incident that no longer needs them. */
function withdrawPages(state: Incident, because: string, env: Env): readonly Fact[] {
  return state.pages
    .filter((page) => page.status === 'open')
    .map((page) => consequence(env, { type: 'PageWithdrawn', page: page.id, person: page.person, because }));
}

/** 先抢通: the service is back; the repair may follow (plan L313). */
export function restore({ state, body, command, env }: Case<'restore'>): Decision {
  if (state.status !== 'open') return refuse('wrong-state', { status: state.status }, ['resolve', 'reopen']);
  return accept(
    stated(command, env, { type: 'ServiceRestored', note: body.note }),
    ...withdrawPages(state, 'restored', env),
  );
}

/** 后抢修: the cause is known and repaired, or advice was given where others repair. */
export function resolve({ state, body, command, env }: Case<'resolve'>): Decision {
  if (isOver(state)) return refuse('wrong-state', { status: state.status }, ['reopen', 'close']);
  const served = state.moments['advice-given'] !== undefined || state.kind === 'consultation';
  if (state.status === 'open' && !served) return refuse('not-restored', {}, ['restore', 'advise']);
  if (state.kind === 'fault' && state.cause === null && !body.note?.trim()) {
    return refuse('cause-missing', {}, ['state-cause', 'resolve']);
  }
  return accept(
    stated(command, env, { type: 'IncidentResolved', note: body.note }),
    ...withdrawPages(state, 'resolved', env),
  );
}

export function reopen({ state, body, command, env }: Case<'reopen'>): Decision {
  if (state.status === 'open') return refuse('wrong-state', { status: state.status }, []);
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'reopen' }, ['reopen']);
  const duty = reachable(1, env)[0];
  const page =
    duty === undefined
      ? []
      : [pageFact(state, env, { person: duty, tier: 1, post: null, attempt: 1, because: 'reopened' })];
  return accept(
    stated(command, env, { type: 'IncidentReopened', reason: body.reason }),
    ...roomsAnew(state, env),
    ...page,
  );
}

/** Closing archived the rooms of its own, and an archived room takes no more words. */
function roomsAnew(state: Incident, env: Env): readonly Fact[] {
  if (state.status !== 'closed') return [];
  return state.places.flatMap(({ own, ...place }) =>
    own
      ? [
          consequence(env, {
            type: 'RoomRequested',
            from: { ...place, conversation: own.from },
            name: own.name,
          }),
        ]
      : [],
  );
}

export function close({ state, body, command, env }: Case<'close'>): Decision {
  if (state.status === 'closed') return refuse('wrong-state', { status: state.status }, ['reopen']);
  if (body.as === 'done' && state.status !== 'resolved') {
    return refuse('wrong-state', { status: state.status }, ['resolve', 'restore']);
  }
  if (body.as === 'merged' && !body.into) return refuse('merge-target-missing', {}, ['close']);
  if (body.as !== 'done' && !body.reason?.trim())
    return refuse('reason-missing', { what: 'close' }, ['close']);
  return accept(
    stated(command, env, { type: 'IncidentClosed', as: body.as, into: body.into, reason: body.reason }),
    ...withdrawPages(state, body.as, env),
  );
}

export function link({ state, body, command, env }: Case<'link'>): Decision {
  const known = state.links.some((one) => one.to === body.to && one.relation === body.relation);
  if (known || body.to === state.id) return accept();
  return accept(stated(command, env, { type: 'IncidentLinked', to: body.to, relation: body.relation }));
}

/** Only the service report stops the twelve-hour clock (plan L130). */
export function deliverReport({ state, body, command, env }: Case<'deliver-report'>): Decision {
  if (!isOver(state)) return refuse('wrong-state', { status: state.status }, ['resolve']);
  return accept(stated(command, env, { type: 'ReportDelivered', report: body.report, to: body.to }));
}

export function pin({ body, command, env }: Case<'pin'>): Decision {
  return accept(
    stated(command, env, {
      type: 'MessagePinned',
      message: body.message,
      text: body.text,
      author: body.author,
      saidAt: body.saidAt,
    }),
  );
}
