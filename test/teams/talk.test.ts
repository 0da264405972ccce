import { afterEach, describe, expect, it } from 'vitest';
import type { Form, Message } from '../../src/chat/message.ts';
import { wordsOf } from './kit.ts';
import { CHANNEL, type TeamsRoom, THREAD, teamsRoom } from './room.ts';

let room: TeamsRoom;
afterEach(() => room.close());

const tell = (headline: string): Message => ({ headline, blocks: [], tone: 'warn', card: null });
const answer = (more: { toAsker?: Message; form?: Form }) => ({
  toAsker: null,
  form: null,
  incident: null,
  ...more,
});
const FORM: Form = {
  title: '请写明原因',
  command: 'severity',
  args: { level: 'orange' },
  fields: [{ name: 'reason', label: '原因', type: 'paragraph', required: true }],
  submit: '确定',
};
const sees = (user: string): string =>
  room.teams
    .visible(user, THREAD)
    .map((one) => wordsOf(room.teams.cardOf(one, user)))
    .join('\n');

describe('what is heard', () => {
  it('a pasted log keeps its lines, and other names stay names', async () => {
    room = await teamsRoom();
    const html =
      '<p><span itemtype="http://schema.skype.com/Mention" itemid="0">战情室</span>&nbsp;java.lang.OutOfMemoryError: &lt;heap&gt;</p><p>at a.B.c(B.java:1)<br>at d.E.f(E.java:2)</p><p>at g.H.i(H.java:3)</p>';
    await room.teams.says(room.ops, THREAD, 'java.lang.OutOfMemoryError: at a.B.c', { mention: true, html });
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({
      kind: 'text',
      text: 'java.lang.OutOfMemoryError: <heap>\nat a.B.c(B.java:1)\nat d.E.f(E.java:2)\nat g.H.i(H.java:3)',
      author: { id: 'ops', name: '客户运维' },
    });
  });

  it('in a personal chat commands need no name, and what is said there stays there', async () => {
    room = await teamsRoom();
    const personal = `a:${room.ops}`;
    for (const text of ['开启 窗口打不开', '/应急 教训 好：一', '你好'])
      await room.teams.says(room.ops, personal, text);
    await room.until(() => room.received.length === 3);
    expect(room.received.map((one) => (one.kind === 'text' ? one.text : one.kind))).toEqual([
      '@战情室 开启 窗口打不开',
      '@战情室 教训 好：一',
      '@战情室 你好',
    ]);
  });

  it('without consent only what mentions the bot is delivered', async () => {
    room = await teamsRoom({ hears: 'addressed' });
    room.teams.conversation(CHANNEL, 'channel', { consented: false });
    await room.teams.says(room.ops, THREAD, '谁能看看数据库');
    await room.teams.says(room.ops, THREAD, '开启 窗口打不开', { mention: true });
    await room.until(() => room.received.length === 1);
    expect(room.received).toMatchObject([{ text: '@战情室 开启 窗口打不开' }]);
  });

  it('somebody who is named nowhere is asked for once', async () => {
    room = await teamsRoom();
    const guest = room.teams.user('aad-guest', '路人', { locale: 'en-US' });
    const from = { id: guest };
    for (const text of ['第一句', '第二句']) await room.teams.says(guest, THREAD, text, { from });
    await room.until(() => room.received.length === 2);
    expect(room.received[1]).toMatchObject({
      author: { id: 'teams:aad-guest', name: '路人', org: 'teams' },
      language: 'en',
    });
    expect(room.teams.calls.filter((one) => one.call === 'member')).toHaveLength(1);
  });

  it('the menu of a message diagnoses it and pins it, with its author', async () => {
    room = await teamsRoom();
    const said = await room.teams.says(room.ops, THREAD, '02:55 开始报错');
    await room.teams.menu(room.duty, 'pin', said);
    expect(room.received.at(-1)).toMatchObject({
      kind: 'action',
      command: 'pin',
      author: { id: 'duty' },
      args: { text: '02:55 开始报错', author: '客户运维', saidAt: String(said.id) },
    });
    expect(room.teams.toasts.at(-1)?.text).toContain('已收到');
  });

  it('a file of a channel cannot be fetched, and its sender is told how else; a large one is refused', async () => {
    room = await teamsRoom({ maxFileBytes: 1024 * 1024 });
    const bytes = new Uint8Array(1024 * 1024 + 1);
    const files = [{ name: 'huge.log', bytes }];
    await room.teams.says(room.ops, THREAD, '日志见附件', { files });
    await room.until(() => sees(room.ops).includes('私聊'));
    expect(sees(room.duty)).not.toContain('私聊');
    await room.teams.says(room.ops, `a:${room.ops}`, '', { files });
    await room.until(() => sees(room.ops).includes('huge.log 超过 1 MiB'));
    expect(room.received.some((one) => one.kind === 'file')).toBe(false);
  });

  it('a link to a file elsewhere is not followed', async () => {
    room = await teamsRoom({ fileHosts: [] });
    const files = [{ name: 'a.log', bytes: new Uint8Array(3) }];
    await room.teams.says(room.ops, `a:${room.ops}`, '', { files });
    await room.until(() => sees(room.ops).includes('取不到文件 a.log（127.0.0.1）'));
  });

  it('a reaction pins what the bot itself said', async () => {
    room = await teamsRoom();
    const place = {
      platform: 'teams',
      workspace: '',
      conversation: THREAD,
      language: 'zh',
      org: 'apusic',
    } as const;
    const sent = await room.platform.post(place, tell('诊断：连接池耗尽'), { key: 'i1:1:x' });
    if (!sent.ok) throw new Error(sent.error);
    const id = room.teams.posted.at(-1)?.id ?? '';
    await room.teams.reacts(room.duty, THREAD, id, 'like');
    await room.teams.reacts(room.duty, THREAD, id, '1f4cc_pushpin');
    await room.until(() => room.received.length === 1);
    expect(room.received).toMatchObject([
      {
        command: 'pin',
        author: { id: 'duty' },
        args: { message: sent.messageId, text: '诊断：连接池耗尽', author: '战情室' },
      },
    ]);
  });

  it('a page that was read is told once, by the id under which it was sent', async () => {
    room = await teamsRoom();
    const sent = await room.platform.direct({ id: 'duty', address: 'aad-duty' }, tell('请应答 A7K2'));
    const later = await room.platform.direct({ id: 'duty', address: 'aad-duty' }, tell('请应答 B1C3'));
    if (!sent.ok || !later.ok) throw new Error('not sent');
    await room.teams.reads(room.duty, sent.messageId);
    await room.teams.reads(room.duty, sent.messageId);
    await room.settle();
    expect(room.received).toMatchObject([
      { kind: 'seen', messageId: sent.messageId, author: { id: 'duty' } },
    ]);
  });

  it('it greets when it is added, and is gone when it is removed', async () => {
    room = await teamsRoom();
    await room.teams.installs(room.duty, CHANNEL, 'add');
    await room.until(() => room.teams.posted.some((one) => wordsOf(one.card).includes('我是战情室')));
    await room.teams.installs(room.duty, CHANNEL, 'remove');
    await room.settle();
    expect(room.received).toEqual([]);
  });
});

