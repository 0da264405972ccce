import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { dingtalkPlatform } from '../../src/chat/dingtalk/platform.ts';
import { contactMethods } from '../../src/contact/index.ts';
import { gatewaySchema, type Person } from '../../src/roster/schema.ts';
import { dingOptions, dingSettings } from '../chat/dingtalk-stage.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { startStandin } from './standin.ts';

let room: TestDesk;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await room.close();
  for (const close of closing.splice(0)) await close();
});

/** A real mail server; it refuses recipients of the domain `gone.example`. */
async function postOffice() {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      address.endsWith('@gone.example')
        ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        mails.push(session.envelope.rcptTo[0]?.address ?? '');
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

async function phones() {
  const rung: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      rung.push(request.url ?? '');
      response.end('{"code":0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { rung, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/voice/{{address}}` };
}

/** A duty engineer who is reached by DingTalk, then e-mail, then telephone; each may be out of reach. */
async function paged(reach: { readonly dingtalk: boolean; readonly mail: boolean }) {
  const ding = await startStandin();
  closing.push(ding.close);
  const office = await postOffice();
  const voice = await phones();
  const contacts: Person['contacts'] = [
    { method: 'chat', platform: 'dingtalk', address: 'ding-duty' },
    { method: 'email', address: reach.mail ? 'duty@vendor.example' : 'duty@gone.example' },
    { method: 'webhook', gateway: 'voice', address: '13800000000' },
  ];
  if (reach.dingtalk) ding.user('ding-duty', '值班工程师');
  const notes = new Map<string, string>();
  const platform = dingtalkPlatform({
    ...dingOptions(ding),
    isRoom: async () => false,
    log: () => {},
    remember: async (key, value) => {
      notes.set(key, value);
    },
    recall: async (key) => notes.get(key) ?? null,
  });
  const { config } = dingSettings;
  const settings = {
    ...dingSettings,
    config: {
      ...config,
      people: config.people.map((one) =>
        one.id === 'duty' ? { ...one, contacts } : { ...one, contacts: [] },
      ),
      delivery: {
        gateways: [gatewaySchema.parse({ id: 'voice', url: voice.url })],
        smtp: { host: '127.0.0.1', port: office.port, secure: false, from: 'warroom@vendor.example' },
      },
    },
  };
  room = await testDesk({
    settings,
    platforms: [platform],
    contact: contactMethods(settings.config, {}, [platform]),
  });
  await room.say('ops', '/应急 开启 社保核心系统无法访问');
  const trail = async (): Promise<readonly string[]> => {
    await room.advance(0);
    const page = (await room.incident()).pages.find((one) => one.person === 'duty');
    return (page?.deliveries ?? []).map((one) => `${one.method} ${one.outcome}`);
  };
  return { ding, mails: office.mails, rung: voice.rung, trail };
}

const settled = async (trail: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  await expect
    .poll(async () => (await trail()).some((one) => one.endsWith('accepted')), {
      timeout: 10_000,
      interval: 20,
    })
    .toBe(true);
  return trail();
};

describe('a page, in the order of the person’s list', () => {
  it('reaches the single chat in DingTalk first, and the receipt says so', async () => {
    const { ding, mails, rung, trail } = await paged({ dingtalk: true, mail: true });
    expect(await settled(trail)).toEqual(['dingtalk accepted']);
    expect(ding.messages).toMatchObject([
      { user: 'ding-duty', text: expect.stringContaining('社保核心系统') },
    ]);
    expect([mails, rung]).toEqual([[], []]);
  });

  it('goes to e-mail when DingTalk does not know the person', async () => {
    const { ding, mails, rung, trail } = await paged({ dingtalk: false, mail: true });
    expect(await settled(trail)).toEqual(['dingtalk failed', 'email accepted']);
    expect(ding.messages).toEqual([]);
    expect([mails, rung]).toEqual([['duty@vendor.example'], []]);
  });

  it('rings the telephone when neither took it', async () => {
    const { mails, rung, trail } = await paged({ dingtalk: false, mail: false });
    expect(await settled(trail)).toEqual(['dingtalk failed', 'email failed', 'voice accepted']);
    expect([mails, rung]).toEqual([[], ['/voice/13800000000']]);
  });
});
