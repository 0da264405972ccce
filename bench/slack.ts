import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { SLACK_PATH, slackPlatform } from '../src/chat/slack/platform.ts';
import { systemClock } from '../src/engine/clock.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, type Standin, startStandin } from '../test/slack/standin.ts';
import { benchDesk, inFolder, quantile } from './rig.ts';

const ROUNDS = 9;
const DELIVERIES = 800;
/** One in so many is a command, which is answered; the rest is talk. */
const COMMAND_EVERY = 5;
/** As in a burst: so many deliveries are under way at once. */
const WIDTH = 32;
const CHANNEL = 'C0BENCH';
const USER = 'U0BENCH';

type Mode = 'socket' | 'http';

interface Contender {
  readonly slack: Standin;
  /** How many answers were sent so far, and how many so many deliveries call for. */
  answers(): number;
  answersOf(deliveries: number): number;
  /** Resolves when nothing that was delivered is still being worked on. */
  done(answers: number): Promise<void>;
  close(): Promise<void>;
}

interface Round {
  readonly perSecond: number;
  /** Processor time of app and stand-in together, milliseconds for one delivery. */
  readonly cpu: number;
  readonly acks: readonly number[];
}

/**
 * Deliveries of Slack, acknowledged and worked off, against an app of nothing but Bolt that answers each with an
 * echo; by turns in one run, on the same stand-in, so that whatever else the machine does meets both.
 */
export async function run(): Promise<string[]> {
  const lines: string[] = [];
  for (const mode of ['socket', 'http'] as const) lines.push(await compare(mode));
  return lines;
}

function compare(mode: Mode): Promise<string> {
  return inFolder(async (folder) => {
    const ours = await warroom(mode, folder);
    const bare = await echo(mode);
    const results: { readonly ours: Round[]; readonly bare: Round[] } = { ours: [], bare: [] };
    await play(ours, 50);
    await play(bare, 50);
    for (let round = 0; round < ROUNDS; round += 1) {
      results.bare.push(await play(bare, DELIVERIES));
      results.ours.push(await play(ours, DELIVERIES));
    }
    await ours.close();
    await bare.close();
    const speed = (rounds: readonly Round[]): number => median(rounds.map((one) => one.perSecond));
    const late = (rounds: readonly Round[]): number => median(rounds.map((one) => quantile(one.acks, 0.99)));
    // Neighbouring rounds meet the same machine: their ratio says more than that of two averages.
    const each = (of: (round: Round) => number): number =>
      median(results.ours.map((one, at) => of(one) / of(results.bare[at] ?? one)));
    const slowest = Math.max(...results.ours.flatMap((one) => one.acks));
    return [
      `${mode}: ${speed(results.ours).toFixed(0)} deliveries/s, a bare Bolt echo ${speed(results.bare).toFixed(0)}`,
      `ratio ${each((one) => one.perSecond).toFixed(2)} (wanted ≥ 0.8)`,
      `processor time ${median(results.ours.map((one) => one.cpu)).toFixed(2)} ms a delivery, bare ${median(results.bare.map((one) => one.cpu)).toFixed(2)}`,
      `acknowledged p99 ${late(results.ours).toFixed(1)} ms, bare ${late(results.bare).toFixed(1)} ms`,
      `ratio ${each((one) => quantile(one.acks, 0.99)).toFixed(2)} (wanted ≤ 1.5)`,
      `slowest ${slowest.toFixed(0)} ms (Slack waits 3000)`,
    ].join('; ');
  });
}

async function play(contender: Contender, deliveries: number): Promise<Round> {
  const { slack } = contender;
  const acks: number[] = [];
  let next = 0;
  const answersBefore = contender.answers();
  const worker = async (): Promise<void> => {
    while (next < deliveries) {
      const number = next;
      next += 1;
      const begun = performance.now();
      if (number % COMMAND_EVERY === 0) await slack.slash(USER, CHANNEL, '状态');
      else await slack.says(USER, CHANNEL, `第 ${number} 句：现场还在看`);
      acks.push(performance.now() - begun);
    }
  };
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await Promise.all(Array.from({ length: WIDTH }, worker));
  await contender.done(answersBefore + contender.answersOf(deliveries));
  const used = process.cpuUsage(cpu);
  return {
    perSecond: deliveries / ((performance.now() - begun) / 1000),
    cpu: (used.user + used.system) / 1000 / deliveries,
    acks,
  };
}

