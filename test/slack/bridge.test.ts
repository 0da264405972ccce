import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import type { Attachment } from '../../src/chat/port.ts';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { TEAM } from './standin.ts';

let room: SlackRoom;
beforeEach(async () => {
  room = await slackRoom('socket');
});
afterEach(() => room.close());

const ops = slackUser('ops');
const place = {
  platform: 'slack',
  workspace: TEAM,
  conversation: ROOM,
  language: 'zh',
  org: 'apusic',
} as const;
const message = (headline: string, text = ''): Message => ({
  headline,
  blocks: text === '' ? [] : [{ block: 'text', text }],
  tone: 'plain',
  card: null,
});
const file = (name: string): Attachment => ({
  name,
  type: 'application/octet-stream',
  bytes: async () => new Uint8Array([0, 1, 2, 255]),
});
const open = async (): Promise<void> => {
  await room.slack.slash(ops, ROOM, '开启 社保核心系统报错');
  await room.until(async () => (await room.incidents()).length === 1);
};

describe('answers', () => {
  it('are shown in the channel as well, and the rest of a long one only below', async () => {
    const first = await room.slack.says(ops, ROOM, '第一句');
    const long = '很长的一段话。'.repeat(3000);
    const receipt = await room.platform.post(place, message('回答', long), {
      key: 'i1:1',
      replyTo: `${ROOM}:${first.ts}`,
    });
    expect(receipt.ok).toBe(true);
    const parts = room.slack.posted;
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map((one) => [one.thread, one.broadcast])).toEqual(
      parts.map((_, at) => [first.ts, at === 0]),
    );
  });

  it('find the thread of an answer that was given while nobody listened', async () => {
    room.slack.channel('C0LATE', { botIsMember: false });
    const root = await room.slack.says(ops, 'C0LATE', '第一句');
    const answer = await room.slack.says(ops, 'C0LATE', '答第一句', { thread: root.ts });
    const late = room.slack.channels.get('C0LATE');
    if (late) late.botIsMember = true;
    const there = { ...place, conversation: 'C0LATE' };
    for (const replyTo of [`C0LATE:${answer.ts}`, `C0LATE:${answer.ts}/1`])
      await room.platform.post(there, message('回答'), { key: `i1:${replyTo}`, replyTo });
    expect(room.slack.posted.map((one) => one.thread)).toEqual([root.ts, root.ts]);
  });

  it('to what is named in another channel, or no longer there, stand for themselves', async () => {
    const elsewhere = await room.slack.says(ops, 'C0OTHER', '别处');
    for (const replyTo of [`C0OTHER:${elsewhere.ts}`, `${ROOM}:1700000000.000100`, 'om_1', ''])
      expect(
        await room.platform.post(place, message('回答'), { key: `i1:${replyTo}`, replyTo }),
      ).toMatchObject({ ok: true });
    expect(room.slack.posted.map((one) => one.thread)).toEqual([null, null, null, null]);
  });

  it('whose fate is not known are told apart from those that never left', async () => {
    room.slack.lose('chat.postMessage');
    expect(await room.platform.post(place, message('一'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: false,
      uncertain: true,
    });
    room.slack.fail('chat.postMessage', 'internal_error');
    const known = await room.platform.post(place, message('二'), { key: 'i1:2' });
    expect(known.ok || known.uncertain).toBeFalsy();
  });
});

describe('files that go out', () => {
  it('are waited for where Slack shows them late, also in a private channel', async () => {
    room.slack.channel('C0PRIVATE', { isPrivate: true });
    room.slack.shareLate(1);
    const there = { ...place, conversation: 'C0PRIVATE' };
    const receipt = await room.platform.attach?.(there, file('dump.bin'), { key: 'i1:1' });
    const [only] = room.slack.posted;
    expect(receipt).toEqual({ ok: true, messageId: `C0PRIVATE:${only?.ts}` });
    expect(only?.files.map((one) => one.name)).toEqual(['dump.bin']);
  });

  it('are joined for: a public channel takes them though the bot was never asked in', async () => {
    room.slack.channel('C0PUBLIC', { botIsMember: false });
    const there = { ...place, conversation: 'C0PUBLIC' };
    expect(await room.platform.attach?.(there, file('dump.bin'), { key: 'i1:1' })).toMatchObject({
      ok: true,
    });
  });
});

describe('files that come in', () => {
  it('come once whichever of their two events arrives, with their words and what they answer', async () => {
    await open();
    const root = await room.slack.says(ops, ROOM, '第一句');
    const bytes = new Uint8Array([0, 1, 2, 255]);
    const both = await room.slack.says(ops, ROOM, '', { files: [{ id: 'F1', name: 'a.bin', bytes }] });
    const alone = await room.slack.says(ops, ROOM, '看这个', {
      files: [{ id: 'F2', name: 'b.bin', bytes }],
      thread: root.ts,
      lost: true,
    });
    const files = () => room.received.filter((one) => one.kind === 'file');
    await room.until(() => files().length === 2);
    await room.slack.echoed();
    expect(files()).toMatchObject([
      { messageId: `${ROOM}:${both.ts}`, name: 'a.bin' },
      { messageId: `${ROOM}:${alone.ts}/1`, name: 'b.bin', replyTo: `${ROOM}:${root.ts}` },
    ]);
    expect(room.received.filter((one) => one.kind === 'text' && one.text === '看这个')).toMatchObject([
      { messageId: `${ROOM}:${alone.ts}`, replyTo: `${ROOM}:${root.ts}` },
    ]);
  });

  it('without words are pinned by their name', async () => {
    await open();
    const bytes = new Uint8Array([0, 1, 2, 255]);
    const dropped = await room.slack.says(ops, ROOM, '', { files: [{ id: 'F1', name: '截图.png', bytes }] });
    await room.slack.reacts(ops, dropped, 'pushpin');
    await room.until(() => room.received.some((one) => one.kind === 'action' && one.command === 'pin'));
    const pin = room.received.find((one) => one.kind === 'action' && one.command === 'pin');
    expect(pin).toMatchObject({ args: { message: `${ROOM}:${dropped.ts}`, text: '📎 截图.png' } });
  });

  it('are taken back one and all with their message', async () => {
    await open();
    const bytes = new Uint8Array([0, 1, 2, 255]);
    const files = ['a', 'b'].map((id) => ({ id: `F${id}`, name: `${id}.bin`, bytes }));
    const dropped = await room.slack.says(ops, ROOM, '两个文件', { files });
    await room.until(() => room.received.filter((one) => one.kind === 'file').length === 2);
    await room.slack.deletes(dropped);
    const gone = () => room.received.flatMap((one) => (one.kind === 'deleted' ? [one.messageId] : []));
    await room.until(() => gone().length === 3);
    const own = `${ROOM}:${dropped.ts}`;
    expect(gone()).toEqual([own, `${own}/1`, `${own}/2`]);
  });
});
