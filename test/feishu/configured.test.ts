import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHAPES } from '../../src/chat/feishu/payloads.ts';
import { FEISHU_PATH } from '../../src/chat/feishu/platform.ts';
import { missingNeeds, NEEDS } from '../../src/chat/feishu/scopes.ts';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { diagnoseInstallation } from '../../src/doctor/index.ts';
import { sendTest } from '../../src/doctor/send-test.ts';
import { openPlatforms } from '../../src/platforms.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { APP_ID, APP_SECRET, documentedScopes, type Standin, startStandin } from './standin.ts';

const ENVIRONMENT = { FEISHU_APP_ID: APP_ID, FEISHU_APP_SECRET: APP_SECRET };
let folder: string;
let feishu: Standin;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-feishu-'));
  feishu = await startStandin();
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await feishu.close();
});

function configured(chat: string, duty = ''): string {
  const file = join(folder, 'warroom.yaml');
  let sample = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');
  if (duty !== '') sample = sample.replace(/(- id: duty\n)/, `$1    accounts: { feishu: ${duty} }\n`);
  writeFileSync(file, `${sample}\nchat:\n  feishu: ${chat}\n`);
  return file;
}
const rows = async (chat: string, more: { clock?: () => number; environment?: object; duty?: string } = {}) =>
  diagnoseInstallation({
    config: configured(chat, more.duty),
    file: join(folder, 'none.db'),
    environment: { ...(more.environment ?? ENVIRONMENT) },
    clock: more.clock ?? Date.now,
  });
const row = async (name: string, ...args: Parameters<typeof rows>) =>
  (await rows(...args)).find((one) => one.check.includes(name));

describe('chat.feishu in warroom.yaml', () => {
  it('an empty variable is named, by the start and by the doctor', async () => {
    const store = openSqliteStore({ file: join(folder, 'test.db') });
    try {
      const settings = loadSettings(configured('{}'));
      await expect(openPlatforms(settings, store, { FEISHU_APP_ID: APP_ID }, () => {})).rejects.toThrow(
        'FEISHU_APP_SECRET',
      );
      const [opened] = await openPlatforms(
        loadSettings(configured('{ mode: http }')),
        store,
        { ...ENVIRONMENT, FEISHU_ENCRYPT_KEY: 'k', FEISHU_VERIFICATION_TOKEN: 't' },
        () => {},
      );
      expect(opened?.door?.path).toBe(FEISHU_PATH);
    } finally {
      await store.close();
    }
    expect(await row('飞书 Feishu', '{ mode: http }')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('FEISHU_ENCRYPT_KEY'),
    });
  });

  it('a message that is to ring where no platform of that name rings is told', () => {
    const file = configured('{}');
    const text = readFileSync(file, 'utf8').replace(
      /contacts:/,
      'contacts:\n      - { method: chat, platform: slack, address: U0X, urgent: phone }',
    );
    writeFileSync(file, text);
    expect(() => loadSettings(file)).toThrow(/urgent.*feishu/);
  });

  it('a secret written into the file is refused', () => {
    expect(() => loadSettings(configured('{ appSecretEnv: abc-123 }'))).toThrow(/appSecretEnv/);
  });
});

describe('the guides', () => {
  it.each(['feishu.md', 'feishu.zh-CN.md'])(
    '%s has people grant all that is needed, and hear all that is listened to',
    (file) => {
      const granted = new Set(documentedScopes(file));
      const all = new Set(NEEDS.map((need) => need.when));
      expect(missingNeeds(granted, all)).toEqual([]);
      expect([...granted].filter((scope) => !NEEDS.some((need) => need.anyOf.includes(scope)))).toEqual([]);
      const guide = readFileSync(join(PROJECT, 'docs', file), 'utf8');
      for (const event of Object.keys(SHAPES)) expect(guide).toContain(`\`${event}\``);
    },
  );
});

