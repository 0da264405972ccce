import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Block, Message } from '../../src/chat/message.ts';
import { actionsOf, alertsOf, wordsOf } from './kit.ts';
import { type TeamsRoom, THREAD, teamsRoom } from './room.ts';
import { TENANT } from './standin.ts';

let room: TeamsRoom;
beforeEach(async () => {
  room = await teamsRoom();
});
afterEach(() => room.close());

const place = {
  platform: 'teams',
  workspace: TENANT,
  conversation: THREAD,
  language: 'zh',
  org: 'apusic',
} as const;
const message = (
  headline: Message['headline'],
  blocks: readonly Block[] = [],
  card: string | null = null,
): Message => ({
  headline,
  blocks,
  tone: 'plain',
  card,
});
const shown = (): string => room.teams.posted.map((one) => wordsOf(one.card)).join('\n');

describe('what is sent', () => {
  it('a card is changed where it stands, and said anew when it is gone', async () => {
    const { platform, teams } = room;
    const first = await platform.post(place, message('待定级', [], 'status'), { key: 'i1:1:room-0:x' });
    expect(await platform.post(place, message('黄色', [], 'status'), { key: 'i1:2:room-0:x' })).toEqual(
      first,
    );
    expect(teams.posted.map((one) => [wordsOf(one.card), one.updates])).toEqual([['黄色', 1]]);
    // Another incident of the same conversation has a card of its own.
    await platform.post(place, message('另一起', [], 'status'), { key: 'i2:1:room-0:x' });
    expect(teams.posted).toHaveLength(2);
    teams.trouble('update', 404, 'ActivityNotFoundInConversation');
    const anew = await platform.post(place, message('已恢复', [], 'status'), { key: 'i1:3:room-0:x' });
    expect(anew).not.toEqual(first);
    expect(wordsOf(teams.posted.at(-1)?.card ?? null)).toBe('已恢复');
  });

  it('what is longer than Teams allows arrives whole, and once, although the middle was refused', async () => {
    const lines = Array.from({ length: 900 }, (_, index) => `第 ${index} 行 connection reset 😀`);
    const blocks: Block[] = [
      { block: 'code', code: lines.join('\n'), startLine: 1, marked: [3] },
      { block: 'list', ordered: true, items: lines.slice(0, 200) },
      { block: 'note', text: '长'.repeat(20_000) },
      ...Array.from({ length: 60 }, (_, index): Block => ({ block: 'text', text: `段落 ${index}` })),
      { block: 'fold', summary: '取证', blocks: [{ block: 'text', text: '折叠的内容' }] },
    ];
    room.teams.trouble('send', 429, 'TooManyRequests', { retryAfter: 17, after: 2 });
    const send = () => room.platform.post(place, message('长文', blocks), { key: 'i1:1:room-0:x' });
    expect(await send()).toMatchObject({ ok: false, permanent: false, retryAfterMs: 17_000 });
    expect(await send()).toMatchObject({ ok: true, messageId: `${THREAD}:${room.teams.posted[0]?.id}` });
    expect(room.teams.posted.length).toBeGreaterThan(3);
    const text = shown();
    const wrong = blocks.flatMap((_, at) => (text.split(`段落 ${at}\n`).length > 2 ? [at] : []));
    expect(wrong).toEqual([]);
    for (const part of ['第 0 行', '第 899 行', '段落 59', '折叠的内容']) expect(text).toContain(part);
    expect(text.split('长').length - 2).toBe(20_000);
  });

  it('many buttons, long labels and long arguments still work when pressed', async () => {
    const long = '影'.repeat(3000);
    const buttons = Array.from({ length: 14 }, (_, index) => ({
      label: index === 13 ? `${'很'.repeat(90)}长` : `钮 ${index}`,
      command: 'lesson',
      args: { text: index === 13 ? long : `${index}` },
      style: 'danger' as const,
      confirm: '确认？',
    }));
    await room.platform.post(place, message('选', [{ block: 'buttons', buttons }]), { key: 'i1:1:room-0:x' });
    const titles = room.teams.posted.flatMap((one) => actionsOf(one.card)).map((one) => one.title);
    expect(titles).toHaveLength(14);
    await room.teams.press(room.ops, THREAD, titles.at(-1) ?? '');
    expect(room.received).toMatchObject([
      { kind: 'action', command: 'lesson', args: { text: long }, incident: 'i1', author: { id: 'ops' } },
    ]);
  });

  it('a mention alerts the person of the roster, a stranger is only named; a link leads to the web room', async () => {
    const headline = [
      { mention: { person: 'duty', name: '值班<at>工程师</at>' } },
      ' 与 ',
      { mention: { person: 'nobody', name: '某人' } },
      { link: { label: '报告', path: '/i/1' } },
    ];
    await room.platform.post(place, message(headline), { key: 'i1:1:room-0:x' });
    const card = room.teams.posted[0]?.card ?? null;
    expect(alertsOf(card)).toEqual(['aad-duty']);
    expect(wordsOf(card)).toContain('@某人');
    expect(JSON.stringify(card)).toContain('https://warroom.example/i/1');
  });

  it('user text cannot mention anybody or mark anything up', async () => {
    const evil = '<at>值班工程师</at> **粗** [点我](https://evil.example) `code` <b>x</b> @everyone';
    const blocks: Block[] = [
      { block: 'text', text: evil },
      { block: 'fields', fields: [{ label: evil, value: evil }] },
      { block: 'list', ordered: false, items: [evil] },
      { block: 'code', code: evil, startLine: null, marked: [] },
      { block: 'note', text: evil },
    ];
    await room.platform.post(place, message(evil, blocks), { key: 'i1:1:room-0:x' });
    const card = room.teams.posted[0]?.card;
    const text = JSON.stringify(card?.body);
    expect(alertsOf(card ?? null)).toEqual([]);
    // Nothing that people wrote stands in an element whose text is parsed.
    expect(text).not.toContain('TextBlock","text');
    expect(text).not.toContain('<at>');
    expect(text).not.toContain('selectAction');
  });

  it('a page reaches its person as a direct message, by a chat that is made once', async () => {
    const send = () => room.platform.direct({ id: 'duty', address: 'aad-duty' }, message('请应答 A7K2'));
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ ok: true });
    expect(room.teams.posted.map((one) => one.conversation)).toEqual([`a:${room.duty}`, `a:${room.duty}`]);
    expect(room.teams.calls.filter((one) => one.call === 'create')).toHaveLength(1);
    // One token serves them all.
    expect(room.teams.calls.filter((one) => one.call === 'token')).toHaveLength(1);
  });
});

describe('what Teams answers', () => {
  it.each([
    [403, 'BotNotInConversationRoster', 'Teams → Apps'],
    [403, 'MessageWritesBlocked', 'add 战情室 again'],
    [404, 'ConversationNotFound', 'does not exist'],
    [413, 'MessageSizeTooBig', 'too large'],
  ])('%i %s is permanent and says what to do', async (status, code, step) => {
    room.teams.trouble('send', status, code);
    const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    expect(receipt.ok ? '' : receipt.error).toContain(step);
  });

  it.each([412, 500, 502, 503, 504])(
    '%i is tried again by the outbox, and by nobody before it',
    async (status) => {
      room.teams.trouble('send', status, 'Passing');
      const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
      expect(receipt).toMatchObject({ ok: false, permanent: false });
      expect(room.teams.calls.filter((one) => one.call === 'send')).toHaveLength(1);
    },
  );

  it('a secret that ran out is told with where to make a new one', async () => {
    room.teams.changeSecret('another');
    const receipt = await room.platform.post(place, message('一'), { key: 'i1:1:room-0:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    expect(receipt.ok ? '' : receipt.error).toMatch(/Certificates & secrets.*AADSTS7000215/s);
  });
});
