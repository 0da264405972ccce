import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/store/error.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { storeContract } from './contract.ts';
import { appending, reported } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'warroom-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function fresh(): string {
  files += 1;
  return join(folder, `store-${files}.db`);
}

storeContract('SQLite', async () => {
  const file = fresh();
  const store = openSqliteStore({ file });
  return {
    store,
    tamper: async (sql) => {
      const raw = new Database(file);
      raw.exec(sql);
      raw.close();
    },
    dispose: () => store.close(),
  };
});

function refusal(file: string, busyMs?: number): StoreError {
  try {
    openSqliteStore(busyMs === undefined ? { file } : { file, busyMs });
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('the file was opened');
}

describe('a SQLite file', () => {
  it('holds everything after it was closed and opened again', async () => {
    const file = fresh();
    const first = openSqliteStore({ file });
    await first.append(appending('A', null, [reported()]));
    await first.close();
    const second = openSqliteStore({ file });
    expect((await second.load('A'))?.version).toBe(1);
    expect((await second.verify()).ok).toBe(true);
    await second.close();
  });

  it('is created with its folder', async () => {
    const store = openSqliteStore({ file: join(folder, 'new', 'deep', 'w.db') });
    expect(await store.incidents()).toEqual([]);
    await store.close();
  });

  it('of a newer version that cannot be read by this one is refused and left as it is', async () => {
    const file = fresh();
    await openSqliteStore({ file }).close();
    const raw = new Database(file);
    raw.exec(`update meta set value = '999' where key = 'needs'`);
    expect(refusal(file).code).toBe('newer-database');
    expect(refusal(file).words.zh).toContain('升级');
    expect(refusal(file).words.en).toContain('Upgrade');
    raw.exec(`update meta set value = '1' where key = 'needs'`);
    raw.close();
    await openSqliteStore({ file }).close();
  });

  it('that another program holds is refused once the patience is over', async () => {
    const file = fresh();
    const raw = new Database(file);
    raw.exec('create table mine (id integer); begin exclusive');
    expect(refusal(file, 20).code).toBe('locked');
    raw.close();
    await openSqliteStore({ file }).close();
  });

  it('that is no database is refused and not overwritten', () => {
    const file = fresh();
    writeFileSync(file, 'this is a diary, not a database. '.repeat(100));
    expect(refusal(file).code).toBe('corrupt');
  });

  it('whose path is a folder is refused', () => {
    const file = fresh();
    mkdirSync(file);
    expect(refusal(file).code).toBe('cannot-open');
  });

  it('in a folder that cannot be written is refused with the fix', (context) => {
    const closed = mkdtempSync(join(folder, 'closed-'));
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    if (process.getuid?.() !== 0) {
      expect(refusal(join(closed, 'w.db')).code).toBe('read-only');
      return;
    }
    // The superuser may write anywhere, so the question is put as somebody who may not.
    const ask = spawnSync(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        '--import',
        'tsx',
        '-e',
        `import(${JSON.stringify(new URL('../../src/store/sqlite/index.ts', import.meta.url).href)}).then((m) => {
           try { m.openSqliteStore({ file: ${JSON.stringify(join(closed, 'w.db'))} }); console.log('opened'); }
           catch (error) { console.log(error.code); } })`,
      ],
      { encoding: 'utf8' },
    );
    if (ask.error) {
      context.skip('setpriv is missing, and the superuser may write anywhere');
      return;
    }
    expect(ask.stdout.trim()).toBe('read-only');
  });
});
