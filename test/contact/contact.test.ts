import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { contactMethods } from '../../src/contact/index.ts';
import type { Call } from '../../src/contact/port.ts';
import type { Config } from '../../src/roster/schema.ts';
import { ROSTER } from '../incident/given.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

const call: Call = {
  incident: 'i1',
  code: 'INC-20261124-01',
  page: 'p1',
  text: '社保核心系统："全部节点"报错\n请应答',
  subject: 'INC-20261124-01 社保核心系统',
  words: { system: '社保核心系统', level: '红色', title: '全部节点报错', until: '03:17' },
};
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function methods(delivery: Config['delivery'], environment: NodeJS.ProcessEnv = {}) {
  return contactMethods({ ...ROSTER, delivery }, environment, []);
}

describe('an SMS or voice gateway', () => {
  async function withGateway(): Promise<{
    gateway: Gateway;
    send: () => ReturnType<ReturnType<typeof methods>>;
  }> {
    const gateway = await startGateway();
    closing.push(gateway.close);
    const send = methods({
      gateways: [
        {
          id: 'voice',
          url: `${gateway.url}/call`,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          query: {},
          notices: false,
          body: '{"to":"{{address}}","text":"{{text}}","ref":"{{page}}"}',
        },
      ],
    });
    return {
      gateway,
      send: () => send({ method: 'webhook', gateway: 'voice', address: '13800000000' }, call),
    };
  }

  it('is told whom to call and what to say, in valid JSON whatever the words are', async () => {
    const { gateway, send } = await withGateway();
    expect(await send()).toEqual({ ok: true, detail: 'HTTP 200' });
    expect(JSON.parse(gateway.received[0]?.body ?? '')).toEqual({
      to: '13800000000',
      text: call.text,
      ref: 'p1',
    });
  });

  it('in a URL the words are encoded', async () => {
    const gateway = await startGateway();
    closing.push(gateway.close);
    const url = `${gateway.url}/sms?to={{address}}&m={{text}}`;
    const send = methods({
      gateways: [{ id: 'sms', url, method: 'GET', headers: {}, query: {}, notices: false, body: '' }],
    });
    expect((await send({ method: 'webhook', gateway: 'sms', address: '138&x=1' }, call)).ok).toBe(true);
    expect(new URL(gateway.received[0]?.path ?? '', 'http://x').searchParams.get('m')).toBe(call.text);
  });

  it.each([
    [
      { status: 503, headers: { 'retry-after': '7' } },
      { permanent: false, retryAfterMs: 7000 },
    ],
    [
      { status: 429, headers: {} },
      { permanent: false, retryAfterMs: null },
    ],
    [{ status: 410, headers: {} }, { permanent: true }],
    [
      { status: 0, hangUp: true },
      { permanent: false, uncertain: true },
    ],
  ])('answering %o is %o', async (answer, expected) => {
    const { gateway, send } = await withGateway();
    gateway.answer(answer);
    expect(await send()).toMatchObject({ ok: false, ...expected });
  });
});

describe('e-mail', () => {
  async function withSmtp(options: { refuse?: number } = {}) {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) =>
        options.refuse
          ? done(Object.assign(new Error('no such mailbox'), { responseCode: options.refuse }))
          : done(),
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          mails.push(Buffer.concat(chunks).toString('utf8'));
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as AddressInfo;
    const send = methods({
      gateways: [],
      smtp: { host: '127.0.0.1', port, secure: false, from: 'warroom@example.com' },
    });
    return { mails, send: () => send({ method: 'email', address: 'duty@example.com' }, call) };
  }

  it('reaches a real SMTP server', async () => {
    const { mails, send } = await withSmtp();
    expect((await send()).ok).toBe(true);
    expect(mails[0]).toContain('To: duty@example.com');
  });

  it.each([
    [550, true],
    [451, false],
  ])('an SMTP answer of %i is permanent: %s', async (refuse, permanent) => {
    const { send } = await withSmtp({ refuse });
    expect(await send()).toMatchObject({ ok: false, permanent });
  });

  it('without a server configured the method gives way at once', async () => {
    expect(
      await methods({ gateways: [] })({ method: 'email', address: 'x@example.com' }, call),
    ).toMatchObject({ ok: false, permanent: true });
  });
});
