import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { feishuPlatform } from '../../src/chat/feishu/platform.ts';
import { contactMethods } from '../../src/contact/index.ts';
import { createDesk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { type Config, configSchema } from '../../src/roster/schema.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { SETTINGS } from '../support/desk.ts';
import { startGateway } from '../support/gateway.ts';
import { wordsOf } from './kit.ts';
import { APP_ID, APP_SECRET, startStandin } from './standin.ts';

const DUTY = 'ou_duty';
const OPS = 'ou_ops';
const LOBBY = 'oc_lobby';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function mailbox() {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (address, _session, done) =>
      address.address.startsWith('gone@')
        ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        : done(),
    onData: (stream, _session, done) => {
      stream.resume().on('end', () => {
        mails.push('one');
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

/** The whole desk: the on-call engineer is reached by 加急 of Feishu, then by e-mail, then by a voice gateway. */
async function desk(mail = 'duty@example.com') {
  const feishu = await startStandin();
  closing.push(() => feishu.close());
  const { mails, port } = await mailbox();
  const gateway = await startGateway();
  closing.push(gateway.close);
  feishu.user(DUTY, '值班工程师');
  feishu.user(OPS, '客户运维');
  feishu.group(LOBBY, [OPS, DUTY]);
  const contacts = [
    { method: 'chat', platform: 'feishu', address: DUTY, urgent: 'phone' },
    { method: 'email', address: mail },
    { method: 'webhook', gateway: 'voice', address: '13800000000' },
  ];
  const config: Config = configSchema.parse({
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({
      ...one,
      ...(one.id === 'duty' ? { contacts, accounts: { feishu: DUTY } } : {}),
      ...(one.id === 'ops' ? { accounts: { feishu: OPS } } : {}),
    })),
    delivery: {
      smtp: { host: '127.0.0.1', port, secure: false, from: 'warroom@example.com' },
      gateways: [{ id: 'voice', url: gateway.url, body: '{"to":"{{address}}","text":"{{text}}"}' }],
    },
  });
  const settings = { ...SETTINGS, config };
  const folder = mkdtempSync(join(tmpdir(), 'warroom-page-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const platform = feishuPlatform({
    app: { appId: APP_ID, appSecret: APP_SECRET, domain: feishu.domain },
    door: { mode: 'socket' },
    hears: 'everything',
    rooms: 'here',
    archive: 'rename',
    people: config.people,
    language: 'zh',
    org: 'apusic',
    publicUrl: null,
    personalLink: null,
    now: Date.now,
    isCommand: () => false,
    log: () => {},
    remember: (key, value) => store.putNote(`feishu:${key}`, value),
    recall: (key) => store.getNote(`feishu:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
  });
  const made = await createDesk({
    settings,
    knowledge: loadKnowledge(),
    store,
    clock: systemClock,
    platforms: [platform],
    contact: contactMethods(config, {}, [platform]),
    log: () => {},
  });
  made.engine.start();
  await platform.start(made.receive);
  closing.push(async () => {
    await platform.stop();
    await made.engine.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const until = (what: () => unknown): Promise<void> =>
    expect.poll(what, { timeout: 15_000, interval: 20 }).toBeTruthy();
  const trail = async (): Promise<readonly string[]> => {
    const [incident] = await store.incidents();
    const events = incident ? await store.events(incident.id) : [];
    return events.flatMap(({ body }) =>
      body.type === 'PageDelivered' ? [`${body.delivery.method} ${body.delivery.outcome}`] : [],
    );
  };
  const open = (): Promise<unknown> =>
    feishu.says(OPS, LOBBY, '应急 开启 社保核心系统全部节点报错', { mention: true });
  return { feishu, mails, gateway, until, trail, open };
}

describe('a page along the list of the person', () => {
  it('rings by 加急 and shows in its trail that it was read; nothing else is sent', async () => {
    const { feishu, mails, gateway, until, trail, open } = await desk();
    await open();
    await until(async () => (await trail()).includes('feishu accepted'));
    expect(feishu.urgents).toMatchObject([{ kind: 'phone', users: [DUTY] }]);
    const [page] = feishu.visible(DUTY, `oc_p2p_${DUTY}`);
    expect(page?.card ? wordsOf(page.card) : '').toContain('社保核心系统');
    await feishu.reads(DUTY);
    await until(async () => (await trail()).includes('feishu seen'));
    expect([mails.length, gateway.received.length]).toEqual([0, 0]);
  }, 30_000);

  it('without quota for the call the e-mail goes out, and the trail says why', async () => {
    const { feishu, mails, gateway, until, trail, open } = await desk();
    const answer = { code: 0, msg: 'success', data: { invalid_user_id_list: [DUTY] } };
    feishu.trouble('urgent_phone', 200, answer);
    await open();
    await until(async () => (await trail()).includes('email accepted'));
    expect(await trail()).toEqual(['feishu failed', 'email accepted']);
    expect([mails.length, gateway.received.length]).toEqual([1, 0]);
  }, 30_000);

  it('without a mailbox either the voice gateway calls', async () => {
    const { feishu, mails, gateway, until, trail, open } = await desk('gone@example.com');
    feishu.revoke('im:message.urgent:phone');
    await open();
    await until(async () => (await trail()).includes('voice accepted'));
    expect(await trail()).toEqual(['feishu failed', 'email failed', 'voice accepted']);
    expect([mails.length, gateway.received.length]).toEqual([0, 1]);
  }, 30_000);
});