describe('answers', () => {
  it('for one person are seen by that person, and by nobody who looks under the cover', async () => {
    room = await teamsRoom();
    room.answers(() => answer({ toAsker: tell('您是不是要 approve') }));
    await room.teams.says(room.duty, THREAD, 'aprove A1', { mention: true });
    await room.until(() => sees(room.duty).includes('您是不是要'));
    expect(sees(room.ops)).toContain('给 值班工程师 的答复');
    await room.teams.press(room.ops, THREAD, '查看');
    expect(room.teams.toasts.at(-1)).toMatchObject({ user: room.ops, text: '这条答复是给别人的' });
    expect(sees(room.ops)).not.toContain('您是不是要');
  });

  it('a form in the place of a card gives the card back, sent or cancelled', async () => {
    room = await teamsRoom();
    const place = {
      platform: 'teams',
      workspace: '',
      conversation: THREAD,
      language: 'zh',
      org: 'apusic',
    } as const;
    const button = { label: '改为橙色…', command: 'severity', args: {}, style: 'plain' } as const;
    const status: Message = {
      headline: '待定级',
      blocks: [{ block: 'buttons', buttons: [button] }],
      tone: 'plain',
      card: 'status',
    };
    await room.platform.post(place, status, { key: 'i1:1:x' });
    room.answers((inbound) =>
      inbound.kind === 'action' && inbound.args.reason ? answer({}) : answer({ form: FORM }),
    );
    await room.teams.press(room.duty, THREAD, '改为橙色…');
    expect(room.teams.form(room.duty, THREAD)).toEqual(['reason']);
    expect(sees(room.ops)).toContain('待定级');
    await room.teams.press(room.duty, THREAD, '取消');
    expect(sees(room.duty)).toContain('待定级');
    await room.teams.press(room.duty, THREAD, '改为橙色…');
    await room.teams.submit(room.duty, THREAD, { reason: '影响三个地市' });
    expect(room.received.at(-1)).toMatchObject({
      command: 'severity',
      args: { level: 'orange', reason: '影响三个地市' },
      author: { id: 'duty' },
    });
    expect(sees(room.duty)).toContain('待定级');
  });

  it('a button is answered in time although the desk is slow; the result follows', async () => {
    room = await teamsRoom({ patienceMs: 30 });
    let finish: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const place = {
      platform: 'teams',
      workspace: '',
      conversation: THREAD,
      language: 'zh',
      org: 'apusic',
    } as const;
    const button = { label: '报告', command: 'summary', args: {}, style: 'plain' } as const;
    await room.platform.post(
      place,
      { ...tell('好了'), blocks: [{ block: 'buttons', buttons: [button] }] },
      { key: 'i1:1:x' },
    );
    room.answers(async () => {
      await gate;
      return answer({ toAsker: tell('报告草稿') });
    });
    await room.teams.press(room.duty, THREAD, '报告');
    expect(room.teams.toasts.at(-1)?.text).toContain('正在处理');
    finish?.();
    await room.until(() => sees(room.duty).includes('报告草稿'));
  });

  it('a button of a desk that knows it no more is said to be out of date', async () => {
    room = await teamsRoom({ recall: async () => null });
    const args = { text: '长'.repeat(3000) };
    const button = { label: '教训', command: 'lesson', args, style: 'plain' } as const;
    const place = {
      platform: 'teams',
      workspace: '',
      conversation: THREAD,
      language: 'zh',
      org: 'apusic',
    } as const;
    await room.platform.post(
      place,
      { ...tell('好了'), blocks: [{ block: 'buttons', buttons: [button] }] },
      { key: 'i1:1:x' },
    );
    await room.teams.press(room.duty, THREAD, '教训');
    expect(room.teams.toasts.at(-1)?.text).toContain('已失效');
    expect(room.received).toEqual([]);
  });
});
