import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuPlatform } from '../../src/chat/feishu/platform.ts';
import { slackPlatform } from '../../src/chat/slack/platform.ts';
import { BOT } from '../../src/incident/events.ts';
import { type Backstage, backstage, until } from '../chat/stage.ts';
import { wordsOf as cardWords } from '../feishu/kit.ts';
import * as lark from '../feishu/standin.ts';
import { wordsOf } from '../slack/kit.ts';
import * as slackService from '../slack/standin.ts';
import { SETTINGS } from '../support/desk.ts';

const CHANNEL = 'C0HOUSE';
const GROUP = 'oc_db';
const slackUser = (person: string): string => `U0${person.toUpperCase().replaceAll('-', '')}`;
const feishuUser = (person: string): string => `ou_${person.replaceAll('-', '_')}`;
const PIXEL = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
    'base64',
  ),
);
const PDF = new Uint8Array(Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n', 'latin1'));

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({
      ...one,
      accounts: { slack: slackUser(one.id), feishu: feishuUser(one.id) },
    })),
  },
};

/** We sit in Slack, the vendor of the database in Feishu: each through the SDK of its platform. */
let slack: slackService.Standin;
let feishu: lark.Standin;
let back: Backstage & { readonly stop: () => Promise<void> };

beforeEach(async () => {
  slack = await slackService.startStandin();
  feishu = await lark.startStandin();
  for (const { id, name } of settings.config.people) {
    slack.user(slackUser(id), name);
    feishu.user(feishuUser(id), name);
  }
  slack.channel(CHANNEL);
  feishu.group(GROUP, [feishuUser('dba')]);
  const made = await backstage({
    settings,
    platforms: (store, logged) => {
      const common = {
        people: settings.config.people,
        language: 'zh',
        org: 'apusic',
        rooms: 'here',
        publicUrl: 'https://warroom.example',
        now: Date.now,
        log: (what: string, detail: unknown) => void logged.push({ what, detail }),
      } as const;
      return [
        slackPlatform({
          ...common,
          door: { mode: 'socket', appToken: slackService.APP_TOKEN },
          botToken: slackService.BOT_TOKEN,
          teams: {},
          history: null,
          openRooms: async () => [],
          apiUrl: slack.apiUrl,
          remember: (key, value) => store.putNote(`slack:${key}`, value),
          recall: (key) => store.getNote(`slack:${key}`),
          isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
        }),
        feishuPlatform({
          ...common,
          app: { appId: lark.APP_ID, appSecret: lark.APP_SECRET, domain: feishu.domain },
          door: { mode: 'socket' },
          hears: 'everything',
          archive: 'rename',
          personalLink: null,
          isCommand: () => false,
          remember: (key, value) => store.putNote(`feishu:${key}`, value),
          recall: (key) => store.getNote(`feishu:${key}`),
          isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
        }),
      ];
    },
  });
  for (const platform of made.platforms) await platform.start(made.receive);
  back = { ...made, stop: async () => void (await Promise.all(made.platforms.map((one) => one.stop()))) };
  await slack.slash(slackUser('duty'), CHANNEL, '开启 社保核心系统打不开');
  await until(back, async () => (await back.store.incidents()).length === 1);
  const place = {
    platform: 'feishu',
    workspace: lark.TENANT,
    conversation: GROUP,
    language: 'zh',
    org: 'dbvendor',
    audience: 'org',
  } as const;
  const lead = { id: 'emergency-lead', name: '应急总指挥', org: 'apusic' };
  const given = { at: null, backdateReason: null, sources: [] };
  const invited = { type: 'invite-organisation', org: 'dbvendor' } as const;
  await back.desk.handle(await incident(), { by: lead, ...given, body: invited });
  await back.desk.handle(await incident(), { by: BOT, ...given, body: { type: 'open-room', place } });
  await until(back, () => inFeishu('社保核心系统打不开').length > 0);
});
afterEach(async () => {
  await back.stop();
  await back.close();
  await slack.close();
  await feishu.close();
  expect([...slack.unsupported, ...feishu.unsupported]).toEqual([]);
});

const incident = async (): Promise<string> => (await back.store.incidents())[0]?.id ?? '';
const talk = async () =>
  (await back.store.talk(await incident(), ['joint'])).filter((one) => one.form !== 'bot');
