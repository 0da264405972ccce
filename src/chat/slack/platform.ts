import { setTimeout as wait } from 'node:timers/promises';
import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver, webApi } from '@slack/bolt';
import type { Place } from '../../incident/events.ts';
import type { Capabilities, ChatPlatform, Door, Inbound, Limits, Reply } from '../port.ts';
import { failure } from './failure.ts';
import { gated, gateSocket } from './gate.ts';
import { createHear } from './hear.ts';
import { createHistory, type HistoryLimits } from './history.ts';
import { createIntake, type IntakeDeps } from './intake.ts';
import { createInteract } from './interact.ts';
import { isDelivery } from './payloads.ts';
import { createPeople, type RosterPerson } from './people.ts';
import { BLOCK_LIMITS } from './render.ts';
import { createRooms } from './rooms.ts';
import { createSender, type Memory } from './sender.ts';
import { createShare, FILE_BYTES } from './share.ts';
import { createThreads } from './threads.ts';

export interface SlackOptions extends Memory {
  /** Socket Mode needs no public address; HTTP needs one and the signing secret. */
  readonly door:
    | { readonly mode: 'socket'; readonly appToken: string }
    | { readonly mode: 'http'; readonly signingSecret: string };
  readonly botToken: string;
  readonly people: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  /** The organisation whose room the conversations are. */
  readonly org: string;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly now: () => number;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes?: number;
  /** A channel for each incident, open to the workspace or by invitation; or none. */
  readonly rooms: 'public' | 'private' | 'here';
  /** The web room's address, where it has one that readers can follow. */
  readonly publicUrl: string | null;
  /** Where incidents live now, and since when. */
  readonly openRooms: () => Promise<readonly { readonly channel: string; readonly since: number }[]>;
  /** The organisation of each connected workspace, by its id (Slack Connect). */
  readonly teams: Readonly<Record<string, string>>;
  readonly history: HistoryLimits | null;
  /** Another address of the Web API, and the host of files with it. */
  readonly apiUrl?: string;
}

export const SLACK_PATH = '/slack/events';
export const SLASH_COMMAND = '/incident';
/** On a message, and from anywhere; each is named like the command it runs. */
export const SHORTCUTS = ['open', 'diagnose', 'pin'] as const;
export const EVENTS = [
  'app_mention',
  'message',
  'file_shared',
  'reaction_added',
  'member_joined_channel',
] as const;

const API = 'https://slack.com/api/';
const MIB = 1024 * 1024;
const RETRY_MS = 5000;

const CAPABILITIES = {
  hears: 'everything',
  followsEdits: true,
  followsDeletions: true,
  updatesMessages: true,
  threads: true,
  filesHere: true,
  // A notification of Slack obeys the person's own quiet hours.
  urgent: false,
} as const satisfies Omit<Capabilities, 'createsRooms'>;

/** docs.slack.dev/apis/web-api/rate-limits: one message a second and channel, short bursts allowed. */
const LIMITS: Limits = {
  // As many whole blocks of text as one message holds beside its head line.
  textLength: 3 * BLOCK_LIMITS.blockText,
  perMinute: 60,
  blockedForMs: 0,
  fileBytes: FILE_BYTES,
};

