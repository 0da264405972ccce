import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import { SLACK_PATH, type SlackOptions, slackPlatform } from '../../src/chat/slack/platform.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { systemClock } from '../../src/engine/clock.ts';
import type { Incident } from '../../src/incident/state.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import type { DocumentWriter } from '../../src/summary/write/index.ts';
import { SETTINGS } from '../support/desk.ts';
import { wordsOf } from './kit.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, type Standin, startStandin } from './standin.ts';

const knowledge = loadKnowledge();
export const ROOM = 'C0WARROOM';

/** The Slack user of a person of the roster. */
export const slackUser = (person: string): string => `U0${person.toUpperCase().replaceAll('-', '')}`;

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({ ...one, accounts: { slack: slackUser(one.id) } })),
  },
};

export type Mode = 'socket' | 'http';

/** A desk on real SQLite and the real clock, reached through the real Bolt and the stand-in of Slack. */
export interface SlackRoom {
  readonly slack: Standin;
  readonly platform: ChatPlatform;
  readonly desk: Desk;
  readonly logged: { readonly what: string; readonly detail: Readonly<Record<string, unknown>> }[];
  readonly received: Inbound[];
  /** The only incident there is. */
  incident(): Promise<Incident>;
  incidents(): Promise<readonly Incident[]>;
  talk(): Promise<readonly { readonly kind: string; readonly author: string; readonly text: string }[]>;
  /** Everything shown in the channel, or to one person there. */
  shown(person?: string): string;
  until(what: () => Promise<unknown> | unknown): Promise<void>;
  /** Waits for the work that is under way, so that "nothing happened" can be told. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface SlackRoomOptions {
  readonly maxFileBytes?: number;
  readonly rooms?: SlackOptions['rooms'];
  readonly publicUrl?: string;
  readonly history?: SlackOptions['history'];
}

export async function slackRoom(
  mode: Mode,
  { write, ...more }: SlackRoomOptions & { readonly write?: DocumentWriter } = {},
): Promise<SlackRoom> {
  const slack = await startStandin();
  for (const person of settings.config.people) slack.user(slackUser(person.id), person.name);
  slack.user('U0GUEST', '路人', { locale: 'en-US' });
  slack.user('U0OTHERBOT', 'builds', { bot: true });
  slack.channel(ROOM);
  const folder = mkdtempSync(join(tmpdir(), 'warroom-slack-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const logged: SlackRoom['logged'] = [];
  const received: Inbound[] = [];
  const memory = new Map<string, string>();
  const platform = slackPlatform({
    door: mode === 'socket' ? { mode, appToken: APP_TOKEN } : { mode, signingSecret: SIGNING_SECRET },
    botToken: BOT_TOKEN,
    people: settings.config.people,
    language: 'zh',
    org: 'apusic',
    now: Date.now,
    apiUrl: slack.apiUrl,
    rooms: 'here',
    publicUrl: null,
    teams: { T0FINANCE: 'fin' },
    history: null,
    openRooms: async () =>
      (await store.incidents({ openOnly: true })).flatMap((one) =>
        one.places
          .filter((place) => place.platform === 'slack')
          .map((place) => ({ channel: place.conversation, since: 0 })),
      ),
    log: (what, detail) => logged.push({ what, detail }),
    remember: async (key, value) => void memory.set(key, value),
    recall: async (key) => memory.get(key) ?? null,
    isRoom: async (place) =>
      (await store.incidents()).some((one) =>
        one.places.some((here) => here.platform === 'slack' && here.conversation === place.conversation),
      ),
    ...more,
  });
  const desk = await createDesk({
    settings,
    knowledge,
    store,
    clock: systemClock,
    platforms: [platform],
    ...(write ? { write } : {}),
    contact: async (contact) => ({ ok: true, detail: contact.method }),
    log: (what, detail) => logged.push({ what, detail }),
  });
  desk.engine.start();
  const receive = async (inbound: Inbound): Promise<Reply> => {
    received.push(inbound);
    return desk.receive(inbound);
  };
  let server: Server | null = null;
  const { door } = platform;
  if (door) {
    const listening = createServer(door.listener);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    slack.deliverTo(`http://127.0.0.1:${(listening.address() as AddressInfo).port}${SLACK_PATH}`);
    server = listening;
  }
  await platform.start(receive);

  const incident = async (): Promise<Incident> => {
    const all = await store.incidents();
    const [only] = all;
    if (all.length !== 1 || !only) throw new Error(`${all.length} incidents`);
    return only;
  };
  return {
    slack,
    platform,
    desk,
    logged,
    received,
    incident,
    incidents: () => store.incidents(),
    talk: async () =>
      (await store.talk((await incident()).id, ['joint']))
        .filter((one) => one.form !== 'bot')
        .map((one) => ({ kind: one.kind, author: one.author.id, text: one.text })),
    shown: (person) =>
      slack.posted
        .filter((one) => one.only === (person === undefined ? null : slackUser(person)))
        .map((one) => wordsOf(one.blocks))
        .join('\n'),
    until: async (what) => {
      await expect
        .poll(what, { timeout: 8_000, interval: 20 })
        .toBeTruthy()
        .catch((error: unknown) => {
          throw new Error(JSON.stringify({ logged, said: slack.posted.map((one) => [one.only, one.text]) }), {
            cause: error,
          });
        });
    },
    settle: () => platform.stop(),
    close: async () => {
      await platform.stop();
      await desk.engine.stop();
      if (server) {
        server.closeAllConnections();
        await new Promise((resolve) => server?.close(resolve));
      }
      await slack.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
      // A call the stand-in does not know must not hide behind a handler that logs and goes on.
      expect(slack.unsupported).toEqual([]);
    },
  };
}
