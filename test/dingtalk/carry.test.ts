import { unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attachment } from '../../src/chat/port.ts';
import { type Bench, bench, message, PLACE, ROOM } from './bench.ts';

let room: Bench;
afterEach(() => room.close());

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const file = (name: string, bytes: Uint8Array): Attachment => ({
  name,
  type: 'application/octet-stream',
  bytes: async () => bytes,
});
const says = (text: string, quote?: Parameters<Bench['ding']['says']>[3]) =>
  room.ding.says('ding-ops', ROOM, text, { mention: true, ...quote });
const heard = (count: number) => room.until(() => room.received.length === count);

describe('what answers what', () => {
  it.each([
    ['a text', null],
    ['a card that is changed in place', 'said:m1'],
  ])('a quote of %s names it as its receipt did', async (_what, card) => {
    room = await bench();
    await room.platform.start();
    const sent = await room.platform.post(PLACE, message('乙：连接池满了', { card }), { key: 'i1:1:x' });
    if (!sent.ok) throw new Error(sent.error);
    const robot =
      card === null ? room.ding.messages.at(-1)?.key : [...room.ding.cards.values()].at(-1)?.carrier;
    await says('已经重启', { quote: { robot: robot ?? '' } });
    await heard(1);
    expect(room.received[0]).toMatchObject({ text: '已经重启', replyTo: sent.messageId });
    if (card === null) return;
    const again = await room.platform.post(PLACE, message('乙：两台', { card }), { key: 'i1:2:x' });
    expect(again).toEqual(sent);
    expect(room.ding.cards.size).toBe(1);
  });

  it('a quote of what a person said names it as it was heard; what quotes nothing answers nothing', async () => {
    room = await bench();
    await room.platform.start();
    const first = await says('三台都慢');
    await says('收到', { quote: { person: first } });
    await heard(2);
    expect(room.received).toMatchObject([
      { messageId: `${ROOM}:${first}`, replyTo: undefined },
      { text: '收到', replyTo: `${ROOM}:${first}` },
    ]);
  });

  it('whichever part of a long message is answered, it is the message', async () => {
    room = await bench();
    await room.platform.start();
    const blocks = [{ block: 'text', text: '长'.repeat(9000) }] as const;
    const sent = await room.platform.post(PLACE, message('乙', { blocks }), { key: 'i1:1:x' });
    if (!sent.ok) throw new Error(sent.error);
    expect(room.ding.messages.length).toBeGreaterThan(1);
    await says('看到了', { quote: { robot: room.ding.messages.at(-1)?.key ?? '' } });
    await heard(1);
    expect(room.received[0]).toMatchObject({ replyTo: sent.messageId });
  });

  it('without card templates nothing is changed in place, and it does not say so', async () => {
    room = await bench({ templates: null });
    expect(room.platform.capabilities.updatesMessages).toBe(false);
    await room.platform.post(PLACE, message('乙：三台', { card: 'said:m1' }), { key: 'i1:1:x' });
    await room.platform.post(PLACE, message('更正：两台', { card: 'said:m1' }), { key: 'i1:2:x' });
    expect(room.ding.messages).toHaveLength(2);
  });
});

describe('files', () => {
  it('pictures are named by what they are, within a text or alone', async () => {
    room = await bench();
    await room.platform.start();
    const told = await room.ding.sendsPictures('ding-ops', ROOM, [GIF, GIF], '报错如图');
    await heard(3);
    expect(room.received).toMatchObject([
      { kind: 'text', messageId: `${ROOM}:${told}`, text: '报错如图' },
      { kind: 'file', messageId: `${ROOM}:${told}#1`, name: 'picture.gif' },
      { kind: 'file', messageId: `${ROOM}:${told}#2` },
    ]);
    const alone = await room.ding.sendsPictures('ding-ops', 'cid-ops', [GIF]);
    await heard(4);
    expect(room.received[3]).toMatchObject({
      messageId: `cid-ops:${alone}`,
      place: { conversation: ROOM },
      through: { conversation: 'cid-ops' },
    });
  });

  it('a picture is shown as one, a document sent as it is, a log packed; each once', async () => {
    room = await bench();
    await room.platform.start();
    const sent = [
      ['故障.gif', GIF],
      ['方案.pdf', Buffer.from('%PDF-1.7')],
      ['server.log', Buffer.from('ERROR 连接池满')],
    ] as const;
    for (const [name, bytes] of sent) {
      const posting = { key: `i1:1:${name}` };
      const receipt = await room.platform.attach?.(PLACE, file(name, bytes), posting);
      expect(await room.platform.attach?.(PLACE, file(name, bytes), posting)).toEqual(receipt);
      expect(receipt).toEqual({ ok: true, messageId: `${ROOM}:${room.ding.messages.at(-1)?.key}` });
    }
    const files = room.ding.messages.map((one) => one.file);
    expect(files.map((one) => one?.name)).toEqual(['故障.gif', '方案.pdf', 'server.log.zip']);
    expect(files[0]?.bytes).toEqual(GIF);
    const packed = unzipSync(files[2]?.bytes ?? new Uint8Array());
    expect(Buffer.from(packed['server.log'] ?? []).toString()).toBe('ERROR 连接池满');
    expect(room.received).toEqual([]);
  });

  it('what is too large or empty is refused for good; the service that is down is asked again', async () => {
    room = await bench();
    for (const bytes of [new Uint8Array(0), new Uint8Array(20 * 1024 * 1024 + 1)]) {
      const receipt = await room.platform.attach?.(PLACE, file('堆.pdf', bytes), { key: 'i1:1:f' });
      expect(receipt).toMatchObject({ ok: false, permanent: true });
      expect(JSON.stringify(receipt)).toContain('网页房间');
    }
    const send = () => room.platform.attach?.(PLACE, file('a.pdf', GIF), { key: 'i1:1:f' });
    room.ding.trouble('/media/upload', 503, { code: 'ServiceUnavailable', message: 'later' });
    expect(await send()).toMatchObject({ ok: false, permanent: false, uncertain: false });
    room.ding.trouble('/v1.0/robot/groupMessages/send', 503, {
      code: 'ServiceUnavailable',
      message: 'later',
    });
    expect(await send()).toMatchObject({ ok: false, permanent: false });
    expect(await send()).toMatchObject({ ok: true });
    // What was uploaded is not uploaded again.
    expect(room.ding.calls.filter((one) => one.path === '/media/upload')).toHaveLength(2);
  });

  it('files count towards the twenty messages a minute', async () => {
    let now = Date.now();
    room = await bench({ clock: () => now });
    room.ding.quota();
    const send = (at: number) => room.platform.attach?.(PLACE, file('a.pdf', GIF), { key: `i1:${at}:f` });
    for (let at = 0; at < 20; at += 1) expect(await send(at)).toMatchObject({ ok: true });
    expect(await send(20)).toMatchObject({ ok: false, permanent: false, retryAfterMs: 600_000 });
    now += 600_000;
    expect(await send(20)).toMatchObject({ ok: true });
  });
});
