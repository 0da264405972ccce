import type { Command, CommandOf, CommandType, Decision, Env, Refusal, RefusalCode } from '../commands.ts';
import type { Actor, EventBody, Fact } from '../events.ts';
import { BOT } from '../events.ts';
import type { Incident } from '../state.ts';

/** One command put before the rules, with the incident as it stands. */
export interface Case<T extends CommandType> {
  readonly state: Incident;
  readonly body: CommandOf<T>;
  readonly command: Command;
  readonly env: Env;
}

/** A fact stated by the one who gave the command, at the time they named. */
export function stated(command: Command, env: Env, body: EventBody): Fact {
  return {
    by: command.by,
    occurred: command.at ?? env.now,
    recorded: env.now,
    backdated: isBackdated(command, env) ? command.backdateReason : null,
    sources: command.sources,
    body,
  };
}

/** A fact that follows by rule, now, whoever gave the command. */
export function consequence(env: Env, body: EventBody): Fact {
  return { by: BOT, occurred: env.now, recorded: env.now, backdated: null, sources: [], body };
}

export function isBackdated(command: Command, env: Env): boolean {
  return command.at !== null && env.now - command.at > env.plan.backdating.minutes * 60_000;
}

export function accept(...facts: readonly Fact[]): Decision {
  return { ok: true, facts };
}

export function refuse(
  code: RefusalCode,
  params: Refusal['params'] = {},
  possible: readonly CommandType[] = [],
): Decision {
  return { ok: false, refusal: { code, params, possible } };
}

export function isBot(actor: Actor): boolean {
  return actor.id === BOT.id;
}

export function nameOf(env: Pick<Env, 'directory'>, person: string): string {
  return env.directory.people[person]?.name ?? person;
}