async function standin(): Promise<Standin> {
  const slack = await startStandin();
  slack.channel(CHANNEL);
  slack.user(USER, '值班');
  return slack;
}

async function listening(listener: RequestListener, slack: Standin): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  slack.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}${SLACK_PATH}`);
  return server;
}

async function warroom(mode: Mode, folder: string): Promise<Contender> {
  const slack = await standin();
  const store = openSqliteStore({ file: join(folder, 'bench.db') });
  const desk = await benchDesk(store, systemClock, async () => ({ ok: true, detail: '' }));
  const platform = slackPlatform({
    door: mode === 'socket' ? { mode, appToken: APP_TOKEN } : { mode, signingSecret: SIGNING_SECRET },
    botToken: BOT_TOKEN,
    people: [],
    language: 'zh',
    org: 'apusic',
    rooms: 'here',
    publicUrl: null,
    teams: {},
    history: null,
    openRooms: async () => [],
    now: Date.now,
    apiUrl: slack.apiUrl,
    log: () => {},
    remember: (key, value) => store.putNote(`slack:${key}`, value),
    recall: (key) => store.getNote(`slack:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
  });
  let working = 0;
  const server = platform.door ? await listening(platform.door.listener, slack) : null;
  await platform.start(async (inbound) => {
    working += 1;
    try {
      return await desk.receive(inbound);
    } finally {
      working -= 1;
    }
  });
  await slack.slash(USER, CHANNEL, '开启 社保核心系统登录失败');
  await until(async () => (await store.incidents()).length === 1);
  // The engine rests, so that nothing else is posted.
  const answers = (): number => slack.posted.length;
  return {
    slack,
    answers,
    answersOf: (deliveries) => Math.ceil(deliveries / COMMAND_EVERY),
    done: (wanted) => until(async () => working === 0 && answers() >= wanted),
    close: async () => {
      await platform.stop();
      server?.closeAllConnections();
      server?.close();
      await store.close();
      await slack.close();
    },
  };
}

/** What everybody writes first with Bolt: an answer with the same words. */
async function echo(mode: Mode): Promise<Contender> {
  const slack = await standin();
  const receiver =
    mode === 'socket'
      ? new SocketModeReceiver({
          appToken: APP_TOKEN,
          logLevel: LogLevel.ERROR,
          installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
        })
      : new HTTPReceiver({
          signingSecret: SIGNING_SECRET,
          endpoints: [SLACK_PATH],
          logLevel: LogLevel.ERROR,
        });
  const app = new App({
    receiver,
    token: BOT_TOKEN,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  let working = 0;
  let echoed = 0;
  app.message(async ({ message, say }) => {
    working += 1;
    if ('text' in message) await say(message.text ?? '');
    echoed += 1;
    working -= 1;
  });
  app.command('/incident', async ({ ack, command, client }) => {
    await ack();
    working += 1;
    await client.chat.postEphemeral({
      channel: command.channel_id,
      user: command.user_id,
      text: command.text,
    });
    echoed += 1;
    working -= 1;
  });
  const server = receiver instanceof HTTPReceiver ? await listening(receiver.requestListener, slack) : null;
  if (!server) await app.start();
  return {
    slack,
    answers: () => echoed,
    answersOf: (deliveries) => deliveries,
    done: (wanted) => until(async () => working === 0 && echoed >= wanted),
    close: async () => {
      if (receiver instanceof SocketModeReceiver) await receiver.client.disconnect();
      server?.closeAllConnections();
      server?.close();
      await slack.close();
    },
  };
}

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setImmediate(resolve));
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
