import { join } from 'node:path';
import type { Message } from '../src/chat/message.ts';
import type { ChatPlatform } from '../src/chat/port.ts';
import { slackPlatform } from '../src/chat/slack/platform.ts';
import { systemClock } from '../src/engine/clock.ts';
import type { Place } from '../src/incident/events.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { APP_TOKEN, BOT_TOKEN, startStandin } from '../test/slack/standin.ts';
import { benchDesk, command, inFolder, quantile, report } from './rig.ts';

const WARM_UP = 30;
const MESSAGES = 400;
const PLACE: Place = {
  platform: 'slack',
  workspace: 'T0BENCH',
  conversation: 'C0BENCH',
  language: 'zh',
  org: 'apusic',
};

/**
 * From the arrival of what somebody said in one place until it stands in another, against one direct send of as many
 * words through the same SDK to the same stand-in; by turns, so that whatever else the machine does meets both.
 */
export async function run(): Promise<string[]> {
  const slack = await startStandin();
  slack.channel(PLACE.conversation);
  try {
    return await inFolder((folder) => measure(folder, slack));
  } finally {
    await slack.close();
  }
}

async function measure(folder: string, slack: Awaited<ReturnType<typeof startStandin>>): Promise<string[]> {
  const store = openSqliteStore({ file: join(folder, 'bridge.db') });
  const platform = slackPlatform({
    door: { mode: 'socket', appToken: APP_TOKEN },
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
    isRoom: async () => true,
  });
  let arrived: () => void = () => {};
  const watched: ChatPlatform = {
    ...platform,
    // The pace of a platform is its own; what is measured is the way.
    limits: { ...platform.limits, perMinute: 1_000_000 },
    async post(place, message, posting) {
      const receipt = await platform.post(place, message, posting);
      if (posting.key.includes(':relay:')) arrived();
      return receipt;
    },
  };
  const desk = await benchDesk(store, systemClock, async () => ({ ok: true, detail: '' }), [watched]);
  desk.engine.start();
  await command(desk, 'i1', 'duty', report('i1'));
  await command(desk, 'i1', 'duty', { type: 'open-room', place: PLACE });
  await desk.engine.idle();

  const direct: number[] = [];
  const carried: number[] = [];
  for (let at = 0; at < WARM_UP + MESSAGES; at += 1) {
    const text = `第 ${at} 步：连接池还剩 ${at % 50} 个连接，继续观察`;
    const message: Message = {
      headline: [{ strong: '高级DBA · 数据库厂商' }],
      blocks: [{ block: 'text', text }],
      tone: 'plain',
      card: `direct:${at}`,
    };
    let begin = performance.now();
    await platform.post(PLACE, message, { key: `i1:direct:${at}` });
    if (at >= WARM_UP) direct.push(performance.now() - begin);

    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    begin = performance.now();
    await desk.receive({
      kind: 'text',
      id: `in-${at}`,
      messageId: `m-${at}`,
      text,
      incident: 'i1',
      place: { ...PLACE, platform: 'web', conversation: 'i1' },
      author: { id: 'dba', name: '高级DBA', org: 'dbvendor' },
      at: Date.now(),
      language: 'zh',
    });
    await there;
    if (at >= WARM_UP) carried.push(performance.now() - begin);
    await desk.engine.idle();
  }
  await desk.engine.stop();
  await platform.stop();
  await store.close();
  const line = (share: number): string => {
    const [ours, floor] = [quantile(carried, share), quantile(direct, share)];
    return `${ours.toFixed(1)} ms, a direct send ${floor.toFixed(1)} ms; ratio ${(ours / floor).toFixed(2)}`;
  };
  return [
    `${MESSAGES} messages from their arrival until they stand in Slack: p50 ${line(0.5)}`,
    `p99 ${line(0.99)}`,
  ];
}
