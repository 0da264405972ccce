import type { Command, Decision } from '../commands.ts';
import { guestOrg, momentsOf } from '../fold/moments.ts';
import type { Moment } from '../plan.ts';
import { type Incident, isOver } from '../state.ts';
import { accept, type Case, refuse, stated } from './case.ts';

export function dispatch({ state, body, command, env }: Case<'dispatch'>): Decision {
  const person = body.person ?? command.by.id;
  const from = env.directory.people[person]?.org ?? command.by.org;
  const problem = unrecorded(state, 'dispatched', from);
  const org = guestOrg(state, from);
  const sent = { type: 'PersonDispatched', person, to: body.to, ...(org === null ? {} : { org }) } as const;
  return problem ?? accept(stated(command, env, sent));
}

export function contact({ state, body, command, env }: Case<'contact'>): Decision {
  // The first contact is everybody's: who has answered a call may still be the one who makes it.
  const problem = state.moments['first-contact']
    ? unrecorded(state, 'first-contact', command.by.org)
    : over(state);
  return (
    problem ??
    accept(stated(command, env, { type: 'FirstContactMade', person: command.by.id, note: body.note }))
  );
}

export function arrive({ state, body, command, env }: Case<'arrive'>): Decision {
  const problem = unrecorded(state, 'on-site', command.by.org) ?? notBefore(state, 'dispatched', command);
  return (
    problem ?? accept(stated(command, env, { type: 'PersonArrived', person: command.by.id, note: body.note }))
  );
}

function over(state: Incident): Decision | null {
  return isOver(state) ? refuse('wrong-state', { status: state.status }, ['reopen']) : null;
}

function unrecorded(state: Incident, moment: Moment, org: string): Decision | null {
  const ended = over(state);
  if (ended) return ended;
  return momentsOf(state, org)[moment] ? refuse('already-recorded', { moment }, ['withdraw']) : null;
}

function notBefore(state: Incident, earlier: Moment, command: Command): Decision | null {
  const before = momentsOf(state, command.by.org)[earlier];
  return before && command.at !== null && command.at < before.at
    ? refuse('out-of-order', { moment: earlier })
    : null;
}

/** What an invited organisation records for itself: nobody undoes another's. */
const EACH_HAS: readonly Moment[] = ['dispatched', 'on-site', 'advice-given'];

/** Undo for a time that was recorded by mistake; both records stay in the log. */
export function withdraw({ state, body, command, env }: Case<'withdraw'>): Decision {
  const fixed: readonly Moment[] = ['reported', 'last-tier-engaged', 'resolved'];
  const own = momentsOf(state, command.by.org)[body.moment];
  const known = own ?? (EACH_HAS.includes(body.moment) ? undefined : state.moments[body.moment]);
  if (!known || fixed.includes(body.moment)) {
    return refuse('nothing-to-withdraw', { moment: body.moment });
  }
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'withdraw' }, ['withdraw']);
  return accept(stated(command, env, { type: 'MomentWithdrawn', moment: body.moment, reason: body.reason }));
}

export function updateStatus({ body, command, env }: Case<'update-status'>): Decision {
  if (!body.text.trim()) return refuse('text-missing', { what: 'update-status' }, ['update-status']);
  return accept(stated(command, env, { type: 'StatusUpdated', text: body.text.trim() }));
}

export function stateCause({ body, command, env }: Case<'state-cause'>): Decision {
  if (!body.text.trim()) return refuse('text-missing', { what: 'state-cause' }, ['state-cause']);
  return accept(
    stated(command, env, { type: 'CauseStated', text: body.text.trim(), confirmed: body.confirmed }),
  );
}

export function stateImpact({ body, command, env }: Case<'state-impact'>): Decision {
  if (!body.text.trim()) return refuse('text-missing', { what: 'state-impact' }, ['state-impact']);
  return accept(stated(command, env, { type: 'ImpactStated', text: body.text.trim() }));
}

/** For another vendor's fault the promise is advice, not repair (plan L19, L76). */
export function advise({ state, body, command, env }: Case<'advise'>): Decision {
  if (!body.text.trim()) return refuse('text-missing', { what: 'advise' }, ['advise']);
  if (isOver(state)) return refuse('wrong-state', { status: state.status }, ['reopen']);
  return accept(stated(command, env, { type: 'AdviceGiven', text: body.text.trim() }));
}
