import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { StoreError } from '../error.ts';
import { meta } from './schema.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url));
/** Another process may be writing for a moment; longer than this it is holding the file. */
const BUSY_MS = 5_000;

export interface Opened {
  readonly raw: Database.Database;
  readonly db: BetterSQLite3Database;
}

/** Opens or creates the file and brings it to the present schema. Throws `StoreError`. */
export function openFile(file: string, busyMs = BUSY_MS): Opened {
  const where = file === ':memory:' ? file : resolve(file);
  if (where !== ':memory:') writable(where);
  let raw: Database.Database | null = null;
  try {
    raw = new Database(where, { timeout: busyMs });
    raw.pragma('journal_mode = WAL');
    raw.pragma('synchronous = FULL');
    raw.pragma('foreign_keys = ON');
    const db = drizzle(raw);
    refuseNewer({ raw, db }, where);
    migrate(db, { migrationsFolder: MIGRATIONS });
    return { raw, db };
  } catch (error) {
    raw?.close();
    throw asStoreError(error, where);
  }
}

function writable(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    if (existsSync(file)) {
      if (!statSync(file).isFile()) throw new StoreError('cannot-open', file);
      accessSync(file, constants.R_OK | constants.W_OK);
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = errorCode(error);
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    throw new StoreError(denied ? 'read-only' : 'cannot-open', folder, error);
  }
}

/** Checked before migrating: a program that is too old must not touch anything. */
function refuseNewer({ raw, db }: Opened, where: string): void {
  const known = readMigrationFiles({ migrationsFolder: MIGRATIONS }).length;
  const has = raw.prepare("select 1 from sqlite_master where type = 'table' and name = 'meta'").get();
  if (!has) return;
  const needs = db.select().from(meta).where(eq(meta.key, 'needs')).get();
  if (Number(needs?.value ?? 0) > known) throw new StoreError('newer-database', where);
}

export function asStoreError(error: unknown, where: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = errorCode(causeOf(error));
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StoreError('locked', where, error);
  }
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new StoreError('corrupt', where, error);
  }
  if (code.startsWith('SQLITE_READONLY')) return new StoreError('read-only', where, error);
  if (code.startsWith('SQLITE_CANTOPEN')) return new StoreError('cannot-open', where, error);
  if (code.startsWith('SQLITE_FULL')) return new StoreError('disk-full', where, error);
  return new StoreError('failed', where, error);
}

/** Drizzle wraps what the driver throws. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && errorCode(error) === '' && error.cause ? error.cause : error;
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