describe('the doctor of Feishu', () => {
  const chat = (more = ''): string => `{ domain: '${feishu.domain}'${more} }`;

  it('says whose app it is, that all is granted, what it hears and how the clocks stand', async () => {
    expect(await row('飞书 Feishu', chat())).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining(APP_ID),
    });
    expect(await row('飞书权限', chat())).toMatchObject({ state: 'ok' });
    expect(await row('飞书时钟', chat())).toMatchObject({ state: 'ok' });
    expect(await row('飞书账号', chat(), { duty: 'ou_duty' })).toMatchObject({ state: 'ok' });
  });

  it('names each permission that is missing, and asks only for what is used', async () => {
    feishu.revoke('im:resource', 'im:chat', 'im:message.urgent:phone');
    const missing = await row('飞书权限', chat());
    expect(missing).toMatchObject({ state: 'bad', detail: expect.stringContaining('im:resource') });
    expect(missing?.detail).toContain('im:chat');
    expect(missing?.detail).not.toContain('urgent');
    expect((await row('飞书权限', chat(', rooms: here')))?.detail).not.toContain('im:chat');
  });

  it('a way to reach somebody by 加急 asks for its permission', async () => {
    feishu.revoke('im:message.urgent:phone');
    const file = configured(chat());
    const text = readFileSync(file, 'utf8').replace(
      /contacts:/,
      'contacts:\n      - { method: chat, platform: feishu, address: ou_x, urgent: phone }',
    );
    writeFileSync(file, text);
    const found = await diagnoseInstallation({
      config: file,
      file: join(folder, 'none.db'),
      environment: { ...ENVIRONMENT },
      clock: Date.now,
    });
    expect(found.find((one) => one.check.includes('飞书权限'))).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('im:message.urgent:phone'),
    });
  });

  it('what is declared and what was granted to be heard must agree', async () => {
    expect(await row('飞书收听', chat())).toMatchObject({ state: 'warn' });
    expect(await row('飞书收听', chat(', hears: everything'))).toMatchObject({ state: 'ok' });
    feishu.revoke('im:message.group_msg');
    expect(await row('飞书收听', chat())).toMatchObject({ state: 'ok' });
    expect(await row('飞书收听', chat(', hears: everything'))).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('im:message.group_msg'),
    });
  });

  it('a wrong secret is told without printing it', async () => {
    const environment = { ...ENVIRONMENT, FEISHU_APP_SECRET: 'my-wrong-secret' };
    const found = await rows(chat(), { environment });
    expect(found.find((one) => one.check === '飞书 Feishu')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('App Secret'),
    });
    expect(JSON.stringify(found)).not.toContain('my-wrong-secret');
  });

  it('an address that does not answer is told', async () => {
    expect(await row('飞书 Feishu', "{ domain: 'http://127.0.0.1:9' }")).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('无法连接'),
    });
  });

  it('a clock that is off by ten minutes hears nothing by HTTP, and is told so', async () => {
    expect(await row('飞书时钟', chat(), { clock: () => Date.now() + 600_000 })).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('本机快 6'),
    });
  });

  it('an account that is no open_id is told', async () => {
    expect(await row('飞书账号', chat(), { duty: 'zhangsan' })).toMatchObject({ state: 'bad' });
  });

  it('a test message goes out on request, to a person and to a group', async () => {
    feishu.user('ou_duty', '值班工程师');
    feishu.group('oc_ops', ['ou_duty']);
    const options = {
      settings: loadSettings(configured(chat(), 'ou_duty')),
      environment: { ...ENVIRONMENT },
      database: join(folder, 'doctor.db'),
      now: Date.parse('2026-11-24T03:12:00+08:00'),
    };
    expect((await sendTest('duty', options)).at(-1)).toMatchObject({ state: 'ok' });
    expect(await sendTest('feishu:oc_ops', options)).toMatchObject([{ state: 'ok' }]);
    expect([...feishu.messages.values()].map((one) => one.chat)).toEqual(['oc_p2p_ou_duty', 'oc_ops']);
    expect(await sendTest('feishu:oc_gone', options)).toMatchObject([
      { state: 'bad', detail: expect.stringContaining('群机器人') },
    ]);
  });
});
