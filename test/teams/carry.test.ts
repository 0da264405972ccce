import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import type { Attachment } from '../../src/chat/port.ts';
import { CHANNEL, type TeamsRoom, THREAD, teamsRoom } from './room.ts';

let room: TeamsRoom;
afterEach(() => room.close());

const place = {
  platform: 'teams',
  workspace: '',
  conversation: THREAD,
  language: 'zh',
  org: 'apusic',
} as const;
const said = (headline: string, card: string | null = null): Message => ({
  headline,
  blocks: [],
  tone: 'plain',
  card,
});
/** A PNG, as far as its size is read. */
function png(width: number, height: number, bytes = 200): Buffer {
  const data = Buffer.alloc(bytes);
  data.write('\x89PNG\r\n\x1a\n', 'latin1');
  data.writeUInt32BE(width, 16);
  data.writeUInt32BE(height, 20);
  return data;
}
const picture = (bytes: Uint8Array, type = 'image/png', name = '界面.png'): Attachment => ({
  name,
  type,
  bytes: async () => bytes,
});

describe('what answers what', () => {
  it.each(['entity', 'html'] as const)('a quote by %s names the message as its receipt did', async (how) => {
    room = await teamsRoom();
    const sent = await room.platform.post(place, said('乙：连接池满了', 'said:m1'), { key: 'i1:1:x' });
    if (!sent.ok) throw new Error(sent.error);
    const id = room.teams.posted.at(-1)?.id ?? '';
    const answer = await room.teams.says(room.ops, THREAD, '已经重启', { quote: { id, how } });
    await room.teams.says(room.duty, THREAD, '收到', { quote: { id: answer.id, how } });
    await room.until(() => room.received.length === 2);
    expect(room.received).toMatchObject([
      { text: '已经重启', replyTo: sent.messageId },
      { text: '收到', replyTo: `${THREAD}:${answer.id}` },
    ]);
    expect(room.received[0]).toMatchObject({ messageId: `${THREAD}:${answer.id}` });
  });

  it('to be in the thread answers nothing', async () => {
    room = await teamsRoom();
    await room.teams.says(room.ops, THREAD, '现场正常了');
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({ text: '现场正常了', replyTo: undefined });
  });

  it('whichever part of a long message is answered, it is the message', async () => {
    room = await teamsRoom();
    const blocks = [{ block: 'code', code: '长'.repeat(30_000), startLine: null, marked: [] }] as const;
    const sent = await room.platform.post(place, { ...said('乙'), blocks }, { key: 'i1:1:x' });
    if (!sent.ok) throw new Error(sent.error);
    expect(room.teams.posted.length).toBeGreaterThan(1);
    const id = room.teams.posted.at(-1)?.id ?? '';
    await room.teams.says(room.ops, THREAD, '看到了', { quote: { id, how: 'entity' } });
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({ replyTo: sent.messageId });
  });

  it('an edit is made where the message stands, and keeps its name', async () => {
    room = await teamsRoom();
    const first = await room.platform.post(place, said('乙：三台', 'said:m1'), { key: 'i1:1:x' });
    const again = await room.platform.post(place, said('乙：两台', 'said:m1'), { key: 'i1:2:x' });
    expect(again).toEqual(first);
    expect(room.teams.posted).toHaveLength(1);
    expect(room.teams.posted[0]?.updates).toBe(1);
  });
});

describe('files', () => {
  it('a pasted picture is fetched with the token of the bot, in a channel too', async () => {
    room = await teamsRoom();
    const bytes = png(40, 30);
    const alone = await room.teams.says(room.ops, THREAD, '', { pictures: [bytes] });
    const both = await room.teams.says(room.ops, THREAD, '报错如图', { pictures: [bytes] });
    await room.until(() => room.received.length === 3);
    expect(room.received).toMatchObject([
      { kind: 'file', messageId: `${THREAD}:${alone.id}`, name: 'picture.png', author: { id: 'ops' } },
      { kind: 'text', messageId: `${THREAD}:${both.id}`, text: '报错如图' },
      { kind: 'file', messageId: `${THREAD}:${both.id}#1` },
    ]);
    for (const one of room.received) if (one.kind === 'file') expect(Buffer.from(one.bytes)).toEqual(bytes);
  });

  it('the token goes nowhere but to the service that told of the picture', async () => {
    room = await teamsRoom();
    const contentUrl = 'http://127.0.0.1:1/v3/attachments/x/views/original';
    const activity = room.teams.activity('message', room.ops, THREAD, {
      id: '1764000000999',
      text: '图',
      attachments: [{ contentType: 'image/png', contentUrl }],
    });
    expect(await room.teams.request(JSON.stringify(activity))).toMatchObject({ status: 200 });
    await room.settle();
    expect(room.received.map((one) => one.kind)).toEqual(['text']);
  });

  it('a file of the personal chat tells through which conversation it came', async () => {
    room = await teamsRoom();
    await room.teams.says(room.ops, THREAD, '日志在私聊里');
    const files = [{ name: '安装包.bin', bytes: new Uint8Array([0, 1, 2]) }];
    await room.teams.says(room.ops, `a:${room.ops}`, '', { files });
    await room.until(() => room.received.length === 2);
    expect(room.received[1]).toMatchObject({
      kind: 'file',
      name: '安装包.bin',
      place: { conversation: THREAD },
      through: { conversation: `a:${room.ops}` },
    });
  });

  it('a small picture is put into the place once; its name is that of its message', async () => {
    room = await teamsRoom();
    await room.teams.says(room.ops, THREAD, '先说一句');
    const bytes = png(800, 600);
    const first = await room.platform.attach?.(place, picture(bytes), { key: 'i1:1:file' });
    const again = await room.platform.attach?.(place, picture(bytes), { key: 'i1:1:file' });
    const posted = room.teams.posted.filter((one) => one.picture);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.picture).toEqual({ name: '界面.png', bytes });
    expect(first).toEqual({ ok: true, messageId: `${THREAD}:${posted[0]?.id}` });
    expect(again).toEqual(first);
    await room.settle();
    expect(room.received).toHaveLength(1);
  });

  it.each([
    ['a log', picture(Buffer.from('ERROR'), 'text/plain', 'server.log')],
    ['a picture too wide', picture(png(1600, 900))],
    ['a picture too heavy', picture(png(800, 600, 1_000_001))],
    ['what only says that it is one', picture(Buffer.from('GIF? no, a text that is long enough'))],
  ])('%s is refused for good, with what to do', async (_what, file) => {
    room = await teamsRoom();
    const receipt = await room.platform.attach?.(place, file, { key: 'i1:1:file' });
    expect(receipt).toMatchObject({ ok: false, permanent: true, error: expect.stringContaining('网页房间') });
    expect(room.teams.calls.map((one) => one.call)).not.toContain('send');
  });

  it('a service that is too busy says when, and a conversation without the bot says so', async () => {
    room = await teamsRoom();
    room.teams.trouble('send', 429, 'TooManyRequests', { retryAfter: 3 });
    const send = () => room.platform.attach?.(place, picture(png(10, 10)), { key: 'i1:1:file' });
    expect(await send()).toMatchObject({ ok: false, permanent: false, retryAfterMs: 3000 });
    room.teams.conversation(CHANNEL, 'channel', { hasBot: false });
    expect(await send()).toMatchObject({ ok: false, permanent: true });
  });
});
