import { afterEach, describe, expect, it } from 'vitest';
import { type FeishuRoom, feishuRoom, GROUP, OPS } from './room.ts';
import { APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN } from './standin.ts';

let room: FeishuRoom;
afterEach(() => room.close());

describe('the long connection', () => {
  it('a socket that is open on this side alone is noticed and replaced, and nothing is lost after that', async () => {
    room = await feishuRoom({ pongWithinS: 1 });
    await room.until(() => room.feishu.connections === 1);
    room.feishu.halfOpen(true);
    await room.until(() => room.feishu.connections > 1);
    room.feishu.halfOpen(false);
    await room.until(() => room.feishu.open === 1);
    await room.feishu.says(OPS, GROUP, '还听得到吗');
    await room.until(() => room.received.length === 1);
  }, 30_000);

  it('a socket that was dropped stands again', async () => {
    room = await feishuRoom();
    room.feishu.dropSockets();
    await room.until(() => room.feishu.connections === 2);
    await room.feishu.says(OPS, GROUP, '还听得到吗');
    await room.until(() => room.received.length === 1);
    expect(room.logged.map((one) => one.what)).toContain('feishu: the long connection stands again');
  }, 30_000);

  it('a long event comes in several frames and is put together', async () => {
    room = await feishuRoom();
    const log = 'ERROR 连接池耗尽\n'.repeat(800);
    await room.feishu.says(OPS, GROUP, log);
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({ kind: 'text', text: log.trim() });
  });

  it('bytes that are no frame do not end it', async () => {
    room = await feishuRoom();
    for (let at = 0; at < 300; at += 1)
      room.feishu.garbage(
        Buffer.from(Array.from({ length: at % 40 }, (_, byte) => (at * 31 + byte * 17) % 256)),
      );
    await room.feishu.says(OPS, GROUP, '还听得到吗');
    await room.until(() => room.received.length === 1);
    expect(room.feishu.connections).toBe(1);
  });

  it('the ticket of the connection and the secret of the app stand in no log', async () => {
    room = await feishuRoom();
    room.feishu.dropSockets();
    await room.until(() => room.feishu.connections === 2);
    const log = JSON.stringify(room.logged);
    for (const secret of [APP_SECRET, 'secret-ticket']) expect(log).not.toContain(secret);
  }, 30_000);

  it('an id that is none is told at the start; the SDK would only be silent', async () => {
    room = await feishuRoom({ mode: 'http' });
    const { openLine } = await import('../../src/chat/feishu/line.ts');
    const { EventDispatcher } = await import('@larksuiteoapi/node-sdk');
    const quiet = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
    const line = openLine({
      app: { appId: 'cli_short', appSecret: 'x', domain: room.feishu.domain },
      dispatcher: new EventDispatcher({ logger: quiet }),
      logger: quiet,
      log: () => {},
      pongWithinS: 1,
    });
    await expect(line.start()).rejects.toThrow('App ID');
  });

  it('a wrong secret ends the start with what to do', async () => {
    room = await feishuRoom({ mode: 'http' });
    const app = { appId: 'cli_0123456789abcdef', appSecret: 'wrong', domain: room.feishu.domain };
    await expect(feishuRoom({ app })).rejects.toThrow('App Secret');
  });
});

describe('the door', () => {
  it('answers the question that is asked when its address is entered', async () => {
    room = await feishuRoom({ mode: 'http' });
    const question = { type: 'url_verification', token: VERIFICATION_TOKEN, challenge: 'abc-123' };
    const { status, answer } = await room.feishu.post(JSON.stringify(question));
    expect([status, answer]).toEqual([200, { challenge: 'abc-123' }]);
  });

  it('lets in what was signed and encrypted, and logs no key', async () => {
    room = await feishuRoom({ mode: 'http' });
    await room.feishu.says(OPS, GROUP, '应答', { mention: true });
    await room.until(() => room.received.length === 1);
    await room.feishu.post('{}', { key: 'another' });
    await room.feishu.post('{}', { headers: { 'x-lark-signature': 'x' } });
    const log = JSON.stringify(room.logged);
    expect(log).toContain('a request was refused');
    for (const secret of [ENCRYPT_KEY, VERIFICATION_TOKEN]) expect(log).not.toContain(secret);
  });
});
