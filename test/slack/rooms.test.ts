import { afterEach, describe, expect, it } from 'vitest';
import { channelName } from '../../src/chat/slack/rooms.ts';
import { wordsOf } from './kit.ts';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { BOT_USER } from './standin.ts';

let room: SlackRoom;
afterEach(() => room.close());

const ops = slackUser('ops');
const lead = slackUser('emergency-lead');

const made = () => [...room.slack.channels.values()].filter((one) => one.creator === BOT_USER);
const shownIn = (channel: string): string =>
  room.slack.posted
    .filter((one) => one.channel === channel && one.only === null)
    .map((one) => wordsOf(one.blocks))
    .join('\n');

async function opened(before: (made: SlackRoom) => void = () => {}): Promise<string> {
  room = await slackRoom('socket', { rooms: 'public' });
  before(room);
  await room.slack.slash(ops, ROOM, '开启 社保核心系统全部节点报错，窗口无法办理业务');
  await room.until(() => made().some((one) => shownIn(one.id).includes('[业务中断：是]')));
  return made()[0]?.id ?? '';
}

describe('a channel of its own for each incident', () => {
  it('is named by code and system, has its topic, its people and a pinned status card, and ends archived', async () => {
    const id = await opened();
    const { slack, until } = room;
    const channel = slack.channels.get(id);
    expect(channel?.name).toMatch(/^inc-\d{8}-01-social-insurance$/);
    // Whoever reported it and whoever was told or called is there; the channel it was opened in says where.
    await until(() => [ops, slackUser('duty'), slackUser('head')].every((one) => channel?.members.has(one)));
    await until(() => shownIn(ROOM).includes(`#${id}`));
    expect(shownIn(ROOM)).not.toContain('[业务中断：是]');
    await until(() => channel?.topic.includes('待定级'));
    expect(slack.pins.map((one) => one.channel)).toEqual([id]);

    for (const answer of ['业务中断：是', '数据受损：否', '影响全网：否']) await slack.press(ops, id, answer);
    await until(async () => (await room.incident()).proposed?.severity === 'yellow');
    await slack.slash(lead, id, '定级 黄');
    await until(() => channel?.topic.includes('黄色'));
    const status = slack.posted.find((one) => one.ts === slack.pins[0]?.timestamp);
    await until(() => slack.posted.some((one) => one.ts === status?.ts && one.text.includes('黄色')));

    // Whoever is called later is invited then.
    await slack.slash(lead, id, '呼叫 rd1');
    await until(() => channel?.members.has(slackUser('rd1')));

    await slack.slash(ops, id, '恢复');
    await slack.slash(lead, id, '原因 连接池太小');
    await slack.slash(lead, id, '解决');
    await slack.slash(lead, id, '关闭');
    await until(() => channel?.archived);
    expect(shownIn(id)).toContain('已关闭');
    expect((await room.incident()).status).toBe('closed');
  });

  it('opened again after the end, it gets a new channel, since the old one is archived', async () => {
    const id = await opened();
    const { slack, until } = room;
    const incident = await room.incident();
    await slack.slash(lead, id, '关闭 误报 演练');
    await until(() => slack.channels.get(id)?.archived);
    await room.desk.receive({
      kind: 'text',
      id: 'again',
      messageId: 'again',
      incident: incident.id,
      place: {
        platform: 'web',
        workspace: 'local',
        conversation: incident.id,
        language: 'zh',
        org: 'apusic',
      },
      author: { id: 'emergency-lead', name: '应急保障负责人', org: 'customer' },
      at: Date.now(),
      language: 'zh',
      text: '/应急 重开 又报错了',
    });
    await until(() => made().length === 2);
    const next = made()[1];
    expect(next?.name).toMatch(/-2$/);
    await until(async () => (await room.incident()).places.some((one) => one.conversation === next?.id));
    expect((await room.incident()).places.some((one) => one.conversation === id)).toBe(false);
  });

  it('is not made twice when the answer to the making is lost', async () => {
    const id = await opened((now) => now.slack.lose('conversations.create'));
    expect(made().map((one) => one.id)).toEqual([id]);
    expect(room.slack.calls.filter((one) => one.method === 'conversations.create').length).toBe(2);
  });

  it('is found again when it was made and the making was never written down', async () => {
    room = await slackRoom('socket', { rooms: 'public' });
    const place = {
      platform: 'slack',
      workspace: '',
      conversation: ROOM,
      language: 'zh',
      org: 'apusic',
    } as const;
    const spec = {
      key: 'i1:3:open-room:x',
      code: 'INC-1',
      name: 'inc-1',
      topic: '',
      people: [],
      from: place,
    };
    const first = await room.platform.rooms?.open(spec);
    const again = await room.platform.rooms?.open(spec);
    const other = await room.platform.rooms?.open({ ...spec, key: 'i2:3:open-room:x' });
    expect(again).toEqual(first);
    expect(made().map((one) => one.name)).toEqual(['inc-1', 'inc-1-2']);
    expect(other).toMatchObject({ ok: true, name: 'inc-1-2' });
  });

  it('takes a number when somebody has the name already', async () => {
    room = await slackRoom('socket', { rooms: 'public' });
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
    const taken = `inc-${day.replaceAll('-', '')}-01-social-insurance`;
    room.slack.channel('C0TAKEN', { name: taken });
    await room.slack.slash(ops, ROOM, '开启 社保核心系统报错');
    await room.until(() => made().length === 1);
    expect(made()[0]?.name).toBe(`${taken}-2`);
  });

  it('without the permission the incident stays in the channel, which says what is missing', async () => {
    room = await slackRoom('socket', { rooms: 'private' });
    room.slack.fail('conversations.create', 'missing_scope', { needed: 'groups:write', provided: '' });
    await room.slack.slash(ops, ROOM, '开启 社保核心系统报错');
    await room.until(() => shownIn(ROOM).includes('[业务中断：是]'));
    await room.until(() => shownIn(ROOM).includes('groups:write'));
    expect(shownIn(ROOM)).toContain('没有单独建群');
    expect((await room.incident()).places.map((one) => one.conversation)).toContain(ROOM);
  });

  it('where no channel is wanted, the conversation says that the incident lives in it', async () => {
    room = await slackRoom('socket');
    await room.slack.slash(ops, ROOM, '开启 社保核心系统报错');
    await room.until(() => shownIn(ROOM).includes('没有单独建群'));
    expect(made()).toEqual([]);
  });

  it('somebody who cannot be invited keeps nobody else out', async () => {
    const id = await opened();
    const { platform, slack } = room;
    const place = {
      platform: 'slack',
      workspace: '',
      conversation: id,
      language: 'zh',
      org: 'apusic',
    } as const;
    const people = [ops, 'U0GONE', slackUser('rd1')].map((address) => ({ id: address, address }));
    expect(await platform.rooms?.invite(place, people)).toEqual({ ok: true });
    expect(slack.channels.get(id)?.members.has(slackUser('rd1'))).toBe(true);
    expect(await platform.rooms?.invite(place, people.slice(0, 1))).toEqual({ ok: true });
  });
});

describe('the name of a channel', () => {
  it.each([
    ['INC-20261124-01-社保', 'inc-20261124-01'],
    ['Fee Payment (East)', 'fee-payment-east'],
    ['战情', ''],
    ['x'.repeat(100), 'x'.repeat(80)],
  ])('%s → %s', (wished, name) => {
    expect(channelName(wished)).toBe(name);
  });
});
