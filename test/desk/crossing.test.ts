import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

const masking = { addresses: true, hosts: true, accounts: true };
const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    organisations: SETTINGS.config.organisations.map((one) =>
      one.side === 'customer' ? { ...one, masking } : one,
    ),
  },
};
const LOG = [
  '2026-11-24 03:12:01,114 ERROR [pool-2] 取连接失败 java.sql.SQLRecoverableException: IO Error: The Network Adapter could not establish the connection',
  '2026-11-24 03:12:01,115 ERROR [pool-2] jdbc:oracle:thin:@//si-db-01:1521/orcl user=si_app from 10.20.3.4',
  'Caused by: java.net.ConnectException: Connection refused: si-db-01/10.20.3.9:1521',
].join('\n');
const ESTATE = ['si-db-01', 'si_app', '10.20.3.4', '10.20.3.9'];

async function joint(): Promise<TestDesk> {
  const desk = await testDesk({ settings });
  await desk.say('ops', '/应急 开启 社保核心系统 打不开');
  await desk.press('duty', 'page', { who: 'senior-dba' });
  return desk;
}

/** All that a partner may read of the incident: the joint talk and the events. */
async function readByOthers(desk: TestDesk): Promise<string> {
  const { id } = await desk.incident();
  await desk.desk.engine.idle();
  const { store } = desk.desk;
  return JSON.stringify([await store.talk(id, ['joint']), await store.events(id), await store.load(id)]);
}

describe('a customer’s log among several companies', () => {
  it('crosses only on its sender’s word, as the preview showed it', async () => {
    room = await joint();
    const preview = await room.say('ops', LOG, { id: 'log' });
    expect(plainText(preview.toAsker?.headline ?? '')).toMatch(/数据库/);
    const shown = preview.toAsker?.blocks.find((one) => one.block === 'code');
    const code = shown?.block === 'code' ? shown.code : '';
    expect(code).toContain('［主机1］');
    for (const value of ESTATE) expect(code).not.toContain(value);
    for (const value of [...ESTATE, '取连接失败']) expect(await readByOthers(room)).not.toContain(value);
    expect((await room.talk(['org:customer'])).join()).toContain('si-db-01');

    await room.press('ops', 'share', { message: 'm-log' });
    const after = await readByOthers(room);
    expect(after).toContain('取连接失败');
    for (const value of ESTATE) expect(after).not.toContain(value);
    expect((await room.incident()).diagnoses[0]?.findings[0]?.fault).toMatch(/^db-/);
  });

  it('stays with its organisation when its sender says so, and nobody else can share it', async () => {
    room = await joint();
    await room.say('ops', LOG, { id: 'log' });
    expect(
      plainText((await room.press('dba', 'share', { message: 'm-log' })).toAsker?.headline ?? ''),
    ).toContain('没有等待发送的日志');
    await room.press('owner', 'share', { message: 'm-log', keep: 'yes' });
    expect(
      plainText((await room.press('ops', 'share', { message: 'm-log' })).toAsker?.headline ?? ''),
    ).toContain('没有等待发送的日志');
    expect(await readByOthers(room)).not.toContain('取连接失败');
  });

  it('a dropped file is held back in the same way, its name too', async () => {
    room = await joint();
    const preview = await room.drop('ops', 'si-db-01.log', Buffer.from(LOG));
    const message = preview.toAsker?.blocks.flatMap((one) => (one.block === 'buttons' ? one.buttons : []))[0]
      ?.args.message;
    for (const value of ESTATE) expect(await readByOthers(room)).not.toContain(value);
    await room.press('ops', 'share', { message: message ?? '' });
    const after = await readByOthers(room);
    expect(after).toContain('取连接失败');
    for (const value of ESTATE) expect(after).not.toContain(value);
  });

  it('with nobody else in the room it is said at once, masked, and whoever comes later reads no more', async () => {
    room = await testDesk({ settings });
    await room.say('ops', '/应急 开启 社保核心系统 打不开');
    const reply = await room.say('ops', LOG);
    expect(reply.toAsker).toBeNull();
    const read = await readByOthers(room);
    expect(read).toContain('取连接失败');
    for (const value of ESTATE) expect(read).not.toContain(value);
  });

  it('without a rule of the customer nothing is held back', async () => {
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统 打不开');
    await room.press('duty', 'page', { who: 'senior-dba' });
    expect((await room.say('ops', LOG)).toAsker).toBeNull();
    expect(await readByOthers(room)).toContain('10.20.3.9');
  });
});

describe('a file that was chosen for some', () => {
  it('is read by them alone, recognised for its sender, and shared on their word', async () => {
    room = await joint();
    const incident = await room.incident();
    const reply = await room.desk.receive({
      id: 'own-file',
      kind: 'file',
      messageId: 'f-own',
      name: 'gc.log',
      bytes: Buffer.from('2026-11-24 03:12:01 ERROR java.lang.OutOfMemoryError: Java heap space'),
      audience: 'own',
      incident: incident.id,
      place: {
        platform: 'web',
        workspace: 'local',
        conversation: incident.id,
        language: 'zh',
        org: 'dbvendor',
      },
      author: { id: 'dba', name: '高级DBA', org: 'dbvendor' },
      at: room.clock.now(),
      language: 'zh',
    });
    expect(plainText(reply.toAsker?.headline ?? '')).toContain('堆内存');
    expect(await readByOthers(room)).not.toContain('OutOfMemoryError');
    expect((await room.talk(['org:dbvendor'])).join()).toContain('OutOfMemoryError');
    await room.press('dba', 'share', { message: 'f-own' });
    expect(await readByOthers(room)).toContain('OutOfMemoryError');
  });
});
