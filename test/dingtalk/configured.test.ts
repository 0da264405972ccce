import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { diagnoseInstallation } from '../../src/doctor/index.ts';
import { sendTest } from '../../src/doctor/send-test.ts';
import { startWarroom } from '../../src/main.ts';
import { SECRET, type Standin, startStandin, TEMPLATES } from './standin.ts';

const ROOM = 'cidROOM==';
let folder: string;
let ding: Standin;
const before = { ...process.env };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-dingtalk-'));
  ding = await startStandin();
  ding.group(ROOM);
  ding.user('ding-duty', '值班工程师');
});
afterEach(async () => {
  await ding.close();
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
  expect(ding.unsupported).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const shape = z.looseObject({
  desk: z.looseObject({}),
  people: z.array(z.looseObject({ id: z.string() })),
});

function configured(dingtalk: object): string {
  const file = join(folder, 'warroom.yaml');
  const sample = shape.parse(parse(readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8')));
  const people = sample.people.map((one) => ({ ...one, accounts: { dingtalk: `ding-${one.id}` } }));
  const desk = { ...sample.desk, publicUrl: 'https://warroom.example' };
  writeFileSync(file, stringify({ ...sample, desk, people, chat: { dingtalk } }));
  return file;
}
const whole = () => configured({ cards: TEMPLATES, apiUrl: ding.apiUrl, oapiUrl: ding.apiUrl });
const secrets = () => ({ DINGTALK_CLIENT_ID: ding.client, DINGTALK_CLIENT_SECRET: SECRET });

const doctor = async (config: string, environment: NodeJS.ProcessEnv) =>
  (
    await diagnoseInstallation({
      config,
      file: join(folder, 'none.db'),
      environment,
      database: undefined,
      clock: Date.now,
    })
  ).filter((one) => one.check.includes('钉钉'));

describe('chat.dingtalk in warroom.yaml', () => {
  it('an empty variable is named by the doctor, a secret in the file is refused', async () => {
    expect(await doctor(configured({}), { DINGTALK_CLIENT_ID: 'x' })).toMatchObject([
      { state: 'bad', detail: expect.stringContaining('DINGTALK_CLIENT_SECRET') },
    ]);
    expect(() => loadSettings(configured({ clientSecretEnv: 'abc~123' }))).toThrow(/clientSecretEnv/);
  });

  it('the doctor is content, warns of what is not there, and names a missing permission', async () => {
    const rows = await doctor(whole(), secrets());
    expect(rows.map((one) => one.state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    const bare = configured({ apiUrl: ding.apiUrl, oapiUrl: ding.apiUrl });
    expect((await doctor(bare, secrets())).find((one) => one.check.includes('卡片'))?.state).toBe('warn');
    ding.trouble('/v1.0/robot/groupMessages/send', 403, {
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      message: 'no',
      accessdenieddetail: { requiredScopes: ['qyapi_robot_sendmsg'] },
    });
    expect((await doctor(whole(), secrets()))[0]).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('qyapi_robot_sendmsg'),
      fix: expect.stringContaining('权限管理'),
    });
  });

  it('sends a test message to a group and to a person', async () => {
    const options = {
      settings: loadSettings(whole()),
      environment: secrets(),
      database: join(folder, 'test.db'),
      now: Date.now(),
    };
    expect(await sendTest(`dingtalk:${ROOM}`, options)).toMatchObject([{ state: 'ok' }]);
    const rows = await sendTest('duty', options);
    expect(rows.find((one) => one.check.endsWith('dingtalk'))).toMatchObject({ state: 'ok' });
    expect(ding.messages.map((one) => one.conversation ?? one.user)).toEqual([ROOM, 'ding-duty']);
  });

  it('the whole desk starts with it; the link it hands out lets in the one who asked, once, into the room', async () => {
    process.env = { ...before, ...secrets(), WARROOM_LOG: 'silent' };
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const running = await startWarroom({
      config: whole(),
      port,
      data: folder,
      database: undefined,
      host: '127.0.0.1',
    });
    try {
      const poll = { timeout: 10_000, interval: 20 };
      await expect.poll(() => ding.connections.size, poll).toBe(1);
      await ding.says('ding-duty', ROOM, '开启 社保核心系统全部节点报错', { mention: true });
      await expect.poll(() => ding.visible('ding-ops', ROOM).join('\n'), poll).toContain('业务中断：是');
      await expect
        .poll(() => ding.visible('ding-ops', ROOM).join('\n'), poll)
        .toContain('只能听到 @ 机器人的消息');

      await ding.press('ding-duty', ROOM, '打开网页房间');
      await expect.poll(() => ding.visible('ding-duty', ROOM).join('\n'), poll).toContain('/login?token=');
      expect(ding.visible('ding-ops', ROOM).join('\n')).not.toContain('/login?token=');
      const link = /https:\/\/warroom\.example(\/login\?token=[\w-]+)/.exec(
        ding.visible('ding-duty', ROOM).join('\n'),
      )?.[1];
      const who = await (await fetch(new URL(link ?? '', base))).text();
      expect(who).toContain('value="duty"');
      expect(who).not.toContain('value="ops"');
      const body = new URLSearchParams({
        token: new URL(link ?? '', base).searchParams.get('token') ?? '',
        person: 'duty',
      });
      const enter = () =>
        fetch(new URL('/login', base), {
          method: 'POST',
          redirect: 'manual',
          headers: { origin: 'https://warroom.example' },
          body,
        });
      const entered = await enter();
      expect([entered.status, entered.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/i\/INC-/),
      ]);
      expect((await enter()).status).toBe(403);
    } finally {
      await running.stop();
    }
    await expect.poll(() => ding.connections.size).toBe(0);
  });
});
