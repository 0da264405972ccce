import { z } from 'zod';
import type { Actor } from '../../incident/events.ts';
import type { Api } from './api.ts';

/** A person of the roster, as far as this folder looks. */
export interface RosterPerson {
  readonly id: string;
  readonly name: string;
  readonly org: string;
  readonly language: 'zh' | 'en';
  readonly accounts: Readonly<Record<string, string>>;
}

export interface Speaker {
  readonly actor: Actor;
  readonly language: 'zh' | 'en';
  /** The user id; null for somebody outside the organisation, whom a robot cannot write to. */
  readonly user: string | null;
  /** The id on the roster; null for a guest. */
  readonly person: string | null;
}

const KEPT = 5000;
/** open.dingtalk.com/document/orgapp/query-user-details. */
const details = z.object({ result: z.object({ name: z.string().min(1) }) });

export interface People {
  /** `nick` as the message names its author; a card names nobody. */
  speaker(account: {
    readonly user: string | null;
    readonly sender: string;
    readonly nick: string | null;
  }): Promise<Speaker>;
  userOf(person: string): string | null;
}

/** User id → person by `accounts.dingtalk`; everybody else watches as a guest. */
export function createPeople(options: {
  readonly api: Pick<Api, 'callOld'>;
  readonly roster: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
}): People {
  const linked = options.roster.flatMap((one) => {
    const user = one.accounts.dingtalk;
    return user ? [{ user, person: one }] : [];
  });
  const known = new Map(linked.map(({ user, person }) => [user, person]));
  const users = new Map(linked.map(({ user, person }) => [person.id, user]));
  const names = new Map<string, Promise<string>>();

  function keep(user: string, name: Promise<string>): Promise<string> {
    names.set(user, name);
    const [oldest] = names.keys();
    if (names.size > KEPT && oldest !== undefined) names.delete(oldest);
    return name;
  }

  async function ask(user: string): Promise<string> {
    try {
      return details.parse(await options.api.callOld('/topapi/v2/user/get', { userid: user })).result.name;
    } catch {
      // A name is no reason to lose a press: the permission for it is optional, and the id stands for the name.
      names.delete(user);
      return user;
    }
  }

  return {
    async speaker({ user, sender, nick }) {
      const person = user === null ? undefined : known.get(user);
      if (person) {
        const { id, name, org, language } = person;
        return { actor: { id, name, org }, language, user, person: id };
      }
      if (user !== null && nick !== null) await keep(user, Promise.resolve(nick));
      const name = nick ?? (user === null ? sender : await (names.get(user) ?? keep(user, ask(user))));
      const actor = { id: `dingtalk:${user ?? sender}`, name, org: 'dingtalk' };
      return { actor, language: options.language, user, person: null };
    },
    userOf(person) {
      const guest = person.startsWith('dingtalk:') ? person.slice('dingtalk:'.length) : null;
      // An encrypted sender id (`$:LWCP_v1:…`) is no address.
      return users.get(person) ?? (guest?.startsWith('$') ? null : guest);
    },
  };
}
