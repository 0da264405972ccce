import type { Decision } from '../commands.ts';
import { accept, type Case, refuse, stated } from './case.ts';

/** A remote session needs the customer's recorded consent, its scope and its end (plan L156–160). */
export function openSession({ body, command, env }: Case<'open-session'>): Decision {
  if (!body.scope.trim()) return refuse('text-missing', { what: 'open-session' }, ['open-session']);
  if (!env.directory.people[body.consentBy]?.customerSide)
    return refuse('customer-confirms', { person: body.consentBy });
  return accept(
    stated(command, env, {
      type: 'RemoteSessionOpened',
      session: env.newId(),
      scope: body.scope,
      consentBy: body.consentBy,
      until: body.until,
    }),
  );
}

export function endSession({ state, body, command, env }: Case<'end-session'>): Decision {
  const open = state.sessions.find((one) => one.id === body.session && !one.ended);
  if (!open) return refuse('no-such-session', { session: body.session });
  return accept(stated(command, env, { type: 'RemoteSessionEnded', session: body.session }));
}
