import { clocks } from '../clocks.ts';
import type { Decision } from '../commands.ts';
import type { Fact } from '../events.ts';
import { accept, type Case, nameOf, refuse, stated } from './case.ts';

/** A pause counts only once the customer's side confirms it; until then the clock goes on. */
export function pause({ state, body, command, env }: Case<'pause'>): Decision {
  const clock = clocks(state, env.plan, env.now).find((one) => one.id === body.clock);
  if (!clock) return refuse('no-such-clock', { clock: body.clock });
  if (clock.status !== 'running' && clock.status !== 'overdue')
    return refuse('clock-not-running', { clock: body.clock });
  if (clock.pause) return refuse('already-paused', { clock: body.clock }, ['confirm-pause', 'resume']);
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'pause' }, ['pause']);
  const facts: Fact[] = [
    stated(command, env, { type: 'ClockPaused', clock: body.clock, reason: body.reason }),
  ];
  if (env.directory.people[command.by.id]?.customerSide) {
    facts.push(stated(command, env, { type: 'PauseConfirmed', clock: body.clock, person: command.by.id }));
  }
  return accept(...facts);
}

export function confirmPause({ state, body, command, env }: Case<'confirm-pause'>): Decision {
  const open = state.pauses.find((one) => one.clock === body.clock && one.confirmedBy === null);
  if (!open) return refuse('not-paused', { clock: body.clock }, ['pause']);
  const person = command.by.id;
  if (!env.directory.people[person]?.customerSide) {
    return refuse('customer-confirms', { person: nameOf(env, person) }, []);
  }
  return accept(stated(command, env, { type: 'PauseConfirmed', clock: body.clock, person }));
}

export function resume({ state, body, command, env }: Case<'resume'>): Decision {
  const open = state.pauses.find((one) => one.clock === body.clock && one.to === null);
  if (!open) return refuse('not-paused', { clock: body.clock }, ['pause']);
  return accept(stated(command, env, { type: 'ClockResumed', clock: body.clock }));
}
