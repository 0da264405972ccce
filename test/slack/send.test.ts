import { afterEach, describe, expect, it } from 'vitest';
import type { Block, Message } from '../../src/chat/message.ts';
import { buttonsOf, wordsOf } from './kit.ts';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { TEAM } from './standin.ts';

let room: SlackRoom;
afterEach(() => room.close());

const place = {
  platform: 'slack',
  workspace: TEAM,
  conversation: ROOM,
  language: 'zh',
  org: 'apusic',
} as const;
const message = (headline: string, blocks: readonly Block[] = [], card: string | null = null): Message => ({
  headline,
  blocks,
  tone: 'plain',
  card,
});

describe('what is sent', () => {
  it('a card is changed where it stands, pinned once when it is the status, and said anew when it is gone', async () => {
    room = await slackRoom('socket');
    const { platform, slack } = room;
    const first = await platform.post(place, message('待定级', [], 'status'), { key: 'i1:1:room-0:x' });
    const second = await platform.post(place, message('黄色', [], 'status'), { key: 'i1:2:room-0:x' });
    expect(second).toEqual(first);
    expect(slack.posted).toMatchObject([{ text: '黄色', updates: 1 }]);
    expect(slack.pins).toHaveLength(1);
    // Another incident of the same channel has a card of its own.
    await platform.post(place, message('另一起', [], 'status'), { key: 'i2:1:room-0:x' });
    expect(slack.posted).toHaveLength(2);
    slack.fail('chat.update', 'message_not_found');
    const third = await platform.post(place, message('已恢复', [], 'status'), { key: 'i1:3:room-0:x' });
    expect(third).not.toEqual(first);
    expect(slack.posted.at(-1)?.text).toBe('已恢复');
  });

  it('what is longer than Slack allows arrives whole, in the thread of its first part', async () => {
    room = await slackRoom('socket');
    const lines = Array.from({ length: 900 }, (_, index) => `第 ${index} 行 connection reset 😀`);
    const blocks: Block[] = [
      { block: 'code', code: lines.join('\n'), startLine: 1, marked: [3] },
      { block: 'list', ordered: true, items: lines.slice(0, 200) },
      { block: 'note', text: 'x'.repeat(7000) },
      ...Array.from({ length: 60 }, (_, index): Block => ({ block: 'text', text: `段落 ${index}` })),
      { block: 'fold', summary: '取证', blocks: [{ block: 'text', text: '折叠的内容' }] },
    ];
    const receipt = await room.platform.post(place, message('长文', blocks), { key: 'i1:1:room-0:x' });
    expect(receipt.ok).toBe(true);
    const [first, ...rest] = room.slack.posted;
    expect(rest.length).toBeGreaterThan(0);
    expect(new Set(rest.map((one) => one.thread))).toEqual(new Set([first?.ts]));
    const shown = room.shown();
    for (const part of ['第 0 行', '第 899 行', '段落 0', '段落 59', '折叠的内容'])
      expect(shown).toContain(part);
  });

  it('many buttons, long labels and long arguments still work when pressed', async () => {
    room = await slackRoom('socket');
    const long = '影'.repeat(3000);
    const buttons = Array.from({ length: 30 }, (_, index) => ({
      label: index === 29 ? `${'很'.repeat(90)}长` : `钮 ${index}`,
      command: 'lesson',
      args: { text: index === 29 ? long : `${index}` },
      style: 'danger' as const,
      confirm: '确'.repeat(400),
    }));
    await room.platform.post(place, message('选', [{ block: 'buttons', buttons }]), { key: 'i1:1:room-0:x' });
    const shown = room.slack.posted.flatMap((one) => buttonsOf(one.blocks));
    expect(shown).toHaveLength(30);
    await room.slack.press(slackUser('ops'), ROOM, shown.at(-1)?.text.text ?? '');
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({ kind: 'action', command: 'lesson', args: { text: long } });
  });

  it('a mention alerts the person of the roster, a stranger is only named', async () => {
    room = await slackRoom('socket');
    const headline = [
      { mention: { person: 'duty', name: '值班工程师' } },
      ' 与 ',
      { mention: { person: 'nobody', name: '某人' } },
    ];
    await room.platform.post(
      place,
      { headline, blocks: [], tone: 'bad', card: null },
      { key: 'i1:1:room-0:x' },
    );
    const [posted] = room.slack.posted;
    expect(JSON.stringify(posted?.blocks)).toContain(`"user_id":"${slackUser('duty')}"`);
    expect(wordsOf(posted?.blocks ?? [])).toContain('@某人');
  });

  it('a page reaches its person as a direct message', async () => {
    room = await slackRoom('socket');
    const user = slackUser('duty');
    const receipt = await room.platform.direct({ id: 'duty', address: user }, message('请应答 A7K2'));
    expect(receipt.ok).toBe(true);
    expect(room.slack.posted).toMatchObject([{ channel: `D${user}`, text: '请应答 A7K2' }]);
  });
});

