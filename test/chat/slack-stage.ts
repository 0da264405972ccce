import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SLACK_PATH, slackPlatform } from '../../src/chat/slack/platform.ts';
import { alertsOf, linksOf, wordsOf } from '../slack/kit.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  BOT_USER,
  SIGNING_SECRET,
  type Spoken,
  startStandin,
  TEAM,
} from '../slack/standin.ts';
import { SETTINGS } from '../support/desk.ts';
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

const LOBBY = 'C0LOBBY';
const LARGEST = 1024 * 1024;
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The Slack user of a person of the roster. */
const user = (person: string): string => `U0${person.toUpperCase().replaceAll('-', '')}`;

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({ ...one, accounts: { slack: user(one.id) } })),
  },
};

/** Slack through the real Bolt, by socket or by signed HTTP, with a channel of its own for each incident. */
export async function slackStage(mode: 'socket' | 'http', house: House = backstage): Promise<Stage> {
  const slack = await startStandin();
  for (const person of settings.config.people) slack.user(user(person.id), person.name);
  slack.user('U0OTHERBOT', 'builds', { bot: true });
  slack.channel(LOBBY);
  slack.channel('C0LUNCH');
  const back = await house({
    settings,
    platforms: (store, logged) => [
      slackPlatform({
        door: mode === 'socket' ? { mode, appToken: APP_TOKEN } : { mode, signingSecret: SIGNING_SECRET },
        botToken: BOT_TOKEN,
        people: settings.config.people,
        language: 'zh',
        org: 'apusic',
        rooms: 'public',
        publicUrl: 'https://warroom.example',
        teams: {},
        history: null,
        openRooms: async () => [],
        now: Date.now,
        apiUrl: slack.apiUrl,
        maxFileBytes: LARGEST,
        log: (what, detail) => logged.push({ what, detail }),
        remember: (key, value) => store.putNote(`slack:${key}`, value),
        recall: (key) => store.getNote(`slack:${key}`),
        isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
      }),
    ],
  });
  const [platform] = back.platforms;
  if (!platform?.attach) throw new Error('no platform');
  let server: Server | null = null;
  if (platform.door) {
    const listening = createServer(platform.door.listener);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    slack.deliverTo(`http://127.0.0.1:${(listening.address() as AddressInfo).port}${SLACK_PATH}`);
    server = listening;
  }
  await platform.start(back.receive);

  const nameOf = ({ channel, ts }: { readonly channel: string; readonly ts: string }): string =>
    `${channel}:${ts}`;
  const room = (): string =>
    [...slack.channels.values()].findLast((one) => one.creator === BOT_USER)?.id ?? LOBBY;
  const visible = (person: string) =>
    slack.posted.filter(
      (one) =>
        (one.channel === room() || one.channel === LOBBY) && (one.only === null || one.only === user(person)),
    );
  const find = (words: Words): Spoken => {
    const found = slack.standing(room()).find((one) => nameOf(one) === words.id);
    if (!found) throw new Error(`nobody said ${words.id}`);
    return found;
  };
  /** As a reader sees it: the words, and beneath them the files. */
  const standing = () =>
    slack.posted
      .filter((one) => one.channel === room() && one.only === null)
      .map((one) => ({
        id: nameOf(one),
        text: wordsOf(one.blocks),
        files: one.files,
        answers: one.thread === null ? null : `${one.channel}:${one.thread}`,
        alerts: alertsOf(one.text, one.blocks),
        links: linksOf(one.blocks),
      }));
  const file = ({ name, bytes }: Shared) => ({ id: `F${slack.spoken.length}`, name, bytes });
  const says = async (
    person: string,
    text: string,
    more: Parameters<typeof slack.says>[3] = {},
  ): Promise<Words> => {
    const said = await slack.says(user(person), room(), text, more);
    return { id: nameOf(said), author: person, text };
  };
  const form = (person: string) => slack.views.filter((one) => one.user === user(person)).at(-1);

  const genuine: Record<string, unknown> = {
    type: 'event_callback',
    event_id: 'Ev1',
    event: {
      type: 'app_mention',
      user: user('ops'),
      channel: LOBBY,
      text: `<@${BOT_USER}> 开启 社保核心系统报错`,
      ts: '1764000000.000100',
    },
  };
  const command = new URLSearchParams({
    command: '/incident',
    text: '开启 伪造的事件',
    user_id: user('ops'),
    channel_id: LOBBY,
    team_id: TEAM,
    trigger_id: '1.forged',
  }).toString();
  const seconds = (offset: number): string => String(Math.floor(Date.now() / 1000) + offset);
  const forged = (what: string, headers: Record<string, string>): Attempt => ({
    what,
    wanted: 401,
    send: () => slack.request(FORM_TYPE, command, headers),
  });

  return {
    platform,
    get desk() {
      return back.desk;
    },
    received: back.received,
    logged: back.logged,
    secrets: [BOT_TOKEN, APP_TOKEN, SIGNING_SECRET],
    command: (person, text) => slack.slash(user(person), room(), text),
    mention: async (person, text) => {
      await slack.says(user(person), room(), `<@${BOT_USER}> ${text}`);
    },
    say: (person, text) => says(person, text),
    edit: (words, text) => slack.edits(find(words), text),
    remove: (words) => slack.deletes(find(words)),
    drop: async (person, name, bytes) => {
      await says(person, '', { files: [file({ name, bytes })] });
    },
    picture: async (person, shared) => {
      await says(person, '', { files: [file(shared)] });
    },
    caption: (person, shared, text) => says(person, text, { files: [file(shared)] }),
    // In the thread that the message stands in, or that it begins.
    answer: async (person, message, text) => {
      const to = slack.standing(room()).find((one) => nameOf(one) === message);
      if (!to) throw new Error(`nobody sees ${message}`);
      return says(person, text, { thread: to.thread ?? to.ts });
    },
    shown: async () => standing(),
    attach: platform.attach,
    refuseFile: (how) => {
      if (how === 'rate') slack.limit('files.completeUploadExternal', 1);
      else if (how === 'outage') slack.failUpload(503);
      else slack.fail('files.getUploadURLExternal', 'missing_scope', { needed: 'files:write', provided: '' });
    },
    loseFile: () => void slack.lose('files.completeUploadExternal'),
    largest: LARGEST,
    press: (person, label) => slack.press(user(person), room(), label),
    submit: (person, fields) => slack.submit(user(person), fields),
    fields: (person) =>
      form(person)?.view.blocks.flatMap((one) => (one.type === 'input' ? [one.block_id] : [])) ?? [],
    seen: async (person) =>
      visible(person)
        .map((one) => wordsOf(one.blocks))
        .join('\n'),
    react: (person, words) => slack.reacts(user(person), find(words), 'pushpin'),
    bots: async (text) => {
      await slack.says(BOT_USER, room(), `<@${BOT_USER}> ${text}`);
      await slack.says('U0OTHERBOT', room(), `<@${BOT_USER}> ${text}`);
      await slack.says(user('ops'), room(), `<@${BOT_USER}> ${text}`, { botId: 'B0OTHER' });
    },
    elsewhere: async (person, text) => {
      await slack.says(user(person), 'C0LUNCH', text);
    },
    async storm(work) {
      slack.hold();
      await work();
      const sends = slack
        .letGo()
        .flatMap((send) => Array.from({ length: 5 }, (_, attempt) => () => send(attempt)));
      await Promise.all(shuffled(sends, 20_261_124).map((send) => send()));
    },
    refuse: (how) =>
      how === 'rate' ? slack.limit('chat.postMessage', 1) : slack.fail('chat.postMessage', 'internal_error'),
    forbid: () => {
      slack.fail('conversations.create', 'missing_scope', { needed: 'channels:manage', provided: '' });
      return 'channels:manage';
    },
    ...(mode === 'http'
      ? {
          intruders: [
            forged('a wrong signature', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }),
            forged('a signature of another version', { 'x-slack-signature': 'v1=abc' }),
            forged('no signature', { 'x-slack-signature': '' }),
            forged('a time that is none', { 'x-slack-request-timestamp': 'yesterday' }),
            forged('a genuine request replayed after six minutes', {
              'x-slack-request-timestamp': seconds(-360),
            }),
            forged('a request dated ahead', { 'x-slack-request-timestamp': seconds(3600) }),
          ],
        }
      : {}),
    async mutate(count, seed) {
      const texts = mutations([genuine], { count, seed, harmless: ['text'] });
      if (mode === 'http') return atOnce(texts, 8, (text) => slack.request(JSON_TYPE, text));
      // On the socket a frame is taken or not; there is no status. The connection has to outlive them.
      for (const [at, text] of texts.entries())
        slack.frame(`{"envelope_id":"m${at}","type":"events_api","payload":${text}}`);
      return new Set([0]);
    },
    settle: async () => {
      await slack.echoed();
      await platform.stop();
    },
    close: async () => {
      await platform.stop();
      if (server) {
        server.closeAllConnections();
        await new Promise((resolve) => server?.close(resolve));
      }
      await back.close();
      await slack.close();
      if (slack.unsupported.length > 0) throw new Error(`unsupported calls: ${slack.unsupported.join(', ')}`);
    },
  };
}
