import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { diagnoseInstallation } from '../../src/doctor/index.ts';
import { openPlatforms } from '../../src/platforms.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-teams-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configured(teams: string): string {
  const file = join(folder, 'warroom.yaml');
  const sample = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');
  writeFileSync(file, `${sample}\nchat:\n  teams: ${teams}\n`);
  return file;
}

async function opened(teams: string, environment: NodeJS.ProcessEnv) {
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  try {
    return await openPlatforms(loadSettings(configured(teams)), store, environment, () => {});
  } finally {
    await store.close();
  }
}

const doctor = async (teams: string, environment: NodeJS.ProcessEnv) =>
  (
    await diagnoseInstallation({
      config: configured(teams),
      file: join(folder, 'none.db'),
      environment,
      database: undefined,
      clock: () => Date.parse('2026-11-24T03:12:00+08:00'),
    })
  ).find((one) => one.check === 'Teams');

describe('chat.teams in warroom.yaml', () => {
  it('an empty variable is named, by the start and by the doctor', async () => {
    const environment = { TEAMS_APP_ID: 'a', MY_SECRET: 'b' };
    const teams = '{ appPasswordEnv: MY_SECRET }';
    await expect(opened(teams, environment)).rejects.toThrow('TEAMS_TENANT_ID');
    expect(await doctor(teams, environment)).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('TEAMS_TENANT_ID'),
    });
  });

  it('a secret written into the file is refused', () => {
    expect(() => loadSettings(configured('{ appPasswordEnv: abc~123 }'))).toThrow(/appPasswordEnv/);
  });

  it('the playground is said to be one, and lets in nobody who comes from elsewhere', async () => {
    expect(await doctor('{ mode: playground }', {})).toMatchObject({ state: 'warn' });
    const [teams] = await opened('{ mode: playground }', {});
    if (!teams?.door) throw new Error('no door');
    const server = createServer(teams.door.listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${teams.door.path}`;
    const activity = (serviceUrl: string) =>
      JSON.stringify({ type: 'typing', channelId: 'msteams', serviceUrl });
    const send = async (body: string, headers: Record<string, string> = {}) =>
      (await fetch(url, { method: 'POST', body, headers })).status;
    try {
      expect(await send(activity('http://127.0.0.1:1/'))).toBe(200);
      expect(await send(activity('http://127.0.0.1:1/'), { 'x-forwarded-for': '203.0.113.9' })).toBe(403);
      expect(await send(activity('https://evil.example/'))).toBe(403);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('the SDK is loaded only where Teams is configured, and by two files alone', () => {
    const files = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    );
    const sdk = files.filter((file) =>
      /from '(?:botbuilder|botframework-|@azure\/)/.test(readFileSync(join(PROJECT, 'src', file), 'utf8')),
    );
    expect(sdk.sort()).toEqual(['chat/teams/wire-error.ts', 'chat/teams/wire.ts']);
    const eager = files
      .filter((file) => !file.startsWith(join('chat', 'teams')))
      .filter((file) =>
        /^import (?!type ).*from '[./]+chat\/teams\//m.test(readFileSync(join(PROJECT, 'src', file), 'utf8')),
      );
    expect(eager).toEqual([]);
  });
});
