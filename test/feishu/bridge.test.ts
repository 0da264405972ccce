import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import type { Attachment } from '../../src/chat/port.ts';
import { DUTY, type FeishuRoom, feishuRoom, GROUP, OPS, PLACE } from './room.ts';

let room: FeishuRoom;
beforeEach(async () => {
  room = await feishuRoom();
});
afterEach(() => room.close());

const PIXEL = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
    'base64',
  ),
);
const BYTES = new Uint8Array([0, 1, 2, 255]);
const say = (headline: string, blocks: Message['blocks'] = []): Message => ({
  headline,
  blocks,
  tone: 'plain',
  card: null,
});
const file = (name: string, bytes: Uint8Array): Attachment => ({
  name,
  type: 'application/octet-stream',
  bytes: async () => bytes,
});
const own = () => room.feishu.visible(OPS, GROUP).filter((one) => one.author === 'ou_bot');

describe('answers', () => {
  it('to a later card of a long post mean the post', async () => {
    const lines = Array.from({ length: 4000 }, (_, at) => `第 ${at} 行 connection reset`);
    const long = say('长文', [{ block: 'code', code: lines.join('\n'), startLine: 1, marked: [] }]);
    const receipt = await room.platform.post(PLACE, long, { key: 'i1:1' });
    const cards = own();
    expect(cards.length).toBeGreaterThan(1);
    const last = cards.at(-1);
    await room.feishu.says(OPS, GROUP, '看到最后一行了', last ? { parent: last.id } : {});
    await room.until(() => room.received.length === 1);
    expect(room.received).toMatchObject([{ replyTo: receipt.ok ? receipt.messageId : '' }]);
    if (last) await room.feishu.reacts(DUTY, last, 'Pin');
    await room.until(() => room.received.length === 2);
    expect(room.received[1]).toMatchObject({
      kind: 'action',
      args: { message: receipt.ok ? receipt.messageId : '' },
    });
  });

  it('say in the group what answers a file that was handed over in person', async () => {
    await room.feishu.says(OPS, GROUP, '我私下发给机器人');
    await room.feishu.says(OPS, room.feishu.directChat(OPS), '', { file: { name: 'a.bin', bytes: BYTES } });
    await room.until(() => room.received.some((one) => one.kind === 'file'));
    const dropped = room.received.find((one) => one.kind === 'file');
    expect(dropped?.place.conversation).toBe(GROUP);
    const replyTo = dropped?.kind === 'file' ? dropped.messageId : '';
    await room.platform.post(PLACE, say('收到文件'), { key: 'i1:1', replyTo });
    expect(own().map((one) => [one.card?.header.title.content, one.parent])).toContainEqual([
      '收到文件',
      null,
    ]);
  });

  it('of people to each other are talk, though they name the bot; commands stay commands', async () => {
    const receipt = await room.platform.post(PLACE, say('对方：几点重启的'), { key: 'i1:1' });
    const parent = receipt.ok ? receipt.messageId : '';
    await room.feishu.says(OPS, GROUP, '三点', { parent, mention: true });
    await room.feishu.says(OPS, GROUP, '应答', { parent, mention: true });
    await room.until(() => room.received.length === 2);
    expect(room.received).toMatchObject([
      { text: '三点', replyTo: parent },
      { text: '@战情室 应答', replyTo: parent },
    ]);
  });
});

describe('files that go out', () => {
  it('are uploaded once, whatever becomes of the message', async () => {
    const send = () => room.platform.attach?.(PLACE, file('dump.bin', BYTES), { key: 'i1:1' });
    room.feishu.trouble('POST /open-apis/im/v1/messages', 503, null);
    expect(await send()).toMatchObject({ ok: false, permanent: false });
    room.feishu.lose('POST /open-apis/im/v1/messages', 'file');
    expect(await send()).toMatchObject({ ok: false, uncertain: true });
    expect(await send()).toMatchObject({ ok: true });
    expect(room.feishu.uploads).toHaveLength(1);
    expect(own().map((one) => one.type)).toEqual(['file']);
  });

  it('are pictures where Feishu can show them, and files where it cannot', async () => {
    await room.platform.attach?.(PLACE, file('a.png', PIXEL), { key: 'i1:1' });
    await room.platform.attach?.(PLACE, file('no-picture.png', BYTES), { key: 'i1:2' });
    room.feishu.refusePictures();
    await room.platform.attach?.(PLACE, file('odd.png', PIXEL), { key: 'i1:3' });
    expect(own().map((one) => one.type)).toEqual(['image', 'file', 'file']);
  });

  it('a lost upload is no message that may have arrived', async () => {
    room.feishu.lose('POST /open-apis/im/v1/files');
    const receipt = await room.platform.attach?.(PLACE, file('dump.bin', BYTES), { key: 'i1:1' });
    expect(receipt).toMatchObject({ ok: false, permanent: false, uncertain: false });
  });
});

describe('files that come in', () => {
  it('voices and films are fetched like any other', async () => {
    await room.feishu.says(OPS, GROUP, '', { voice: { name: '', bytes: BYTES } });
    await room.feishu.says(OPS, GROUP, '', { film: { name: '现场.mp4', bytes: BYTES } });
    await room.until(() => room.received.length === 2);
    expect(room.received).toMatchObject([
      { kind: 'file', name: expect.stringMatching(/\.opus$/), bytes: BYTES },
      { kind: 'file', name: '现场.mp4', bytes: BYTES },
    ]);
  });

  it('among words have a name of their own, and go with their message', async () => {
    const said = await room.feishu.says(OPS, GROUP, '看截图', {
      illustrated: { name: 'x.png', bytes: PIXEL },
    });
    await room.until(() => room.received.length === 2);
    expect(room.received).toMatchObject([
      { kind: 'text', messageId: said.id, text: '看截图' },
      { kind: 'file', messageId: `${said.id}/1` },
    ]);
    await room.feishu.recalls(said);
    await room.until(() => room.received.length === 4);
    expect(room.received.slice(2)).toMatchObject([
      { kind: 'deleted', messageId: said.id },
      { kind: 'deleted', messageId: `${said.id}/1` },
    ]);
  });

  it('a card that is pinned brings its words along', async () => {
    const receipt = await room.platform.post(
      PLACE,
      say('对方：先看连接池', [{ block: 'text', text: '再看线程' }]),
      {
        key: 'i1:1',
      },
    );
    const [card] = own();
    if (card) await room.feishu.reacts(DUTY, card, 'Pin');
    await room.until(() => room.received.length === 1);
    expect(room.received).toMatchObject([
      {
        command: 'pin',
        args: { message: receipt.ok ? receipt.messageId : '', text: '对方：先看连接池\n再看线程' },
      },
    ]);
  });
});