const inSlack = (text: string) =>
  slack.posted.filter(
    (one) => one.channel === CHANNEL && one.only === null && wordsOf(one.blocks).includes(text),
  );
const inFeishu = (text: string) =>
  feishu
    .visible(feishuUser('dba'), GROUP)
    .filter((one) => one.only === null && one.card && cardWords(one.card).includes(text));
/** As soon as it stands there and is known to; people answer no sooner. */
async function once<T>(found: () => readonly T[]): Promise<T> {
  await until(back, () => found().length === 1);
  await back.desk.engine.idle();
  const [only] = found();
  if (!only) throw new Error('it went away');
  return only;
}
const here = (text: string) => once(() => inSlack(text));
const there = (text: string) => once(() => inFeishu(text));

describe('Slack and Feishu in one room', () => {
  it('words and the answers to them stand in both, each with what it answers', async () => {
    const asked = await slack.says(slackUser('duty'), CHANNEL, '监听日志有没有异常');
    const card = await there('监听日志有没有异常');
    await feishu.says(feishuUser('dba'), GROUP, '监听日志正常', { parent: card.id });
    const answer = await here('监听日志正常');
    expect([answer.thread, answer.broadcast]).toEqual([asked.ts, true]);
    expect(wordsOf(answer.blocks)).toContain('数据库');
    await slack.says(slackUser('duty'), CHANNEL, '那看一下连接数', { thread: asked.ts });
    const next = await there('那看一下连接数');
    // Slack knows the thread and not which of its words is meant.
    expect(next.parent).toBe(card.id);
    expect((await talk()).map((one) => [one.author.id, one.text])).toEqual([
      ['duty', '监听日志有没有异常'],
      ['dba', '监听日志正常'],
      ['duty', '那看一下连接数'],
    ]);
  });

  it('a change and a recall reach the other side where the words stand', async () => {
    const said = await slack.says(slackUser('duty'), CHANNEL, '重启了两台');
    const card = await there('重启了两台');
    await slack.edits(said, '重启了一台');
    expect((await there('重启了一台')).id).toBe(card.id);
    const wrong = await feishu.says(feishuUser('dba'), GROUP, '磁盘满了');
    const shown = await here('磁盘满了');
    await feishu.recalls(wrong);
    await until(back, () => inSlack('已撤回').some((one) => one.ts === shown.ts));
    expect(inSlack('磁盘满了')).toEqual([]);
  });

  it('a picture of one side is a picture on the other, byte for byte, and is heard once', async () => {
    await feishu.says(feishuUser('dba'), GROUP, '', { picture: { name: '', bytes: PIXEL } });
    await until(back, () => slack.posted.some((one) => one.files.length === 1));
    const [file] = slack.posted.flatMap((one) => one.files);
    expect(Buffer.from(file?.bytes ?? []).equals(Buffer.from(PIXEL))).toBe(true);
    await slack.says(slackUser('duty'), CHANNEL, '', {
      files: [{ id: 'F1', name: '连接数 统计.pdf', bytes: PDF }],
    });
    const files = () => feishu.visible(feishuUser('dba'), GROUP).filter((one) => one.type === 'file');
    await until(back, () => files().length === 1);
    const [key] = feishu.uploads.slice(-1);
    expect(Buffer.from(feishu.files.get(key ?? '')?.bytes ?? []).equals(Buffer.from(PDF))).toBe(true);
    await slack.echoed();
    await back.desk.engine.idle();
    expect((await talk()).map((one) => [one.author.id, one.kind, one.file?.name ?? null])).toEqual([
      ['dba', 'said', expect.stringMatching(/\.png$/)],
      ['duty', 'said', '连接数 统计.pdf'],
    ]);
  });

  it('a pin on relayed words puts the original on the timeline', async () => {
    await slack.says(slackUser('duty'), CHANNEL, '02:55 开始报错');
    await feishu.reacts(feishuUser('dba'), await there('02:55 开始报错'), 'Pin');
    const pinned = async () =>
      (await back.store.events(await incident())).flatMap((one) =>
        one.body.type === 'MessagePinned' ? [one.body] : [],
      );
    await until(back, async () => (await pinned()).length === 1);
    const duty = settings.config.people.find((one) => one.id === 'duty');
    expect(await pinned()).toMatchObject([{ text: '02:55 开始报错', author: duty?.name }]);
  });
});
