import { setTimeout as wait } from 'node:timers/promises';
import * as lark from '@larksuiteoapi/node-sdk';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import type { Capabilities, ChatPlatform, Inbound, Limits, Reply } from '../port.ts';
import { createAnswers } from './answer.ts';
import { failure } from './failure.ts';
import { gated } from './gate.ts';
import { createHear } from './hear.ts';
import { openLine } from './line.ts';
import { createPeople, type RosterPerson } from './people.ts';
import { createRooms } from './rooms.ts';
import { createSender, type Memory } from './sender.ts';
import { createShare } from './share.ts';
import { UPLOAD_LIMITS } from './uploads.ts';
import { type Credentials, createWire, quietLogger, unexpected } from './wire.ts';

export interface FeishuOptions extends Memory {
  readonly app: Credentials;
  /** The long connection needs no public address; HTTP needs one, and the keys of its events. */
  readonly door:
    | { readonly mode: 'socket' }
    | { readonly mode: 'http'; readonly encryptKey: string; readonly verificationToken: string };
  /** Whether the permission was granted to hear what does not address the bot. */
  readonly hears: 'everything' | 'addressed';
  /** A group for each incident, or none. */
  readonly rooms: 'private' | 'public' | 'here';
  readonly archive: 'rename' | 'dissolve';
  readonly people: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  /** The organisation whose room the conversations are. */
  readonly org: string;
  readonly publicUrl: string | null;
  readonly isCommand: (word: string) => boolean;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly now: () => number;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** A page of the web room that logs this one person in, once. */
  readonly personalLink: ((person: string, path: string) => Promise<string>) | null;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes?: number;
  readonly patienceMs?: number;
  /** Seconds without an answer to a ping after which the long connection counts as dead. */
  readonly pongWithinS?: number;
}

export const FEISHU_PATH = '/feishu/events';

const MIB = 1024 * 1024;
/** …/card-callback-communication: three seconds for the answer to a button. */
const PATIENCE_MS = 2300;
const PONG_S = 30;
const RETRY_MS = 5000;

/** …/im-v1/message/create: five messages a second in one group, which its bots share. */
const LIMITS: Limits = {
  // Three bytes a Chinese character, in a card of about 30 KB that is changed as a whole.
  textLength: 8000,
  perMinute: 240,
  blockedForMs: 0,
  fileBytes: UPLOAD_LIMITS.file,
};

const info = z.looseObject({ bot: z.looseObject({ open_id: z.string().min(1) }) });

/** Feishu or Lark by its SDK: verifies, parses, renders, sends. */
export function feishuPlatform(options: FeishuOptions): ChatPlatform {
  const { app, door, log } = options;
  const wire = createWire(app, log);
  const people = createPeople({
    wire,
    roster: options.people,
    language: options.language,
    now: options.now,
  });
  const sender = createSender({
    wire,
    userOf: people.userOf,
    chatLink: (chat) => chatLink(app.domain, chat),
    publicUrl: options.publicUrl,
    remember: options.remember,
    recall: options.recall,
    log,
  });
  const answers = createAnswers({ wire, sender, personal: options.personalLink, log });
  const working = new Set<Promise<void>>();
  let receive: ((inbound: Inbound) => Promise<Reply>) | null = null;
  let bot = '';
  let stopped = false;

  const later = (what: string, task: Promise<void>): void => {
    const settled = task
      .catch((error: unknown) => {
        log(`feishu: ${what} failed`, { error: failure(error, what).error.slice(0, 500) });
      })
      .finally(() => working.delete(settled));
    working.add(settled);
  };
  const hear = createHear({
    wire,
    people,
    answers,
    maxFileBytes: options.maxFileBytes ?? 20 * MIB,
    language: options.language,
    org: options.org,
    now: options.now,
    appId: app.appId,
    bot: () => bot,
    isCommand: options.isCommand,
    isRoom: options.isRoom,
    remember: options.remember,
    recall: options.recall,
    receive: async (inbound) => {
      if (!receive) throw new Error('feishu: not started');
      return receive(inbound);
    },
    later,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
  });
  const logger = quietLogger(log, app.appSecret);
  // What arrives here was verified by the door, or came through a connection that this side opened.
  const dispatcher = new lark.EventDispatcher({ logger, loggerLevel: lark.LoggerLevel.error }).register(hear);
  const line =
    door.mode === 'socket'
      ? openLine({ app, dispatcher, logger, log, pongWithinS: options.pongWithinS ?? PONG_S })
      : null;

  /** Waits for a network that is not there yet; wrong credentials are told at once. */
  async function identify(): Promise<void> {
    while (!stopped) {
      try {
        const answer = await wire.call((client) =>
          client.request<unknown>({ method: 'GET', url: '/open-apis/bot/v3/info' }),
        );
        const read = info.safeParse(answer);
        if (!read.success) throw unexpected('bot/v3/info');
        bot = read.data.bot.open_id;
        return;
      } catch (error) {
        const failed = failure(error, 'bot/v3/info');
        if (failed.permanent) throw new Error(failed.error, { cause: error });
        log('feishu: not reachable yet', { error: failed.error });
        // A desk that is stopped meanwhile must not be kept alive by the wait.
        await wait(failed.retryAfterMs ?? RETRY_MS, undefined, { ref: false });
      }
    }
  }

  const rooms =
    options.rooms === 'here'
      ? undefined
      : createRooms({
          wire,
          isPublic: options.rooms === 'public',
          archive: options.archive,
          remember: options.remember,
          recall: options.recall,
        });

  return {
    name: 'feishu',
    capabilities: capabilitiesOf(options),
    limits: LIMITS,
    door:
      door.mode === 'http'
        ? {
            path: FEISHU_PATH,
            listener: gated({
              path: FEISHU_PATH,
              appId: app.appId,
              encryptKey: door.encryptKey,
              verificationToken: door.verificationToken,
              now: options.now,
              refused: (status, why) => log('feishu: a request was refused', { status, why }),
              deliver: (body) => dispatcher.invoke(body, { needCheck: false }),
            }),
          }
        : undefined,
    rooms,
    async start(listener) {
      receive = listener;
      await identify();
      if (!stopped) await line?.start();
    },
    async stop() {
      stopped = true;
      line?.stop();
      while (working.size > 0) await Promise.all(working);
    },
    post: sender.post,
    attach: createShare({ wire, sender, remember: options.remember, recall: options.recall }),
    direct: (person, message, urgency) => sender.direct(person, message, options.language, urgency ?? null),
  };
}

function capabilitiesOf({ hears, rooms }: FeishuOptions): Capabilities {
  return {
    hears,
    // Feishu tells a bot of a recalled message and not of a changed one.
    followsEdits: false,
    followsDeletions: true,
    createsRooms: rooms !== 'here',
    updatesMessages: true,
    threads: true,
    filesHere: true,
    urgent: true,
  };
}

/** open.feishu.cn/document/common-capabilities/applink-protocol/supported-protocol/open-a-chat-page */
function chatLink(domain: string, chat: string): string | null {
  const hosts: Readonly<Record<string, string>> = {
    feishu: 'applink.feishu.cn',
    lark: 'applink.larksuite.com',
  };
  const host = hosts[domain];
  if (host === undefined) return null;
  return `https://${host}/client/chat/open?openChatId=${encodeURIComponent(chat)}`;
}
