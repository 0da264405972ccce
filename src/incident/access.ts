import { grantedBy, type Right, rightOf, rolesFor } from './authorisation.ts';
import type { Command, Decision, Env } from './commands.ts';
import type { Actor, EventOf, Fact, Instant } from './events.ts';
import { holdersOf, isInside, type Role, rolesOf } from './roles.ts';
import { isBot, nameOf, refuse } from './rules/case.ts';
import { type Incident, isOver, type State } from './state.ts';

/** A refusal of the same thing to the same person is written down once in this time, so that nobody floods the log. */
const QUIET = 15 * 60_000;

export type Access =
  /** `as`: the role by which; null for the desk itself. */
  { readonly ok: true; readonly as: Role | null } | { readonly ok: false; readonly refused: Decision };

/** The plan's table before every rule. For whom the incident does not exist, it is as unknown as one that never was. */
export function checkAccess(state: State, command: Command, env: Env): Access {
  const { by, body } = command;
  if (isBot(by) || body.type === 'tick') return { ok: true, as: null };
  if (state === null && body.type !== 'report') return { ok: true, as: null };
  const right = rightOf(body, state);
  const { authorisation } = env.plan;
  const as = right === null ? null : grantedBy(right, by, state, env.directory, authorisation);
  if (as !== null) return { ok: true, as };
  const outside = state !== null && !isInside(by, state, env.directory);
  const refused = outside
    ? refuse('no-such-incident', {}, ['report'])
    : refuse(
        'not-allowed',
        right === null ? { command: body.type } : whoMay(right, state, env),
        right !== null && state !== null && !isOver(state) ? ['page'] : [],
      );
  return {
    ok: false,
    refused: refused.ok ? refused : { ...refused, record: record(state, command, right ?? body.type, env) },
  };
}

/** The roles by id, and who holds each of them now, by id and by name; a role that is a crowd goes unnamed. */
export function whoMay(right: Right, state: State, env: Pick<Env, 'plan' | 'directory'>) {
  const roles = rolesFor(right, env.plan.authorisation);
  const people = roles.map((role) => holdersOf(role, state, env.directory));
  const row = env.plan.authorisation.find((one) => one.commands.includes(right));
  return {
    command: right,
    zh: row?.title.zh ?? right,
    en: row?.title.en ?? right,
    roles: roles.join(','),
    who: roles
      .map((role, index) => {
        const names = (people[index] ?? []).map((id) => nameOf(env, id));
        return names.length > 0 ? `${role}: ${names.join('/')}` : role;
      })
      .join('；'),
    people: [...new Set(people.flat())].join(','),
    ...askable(people, env),
  };
}

/** Two people at most to be asked with one press, of two roles: `ask0`, `ask0-name`, `ask1`, `ask1-name`. */
function askable(people: readonly (readonly string[])[], env: Pick<Env, 'directory'>) {
  const first = people.flatMap((ids) => ids.find((id) => env.directory.people[id]?.reachable) ?? []);
  return Object.fromEntries(
    [...new Set(first)].slice(0, 2).flatMap((id, index) => [
      [`ask${index}`, id],
      [`ask${index}-name`, nameOf(env, id)],
    ]),
  );
}

function record(state: State, command: Command, what: string, env: Env): readonly Fact[] {
  if (state === null) return [];
  const { by } = command;
  const known = state.refused.some(
    (one) => one.person === by.id && one.command === what && env.now - one.at < QUIET,
  );
  if (known) return [];
  const roles = rolesOf(by, state, env.directory);
  const body = { type: 'AccessRefused', person: by.id, command: what, roles } as const;
  return [{ by, occurred: env.now, recorded: env.now, backdated: null, sources: [], body }];
}

/** What a person stated carries the role by which they were allowed to. */
export function allowedBy(as: Role | null, by: Actor, facts: readonly Fact[]): readonly Fact[] {
  return as === null ? facts : facts.map((fact) => (fact.by.id === by.id ? { ...fact, as } : fact));
}

/** The refusals that still keep the next one quiet, with this one. */
export function refusedOfLate(
  state: Incident,
  body: EventOf<'AccessRefused'>,
  at: Instant,
): Incident['refused'] {
  const { person, command } = body;
  return [...state.refused.filter((one) => at - one.at < QUIET), { person, command, at }];
}
