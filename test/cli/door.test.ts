import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { startServer, warroom } from '../support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-door-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const data = (): string => join(folder, 'data');

describe('what goes wrong at the door is one clear sentence', () => {
  it('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ran = await warroom(['start', '--port', String(port), '--data', data()]);
    await new Promise((resolve) => server.close(resolve));
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('--port');
    expect(ran.err).not.toContain('    at ');
  });

  it('a port that is none', async () => {
    const ran = await warroom(['start', '--port', '99999', '--data', data()]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('0–65535');
  });

  it('a data folder that cannot be written', async () => {
    // A file where the folder should be refuses everybody, root included.
    writeFileSync(join(folder, 'data'), '');
    const ran = await warroom(['start', '--port', '0', '--data', data()]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('--data');
    expect(ran.err).not.toContain('    at ');
  });

  it('a plan with a mistake names file, line and fix', async () => {
    const plan = readFileSync(join(PROJECT, 'plans/apusic.yaml'), 'utf8').replace(
      'acknowledgeMinutes: 15',
      'acknowledgeMinutes: -3',
    );
    writeFileSync(join(folder, 'plan.yaml'), plan);
    writeFileSync(
      join(folder, 'warroom.yaml'),
      readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8').replace(
        'plan: plans/apusic.yaml',
        'plan: plan.yaml',
      ),
    );
    const ran = await warroom([
      'start',
      '--port',
      '0',
      '--data',
      data(),
      '--config',
      join(folder, 'warroom.yaml'),
    ]);
    expect(ran.code).toBe(1);
    const line = plan.slice(0, plan.indexOf('acknowledgeMinutes: -3')).split('\n').length;
    expect(ran.err).toContain(`plan.yaml:${line}`);
  });

  it('a configuration that is not there', async () => {
    const ran = await warroom([
      'start',
      '--config',
      join(folder, 'none.yaml'),
      '--port',
      '0',
      '--data',
      data(),
    ]);
    expect(ran.err).toContain('warroom.sample.yaml');
  });

  it('a database of a newer version is refused and left as it was', async () => {
    const server = await startServer(data());
    await server.kill('SIGTERM');
    const file = join(data(), 'warroom.db');
    const database = new Database(file);
    database.prepare("update meta set value = '99' where key = 'needs'").run();
    database.close();
    const ran = await warroom(['start', '--port', '0', '--data', data()]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/newer|更新/);
    expect(ran.err).not.toContain('    at ');
  });
});

describe('warroom verify', () => {
  it('prints the head and nothing else; a changed byte is found', async () => {
    const { testDesk } = await import('../support/desk.ts');
    const desk = await testDesk({ folder: data() });
    await desk.say('ops', '/应急 开启 社保核心系统报错');
    await desk.desk.engine.stop();
    await desk.desk.store.close();
    const { renameSync } = await import('node:fs');
    renameSync(join(data(), 'test.db'), join(data(), 'warroom.db'));
    const good = await warroom(['verify', '--data', data()]);
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^[0-9a-f]{64}\n$/);
    const other = await warroom(['verify', '--data', data(), '--head', 'f'.repeat(64)]);
    expect(other.code).toBe(1);
    expect(other.err).toContain('链头');
    const store = openSqliteStore({ file: join(data(), 'warroom.db') });
    const [incident] = await store.incidents();
    const printed = (await store.load(incident?.id ?? ''))?.head ?? '';
    await store.close();
    const reported = await warroom(['verify', '--data', data(), '--head', printed]);
    expect(reported.code).toBe(0);
  });
});

describe('warroom doctor', () => {
  it('says what to mend and how', async () => {
    const config = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8')
      .replace('contacts: [{ method: room }] }\n  - { id: rd2', 'contacts: [] }\n  - { id: rd2')
      .replace('"4": [scientist]', '"4": []');
    writeFileSync(join(folder, 'warroom.yaml'), config);
    const ran = await warroom(['doctor', '--config', join(folder, 'warroom.yaml'), '--data', data()]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('核心研发甲');
    expect(ran.out).toContain('tiers."4"');
  });

  it('is content with the sample', async () => {
    const ran = await warroom(['doctor', '--data', data()]);
    expect(ran.code).toBe(0);
  });
});

it('an unknown command is bad usage', async () => {
  const ran = await warroom(['strat']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('start');
});
