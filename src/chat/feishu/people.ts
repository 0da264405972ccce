import { z } from 'zod';
import type { Actor } from '../../incident/events.ts';
import type { Wire } from './wire.ts';

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
  /** The `open_id` of the account in this app. */
  readonly user: string;
  /** Not on the roster. */
  readonly guest: boolean;
}

const KEPT_FOR_MS = 60 * 60 * 1000;
const KEPT = 5000;
const named = z.looseObject({ data: z.looseObject({ user: z.looseObject({ name: z.string().min(1) }) }) });

export interface People {
  /** `tenant`: whose account it is, where the event says so; `home`: the tenant of the app. */
  speaker(user: string, tenant?: string, home?: string): Promise<Speaker>;
  userOf(person: string): string | null;
}

/** `open_id` → person by `accounts.feishu`; everybody else watches as a guest, by the name in the address book. */
export function createPeople(options: {
  readonly wire: Pick<Wire, 'call'>;
  readonly roster: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  readonly now: () => number;
}): People {
  const withAccount = options.roster.flatMap((one) =>
    one.accounts.feishu ? [{ user: one.accounts.feishu, person: one }] : [],
  );
  const known = new Map(withAccount.map((one) => [one.user, one.person]));
  const users = new Map(withAccount.map((one) => [one.person.id, one.user]));
  const names = new Map<string, { readonly at: number; readonly asked: Promise<string | null> }>();

  function nameOf(user: string): Promise<string | null> {
    const kept = names.get(user);
    if (kept && options.now() - kept.at < KEPT_FOR_MS) return kept.asked;
    const asked = options.wire
      .call((client) =>
        client.contact.v3.user.get({ path: { user_id: user }, params: { user_id_type: 'open_id' } }),
      )
      .then(
        (answer) => {
          const read = named.safeParse(answer);
          return read.success ? read.data.data.user.name : null;
        },
        // A name is no reason to lose a message: while Feishu does not tell it, the id stands for it.
        () => {
          names.delete(user);
          return null;
        },
      );
    names.set(user, { at: options.now(), asked });
    const [oldest] = names.keys();
    if (names.size > KEPT && oldest !== undefined) names.delete(oldest);
    return asked;
  }

  return {
    async speaker(user, tenant = '', home = '') {
      const person = known.get(user);
      if (person) {
        const { id, name, org, language } = person;
        return { actor: { id, name, org }, language, user, guest: false };
      }
      const away = tenant !== '' && home !== '' && tenant !== home;
      const name =
        (await nameOf(user)) ?? { zh: `未知用户 ${user}`, en: `unknown user ${user}` }[options.language];
      const mark = { zh: '（外部）', en: ' (external)' }[options.language];
      return {
        actor: { id: `feishu:${user}`, name: away ? `${name}${mark}` : name, org: 'feishu' },
        language: options.language,
        user,
        guest: true,
      };
    },
    userOf: (person) =>
      users.get(person) ?? (person.startsWith('feishu:') ? person.slice('feishu:'.length) : null),
  };
}
