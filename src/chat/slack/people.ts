import type { webApi } from '@slack/bolt';
import type { Actor } from '../../incident/events.ts';

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
  readonly bot: boolean;
}

/** How long a name from Slack is believed, and how many are kept. */
const KEPT_FOR_MS = 60 * 60 * 1000;
const KEPT = 5000;

export interface People {
  /** `team`: the workspace the message names, where it names one. */
  speaker(user: string, team?: string | null): Promise<Speaker>;
  names(users: readonly string[]): Promise<ReadonlyMap<string, string>>;
  userOf(person: string): string | null;
}

/**
 * Slack user → person by `accounts.slack`. Everybody else watches as a guest: of the organisation `slack`, or in
 * a channel that is shared with another workspace (Slack Connect) of the one that stands for it.
 */
export function createPeople(options: {
  readonly client: webApi.WebClient;
  readonly roster: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  /** Workspace → organisation. */
  readonly teams: Readonly<Record<string, string>>;
  readonly home: () => string;
  readonly now: () => number;
}): People {
  const known = new Map(
    options.roster.flatMap((one) => (one.accounts.slack ? [[one.accounts.slack, one] as const] : [])),
  );
  const users = new Map(
    options.roster.flatMap((one) => (one.accounts.slack ? [[one.id, one.accounts.slack] as const] : [])),
  );
  const cache = new Map<string, { readonly at: number; readonly speaker: Promise<Speaker> }>();

  /** Whoever is of another workspace is marked as such: their name alone says nothing here. */
  const stranger = (
    user: string,
    name: string,
    language: 'zh' | 'en',
    bot: boolean,
    team: string | null,
  ): Speaker => {
    const away = team !== null && team !== '' && team !== options.home();
    const org = away ? (options.teams[team] ?? `slack-${team}`) : 'slack';
    const mark = {
      zh: `（外部 ${options.teams[team ?? ''] ?? team}）`,
      en: ` (external, ${options.teams[team ?? ''] ?? team})`,
    };
    return {
      actor: { id: `slack:${user}`, name: away ? `${name}${mark[options.language]}` : name, org },
      language,
      bot,
    };
  };

  async function ask(user: string, team: string | null): Promise<Speaker> {
    const { user: info } = await options.client.users.info({ user, include_locale: true });
    const name = info?.profile?.display_name || info?.profile?.real_name || info?.name || user;
    const language = info?.locale ? (info.locale.startsWith('zh') ? 'zh' : 'en') : options.language;
    // Slackbot is the one bot that users.info does not call a bot.
    return stranger(
      user,
      name,
      language,
      info?.is_bot === true || user === 'USLACKBOT',
      info?.team_id ?? team,
    );
  }

  async function speaker(user: string, team: string | null = null): Promise<Speaker> {
    const person = known.get(user);
    if (person)
      return {
        actor: { id: person.id, name: person.name, org: person.org },
        language: person.language,
        bot: false,
      };
    const kept = cache.get(user);
    if (kept && options.now() - kept.at < KEPT_FOR_MS) return kept.speaker;
    // A name is no reason to lose a message: while Slack does not answer, the id stands for it.
    const asked = ask(user, team).catch(() => {
      cache.delete(user);
      const unknown = { zh: `未知用户 ${user}`, en: `unknown user ${user}` }[options.language];
      return stranger(user, unknown, options.language, false, team);
    });
    cache.set(user, { at: options.now(), speaker: asked });
    const [oldest] = cache.keys();
    if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest);
    return asked;
  }

  return {
    speaker,
    names: async (ids) =>
      new Map(await Promise.all(ids.map(async (id) => [id, (await speaker(id)).actor.name] as const))),
    userOf: (person) =>
      users.get(person) ?? (person.startsWith('slack:') ? person.slice('slack:'.length) : null),
  };
}