describe('what Slack answers', () => {
  it('429: the wait it asks for is handed on, and nothing is sent before', async () => {
    room = await slackRoom('socket');
    room.slack.limit('chat.postMessage', 17);
    const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: false, retryAfterMs: 17_000 });
    expect(room.slack.calls.filter((one) => one.method === 'chat.postMessage')).toHaveLength(1);
    expect(room.slack.posted).toHaveLength(0);
  });

  it('429 in the middle of a long answer: the retry goes on where it stopped', async () => {
    room = await slackRoom('socket');
    const blocks = Array.from(
      { length: 60 },
      (_, index): Block => ({ block: 'text', text: `段落 ${index}` }),
    );
    room.slack.limit('chat.postMessage', 3, 1);
    const send = () => room.platform.post(place, message('长', blocks), { key: 'i1:2:room-0:x' });
    expect(await send()).toMatchObject({ ok: false, retryAfterMs: 3000 });
    expect(room.slack.posted).toHaveLength(1);
    expect(await send()).toMatchObject({ ok: true, messageId: `${ROOM}:${room.slack.posted[0]?.ts}` });
    expect(room.slack.posted).toHaveLength(2);
    const shown = room.shown().split('\n');
    const wrong = blocks.filter((_, at) => shown.filter((line) => line === `段落 ${at}`).length !== 1);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['channel_not_found', '/invite'],
    ['invalid_auth', 'OAuth & Permissions'],
    ['is_archived', 'archived'],
    ['token_revoked', 'reinstall'],
  ])('%s is permanent and says what to do', async (code, step) => {
    room = await slackRoom('socket');
    room.slack.fail('chat.postMessage', code);
    const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    expect(receipt.ok ? '' : receipt.error).toContain(step);
  });

  it('a missing scope is named, and where to grant it', async () => {
    room = await slackRoom('socket');
    room.slack.fail('conversations.open', 'missing_scope', { needed: 'im:write', provided: 'chat:write' });
    const receipt = await room.platform.direct({ id: 'duty', address: slackUser('duty') }, message('一'));
    expect(receipt.ok ? '' : receipt.error).toMatch(/im:write.*OAuth & Permissions/s);
  });

  it('a passing fault of Slack is temporary', async () => {
    room = await slackRoom('socket');
    room.slack.fail('chat.postMessage', 'internal_error');
    const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: false });
  });

  it('a public channel is joined when the bot is first needed there; a private one needs an invitation', async () => {
    room = await slackRoom('socket');
    room.slack.channel('C0PUBLIC', { botIsMember: false });
    room.slack.channel('C0PRIVATE', { botIsMember: false, isPrivate: true });
    const there = (conversation: string) => ({ ...place, conversation });
    expect(await room.platform.post(there('C0PUBLIC'), message('一'), { key: 'i1:1:a' })).toMatchObject({
      ok: true,
    });
    expect(await room.platform.post(there('C0PRIVATE'), message('一'), { key: 'i1:1:b' })).toMatchObject({
      ok: false,
      permanent: true,
    });
  });
});

describe('the socket', () => {
  it.each(['sendDisconnect', 'cutSockets'] as const)(
    'after %s the bot is back and hears',
    async (trouble) => {
      room = await slackRoom('socket');
      const { slack } = room;
      slack[trouble]();
      await expect
        .poll(() => slack.connections() === 2 && slack.openSockets() === 1, { timeout: 30_000 })
        .toBe(true);
      await slack.slash(slackUser('ops'), ROOM, '开启 社保核心系统报错');
      await room.until(async () => (await room.incidents()).length === 1);
    },
  );
});
