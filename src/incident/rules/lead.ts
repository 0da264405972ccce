import type { Decision } from '../commands.ts';
import type { Directory } from '../directory.ts';
import { isInRoom } from '../posts.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';

/** Who answers for the result: whom it was handed to, and us as long as nobody handed it over (plan L19). */
export function leadingOrg(state: Incident, directory: Directory): string {
  return state.lead ?? oursIn(directory);
}

export function oursIn(directory: Directory): string {
  return Object.values(directory.organisations).find((one) => one.side === 'vendor')?.id ?? '';
}

/**
 * Another organisation answers for the result from here on, and the clocks follow: while we lead, restoring is
 * promised (L74), while another leads, advice (L76–77).
 */
export function handLead({ state, body, command, env }: Case<'hand-lead'>): Decision {
  const { directory } = env;
  const known = directory.organisations[body.to];
  if (!known) return refuse('unknown-organisation', { org: body.to }, ['hand-lead']);
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'hand-lead' }, ['hand-lead']);
  const from = leadingOrg(state, directory);
  if (from === body.to) return refuse('leads-already', { org: known.name }, []);
  for (const org of [from, body.to]) {
    if (!isInRoom(state, org, directory))
      return refuse('not-in-room', { org: directory.organisations[org]?.name ?? org }, [
        'invite-organisation',
      ]);
  }
  const accountability = body.to === oursIn(directory) ? 'lead' : 'assist';
  return accept(
    stated(command, env, { type: 'LeadHandedOver', from, to: body.to, reason: body.reason.trim() }),
    ...(accountability === state.accountability
      ? []
      : [
          consequence(env, {
            type: 'AccountabilityChosen',
            accountability,
            component: state.component,
            reason: body.reason.trim(),
          }),
        ]),
  );
}
