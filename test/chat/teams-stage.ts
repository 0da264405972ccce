import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commandNamed, nearest } from '../../commands/index.ts';
import { TEAMS_PATH, teamsPlatform } from '../../src/chat/teams/platform.ts';
import { SETTINGS } from '../support/desk.ts';
import { alertsOf, linksOf, wordsOf } from '../teams/kit.ts';
import { SECRET, type Spoken, startStandin, TENANT } from '../teams/standin.ts';
import { atOnce, mutations } from './mutate.ts';
import {
  type Attempt,
  backstage,
  type House,
  type Shared,
  type Stage,
  shuffled,
  type Words,
} from './stage.ts';

const CHANNEL = '19:ops@thread.tacv2';
const THREAD = `${CHANNEL};messageid=1764000000000`;
const LUNCH = '19:lunch@thread.tacv2';
const LARGEST = 1024 * 1024;

/** The id in Microsoft Entra of a person of the roster. */
const entra = (person: string): string => `aad-${person}`;
const teamsUser = (person: string): string => `29:${entra(person)}`;

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({ ...one, accounts: { teams: entra(one.id) } })),
  },
};

/** Teams through the real botbuilder: in a thread of a channel, heard wholly where its owner consented to that. */
export async function teamsStage(
  hears: 'everything' | 'addressed',
  house: House = backstage,
): Promise<Stage> {
  const teams = await startStandin();
  for (const person of settings.config.people) {
    teams.user(entra(person.id), person.name);
    teams.conversation(`a:${teamsUser(person.id)}`, 'personal');
  }
  const consented = hears === 'everything';
  teams.conversation(CHANNEL, 'channel', { consented });
  teams.conversation(LUNCH, 'channel', { consented });
  const back = await house({
    settings,
    platforms: (store, logged) => [
      teamsPlatform({
        app: { id: teams.app, password: SECRET, tenant: TENANT },
        endpoints: teams.endpoints,
        hears,
        rooms: consented ? 'thread' : 'here',
        people: settings.config.people,
        language: 'zh',
        org: 'apusic',
        publicUrl: 'https://warroom.example',
        isCommand: (word) => commandNamed(word) !== null,
        resembles: (word) => nearest(word).length > 0,
        isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
        now: Date.now,
        fileHosts: [teams.fileHost],
        maxFileBytes: LARGEST,
        log: (what, detail) => logged.push({ what, detail }),
        remember: (key, value) => store.putNote(`teams:${key}`, value),
        recall: (key) => store.getNote(`teams:${key}`),
      }),
    ],
  });
  const [platform] = back.platforms;
  if (!platform?.door) throw new Error('no door');
  const server = createServer(platform.door.listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}${TEAMS_PATH}`);
  await platform.start(back.receive);

  const nameOf = ({ conversation, id }: { readonly conversation: string; readonly id: string }): string =>
    `${conversation}:${id}`;
  const find = (words: Words): Spoken => {
    const found = teams.spoken.find((one) => nameOf(one) === words.id);
    if (!found) throw new Error(`nobody said ${words.id}`);
    return found;
  };
  /** The id of a message as its place knows it. */
  const idIn = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
  const room = (): string => teams.threads.at(-1) ?? THREAD;
  const opened = new Set<string>();
  const settle = async (): Promise<void> => {
    await platform.stop();
    await teams.settleRefresh();
  };
  const says = async (
    person: string,
    text: string,
    more: Parameters<typeof teams.says>[3] = {},
  ): Promise<Words> => {
    const said = await teams.says(teamsUser(person), room(), text, { mention: !consented, ...more });
    return { id: nameOf(said), author: person, text };
  };
  /** What stands in the room; the signs that were replaced by their likenesses are read as what they were. */
  const standing = () =>
    teams.posted
      .filter((one) => one.conversation === room())
      .map((one) => ({
        id: nameOf(one),
        text: wordsOf(one.card).replaceAll('‹', '<').replaceAll('›', '>'),
        files: one.picture ? [one.picture] : [],
        answers: null,
        alerts: alertsOf(one.card),
        links: linksOf(one.card),
      }));
  const mention = async (person: string, text: string): Promise<void> => {
    await teams.says(teamsUser(person), room(), text, { mention: true });
  };

  const genuine = teams.activity('message', teamsUser('ops'), THREAD, {
    id: '1764000000001',
    text: '<at>战情室</at> 开启 社保核心系统报错',
    entities: [{ type: 'mention', mentioned: { id: teams.bot, name: '战情室' }, text: '<at>战情室</at>' }],
  });
  const body = JSON.stringify(genuine);
  teams.addKey('outlook-only', ['outlook']);
  const now = Math.floor(Date.now() / 1000);
  const forged = (what: string, wanted: number, token: string | null, text = body): Attempt => ({
    what,
    wanted,
    send: async () => (await teams.request(text, token)).status,
  });
  const good = (): string => teams.sign(teams.claims());

  return {
    platform,
    get desk() {
      return back.desk;
    },
    received: back.received,
    logged: back.logged,
    secrets: [SECRET, 'standin-access-', 'eyJ'],
    // No channel of Teams knows slash commands: the bot's name and its word are the native way.
    command: (person, text) => mention(person, `应急 ${text}`),
    mention,
    say: (person, text) => says(person, text, { mention: false }),
    edit: (words, text) => teams.edits(find(words), text),
    remove: (words) => teams.deletes(find(words)),
    drop: async (person, name, bytes) => {
      await teams.says(teamsUser(person), `a:${teamsUser(person)}`, '', { files: [{ name, bytes }] });
    },
    picture: async (person, { bytes }) => {
      await says(person, '', { pictures: [bytes] });
    },
    caption: (person, { bytes }: Shared, text) => says(person, text, { pictures: [bytes] }),
    answer: (person, message, text) => says(person, text, { quote: { id: idIn(message), how: 'entity' } }),
    shown: async () => standing(),
    attach: (place, file, posting) => {
      if (!platform.attach) throw new Error('no attach');
      return platform.attach(place, file, posting);
    },
    refuseFile: (how) => {
      if (how === 'rate') teams.trouble('send', 429, 'TooManyRequests', { retryAfter: 1 });
      else if (how === 'outage') teams.trouble('send', 503, 'ServiceUnavailable');
      else teams.trouble('send', 403, 'NotEnoughPermissions');
    },
    largest: LARGEST,
    press: (person, label) => teams.press(teamsUser(person), room(), label),
    submit: (person, fields) => teams.submit(teamsUser(person), room(), fields),
    fields(person) {
      const open = teams.form(teamsUser(person), room());
      if (open.length > 0) return open;
      const button = teams.posted.findLast((one) => wordsOf(one.card).includes('[打开表单]'));
      if (button && !opened.has(button.id)) {
        opened.add(button.id);
        teams.press(teamsUser(person), room(), '打开表单').catch(() => opened.delete(button.id));
      }
      return [];
    },
    seen: async (person) => {
      await teams.settleRefresh();
      const user = teamsUser(person);
      const cards = [
        ...teams.visible(user, THREAD),
        ...(room() === THREAD ? [] : teams.visible(user, room())),
      ].map((one) => wordsOf(teams.cardOf(one, user)));
      return [...cards, ...teams.toasts.filter((one) => one.user === user).map((one) => one.text)].join('\n');
    },
    ...(consented
      ? {
          react: (person: string, words: Words) =>
            teams.reacts(teamsUser(person), room(), idIn(words.id), '1f4cc_pushpin'),
        }
      : {}),
    bots: async (text) => {
      const ops = teamsUser('ops');
      await teams.says(ops, room(), text, { mention: true, from: { id: teams.bot, name: '战情室' } });
      await teams.says(ops, room(), text, { mention: true, from: { id: '28:other', name: 'builds' } });
      await teams.says(ops, room(), text, {
        mention: true,
        from: { id: '29:flow', name: 'flow', role: 'bot' },
      });
    },
    elsewhere: async (person, text) => {
      await teams.says(teamsUser(person), LUNCH, text);
    },
    async storm(work) {
      teams.hold();
      await work();
      const sends = teams.letGo().flatMap((send) => Array.from({ length: 5 }, () => send));
      await Promise.all(shuffled(sends, 20_261_124).map((send) => send()));
    },
    refuse: (how) => {
      if (how === 'rate') teams.trouble('send', 429, 'TooManyRequests', { retryAfter: 1 });
      else teams.trouble('send', 502, 'BadGateway');
    },
    intruders: [
      forged('no token', 401, null),
      forged('a word instead of a token', 401, 'standin'),
      forged('another issuer', 401, teams.sign(teams.claims({ iss: 'https://sts.windows.net/x/' }))),
      forged('another audience', 401, teams.sign(teams.claims({ aud: 'somebody-else' }))),
      forged('an expired token', 401, teams.sign(teams.claims({ exp: now - 600 }))),
      forged('a token that is not valid yet', 401, teams.sign(teams.claims({ nbf: now + 3600 }))),
      forged('a token that never expires', 401, teams.sign(teams.claims({ exp: undefined }))),
      forged('a key nobody published', 401, teams.sign(teams.claims(), {}, 'key-unknown')),
      forged('a key for another channel', 401, teams.sign(teams.claims(), {}, 'outlook-only')),
      forged('no signature algorithm', 401, teams.sign(teams.claims(), { alg: 'none' })),
      forged('a changed token', 401, `${good().slice(0, -6)}AAAAAA`),
      forged('another service address', 401, teams.sign(teams.claims({ serviceurl: 'https://x.example/' }))),
      forged('another channel', 403, good(), JSON.stringify({ ...genuine, channelId: 'directline' })),
      forged(
        'another tenant',
        403,
        good(),
        JSON.stringify({ ...genuine, channelData: { tenant: { id: 'another' } } }),
      ),
    ],
    async mutate(count, seed) {
      const token = good();
      const harmless = [
        'text',
        'name',
        'locale',
        'entities',
        'aadObjectId',
        'tenantId',
        'isGroup',
        'channelData',
      ];
      const texts = mutations([genuine], { count, seed, harmless });
      return atOnce(texts, 8, async (text) => (await teams.request(text, token)).status);
    },
    settle,
    close: async () => {
      await settle();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await back.close();
      await teams.close();
      if (teams.unsupported.length > 0) throw new Error(`unsupported: ${teams.unsupported.join(' | ')}`);
    },
  };
}
