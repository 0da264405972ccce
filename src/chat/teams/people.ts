import type { Actor } from '../../incident/events.ts';
import type { Account } from './payloads.ts';
import type { Address, Wire } from './wire.ts';

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
  /** Teams' own id of the account, as cards name whom they are for. */
  readonly user: string;
}

const KEPT_FOR_MS = 60 * 60 * 1000;
const KEPT = 5000;

export interface People {
  /** `locale` as the client reports it (`zh-CN`); null where it says nothing. */
  speaker(account: Account, at: Address, locale: string | null): Promise<Speaker>;
  /** Somebody whom a message names by the id in Microsoft Entra. */
  named(entra: string, name: string | null): Actor;
  userOf(person: string): string | null;
}

/** Account → person by `accounts.teams`, the id in Microsoft Entra; everybody else watches as a guest. */
export function createPeople(options: {
  readonly wire: Pick<Wire, 'member'>;
  readonly roster: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  readonly now: () => number;
}): People {
  const known = new Map(
    options.roster.flatMap((one) => (one.accounts.teams ? [[one.accounts.teams, one] as const] : [])),
  );
  const users = new Map(
    options.roster.flatMap((one) => (one.accounts.teams ? [[one.id, one.accounts.teams] as const] : [])),
  );
  const names = new Map<string, { readonly at: number; readonly asked: Promise<Account> }>();

  /** Most activities name their author; for the others the conversation's roster does. */
  async function whole(account: Account, at: Address): Promise<Account> {
    if (account.name && account.aadObjectId) return account;
    const kept = names.get(account.id);
    if (kept && options.now() - kept.at < KEPT_FOR_MS) return kept.asked;
    const asked = options.wire.member(at, account.id).then(
      (member): Account => ({
        id: account.id,
        name: account.name ?? member.name,
        aadObjectId: account.aadObjectId ?? member.entra,
      }),
      // A name is no reason to lose a message: while Teams does not answer, the id stands for it.
      (): Account => {
        names.delete(account.id);
        return account;
      },
    );
    names.set(account.id, { at: options.now(), asked });
    const [oldest] = names.keys();
    if (names.size > KEPT && oldest !== undefined) names.delete(oldest);
    return asked;
  }

  const guest = (id: string, name: string): Actor => ({ id: `teams:${id}`, name, org: 'teams' });

  return {
    async speaker(account, at, locale) {
      const full = known.has(account.aadObjectId ?? '') ? account : await whole(account, at);
      const person = known.get(full.aadObjectId ?? '') ?? known.get(full.id);
      if (person) {
        const { id, name, org, language } = person;
        return { actor: { id, name, org }, language, user: account.id };
      }
      const language = locale === null ? options.language : locale.startsWith('zh') ? 'zh' : 'en';
      const id = full.aadObjectId ?? full.id;
      return { actor: guest(id, full.name ?? id), language, user: account.id };
    },
    named(entra, name) {
      const person = known.get(entra);
      return person ? { id: person.id, name: person.name, org: person.org } : guest(entra, name ?? entra);
    },
    userOf: (person) =>
      users.get(person) ?? (person.startsWith('teams:') ? person.slice('teams:'.length) : null),
  };
}