/** Slack by Bolt: verifies, parses, renders, sends. */
export function slackPlatform(options: SlackOptions): ChatPlatform {
  const logger = quietLogger(options.log);
  const api = options.apiUrl ?? API;
  // The outbox does the waiting and trying again; the SDK would do so unseen.
  const client = new webApi.WebClient(options.botToken, {
    slackApiUrl: api,
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
  });
  const people = createPeople({
    client,
    roster: options.people,
    language: options.language,
    teams: options.teams,
    home: () => identity.team,
    now: options.now,
  });
  const threads = createThreads(client);
  const sender = createSender({
    client,
    threads,
    userOf: people.userOf,
    publicUrl: options.publicUrl,
    remember: options.remember,
    recall: options.recall,
    log: options.log,
  });
  const entry = openEntry(options, api, logger, () => history?.catchUp());
  let identity = { team: '', bot: '', botId: '' };
  let receive: ((inbound: Inbound) => Promise<Reply>) | null = null;
  let stopped = false;
  const working = new Set<Promise<void>>();

  async function work(what: string, task: Promise<void>): Promise<void> {
    const settled = task.catch((error: unknown) => {
      options.log(`slack: ${what} failed`, { error: error instanceof Error ? error.message : String(error) });
    });
    working.add(settled);
    await settled;
    working.delete(settled);
  }

  const intakeDeps: IntakeDeps = {
    client,
    people,
    sender,
    language: options.language,
    org: options.org,
    now: options.now,
    identity: () => identity,
    remember: options.remember,
    recall: options.recall,
    receive: async (inbound) => {
      if (!receive) throw new Error('slack: not started');
      return receive(inbound);
    },
    refused: (body) => {
      // Slack also tells of what asks for nothing here.
      if (!isDelivery(body)) options.log('slack: a delivery was refused', { why: 'not the shape of Slack' });
    },
    later: (task) => {
      void work('an answer', task);
    },
  };
  const intake = createIntake(intakeDeps);
  const interact = createInteract(intakeDeps, intake);
  const hear = createHear(
    {
      ...intakeDeps,
      files: {
        client,
        token: options.botToken,
        maxBytes: options.maxFileBytes ?? 20 * MIB,
        origins: fileOrigins(new URL(api)),
      },
      threads,
      isRoom: options.isRoom,
      live: async (channel, ts) => history?.live(channel, ts),
      joined: (channel) => history?.joined(channel),
    },
    intake,
  );

  const history =
    options.history &&
    createHistory({
      client,
      limits: options.history,
      rooms: options.openRooms,
      take: hear.missed,
      log: options.log,
      remember: options.remember,
      recall: options.recall,
    });
  const rooms =
    options.rooms === 'here'
      ? undefined
      : createRooms({
          client,
          isPrivate: options.rooms === 'private',
          bot: () => identity.bot,
          remember: options.remember,
          recall: options.recall,
        });

  const app = new App({
    receiver: entry.receiver,
    authorize: async () => ({
      botToken: options.botToken,
      botId: identity.botId,
      botUserId: identity.bot,
      teamId: identity.team,
    }),
    clientOptions: { slackApiUrl: api },
    logger,
    convoStore: false,
  });
  // Everywhere: acknowledge first, since Slack waits three seconds, then work.
  for (const name of EVENTS) app.event(name, ({ body }) => work(name, hear.event(body)));
  app.command(SLASH_COMMAND, async ({ ack, body }) => {
    await ack();
    await work('a command', interact.command(body));
  });
  app.action(/^press-/, async ({ ack, body }) => {
    await ack();
    await work('a button', interact.press(body));
  });
  app.view('form', async ({ ack, body }) => {
    await ack();
    await work('a form', interact.submit(body));
  });
  for (const name of SHORTCUTS)
    app.shortcut(name, async ({ ack, body }) => {
      await ack();
      await work('a shortcut', interact.shortcut(body));
    });

  /** Waits for a network that is not there yet; a wrong token is told at once. */
  async function identify(): Promise<void> {
    while (!stopped) {
      try {
        const known = await client.auth.test();
        identity = { team: known.team_id ?? '', bot: known.user_id ?? '', botId: known.bot_id ?? '' };
        return;
      } catch (error) {
        const failed = failure(error, 'auth.test');
        if (failed.permanent) throw new Error(failed.error, { cause: error });
        options.log('slack: not reachable yet', { error: failed.error });
        // A desk that is stopped meanwhile must not be kept alive by the wait.
        await wait(failed.retryAfterMs ?? RETRY_MS, undefined, { ref: false });
      }
    }
  }

  return {
    name: 'slack',
    capabilities: { ...CAPABILITIES, createsRooms: rooms !== undefined },
    limits: LIMITS,
    door: entry.door,
    rooms,
    async start(listener) {
      receive = listener;
      await identify();
      if (stopped) return;
      await entry.start();
      history?.catchUp();
    },
    async stop() {
      stopped = true;
      await entry.stop();
      await history?.stop();
      while (working.size > 0) await Promise.all(working);
    },
    post: sender.post,
    attach: createShare({ client, threads, remember: options.remember, recall: options.recall }),
    direct: (person, message) => sender.direct(person.address, message, options.language),
  };
}

interface Entry {
  readonly receiver: HTTPReceiver | SocketModeReceiver;
  readonly door: Door | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** `back` is called when the line stands again after it was down. */
function openEntry(options: SlackOptions, slackApiUrl: string, logger: Logger, back: () => void): Entry {
  if (options.door.mode === 'socket') {
    const receiver = new SocketModeReceiver({
      appToken: options.door.appToken,
      logger,
      installerOptions: { clientOptions: { slackApiUrl } },
      // What cannot be handled is not sent again: it would fail the same way.
      processEventErrorHandler: async () => true,
    });
    gateSocket(receiver.client, (why) => options.log('slack: a frame was refused', { why }));
    let connections = 0;
    receiver.client.on('connected', () => {
      connections += 1;
      if (connections > 1) back();
    });
    let started = false;
    return {
      receiver,
      door: undefined,
      async start() {
        started = true;
        await receiver.start();
      },
      async stop() {
        if (started) await receiver.client.disconnect();
      },
    };
  }
  const { signingSecret } = options.door;
  const receiver = new HTTPReceiver({
    signingSecret,
    // The gate has verified already, and more strictly.
    signatureVerification: false,
    endpoints: [SLACK_PATH],
    logger,
  });
  return {
    receiver,
    door: {
      path: SLACK_PATH,
      listener: gated(receiver.requestListener, {
        path: SLACK_PATH,
        signingSecret,
        now: Date.now,
        refused: (status, why) => options.log('slack: a request was refused', { status, why }),
      }),
    },
    async start() {},
    async stop() {},
  };
}

/** Bolt's warnings without payloads: its debug lines carry what people wrote, and tokens. */
function quietLogger(log: SlackOptions['log']): Logger {
  const say = (level: string, parts: readonly unknown[]): void => {
    const text = parts
      .map(String)
      .join(' ')
      .replace(/xox[a-z]-[\w-]+|xapp-[\w-]+/g, '****');
    log(`slack sdk ${level}`, { text: text.slice(0, 500) });
  };
  return {
    debug() {},
    info() {},
    warn: (...parts) => say('warning', parts),
    error: (...parts) => say('error', parts),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}

function fileOrigins({ protocol, host }: URL): readonly string[] {
  return [`${protocol}//${host}`, `${protocol}//files.${host}`];
}
