import { fileURLToPath } from 'node:url';
import { eq, sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { StoreError } from '../error.ts';
import { meta } from './schema.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/postgres', import.meta.url));
/** One number for "warroom migrates": instances that start together do it one after the other. */
const MIGRATION_LOCK = 7_727_001;
const MOST_CONNECTIONS = 16;
const CONNECT_MS = 10_000;
/** An instance that was suspended in the middle of a transaction must not hold the others up for long. */
const SILENT_MS = 10_000;

export interface Connected {
  readonly pool: pg.Pool;
  readonly db: NodePgDatabase;
  /** The address without its password, for messages. */
  readonly where: string;
}

/** Connects and brings the database to the present schema, once however many start. Throws `StoreError`. */
export async function connect(url: string): Promise<Connected> {
  const where = withoutPassword(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'warroom',
    idle_in_transaction_session_timeout: SILENT_MS,
    // A server may have been told to answer before its disk has: nothing acknowledged would be safe then.
    options: '-c synchronous_commit=on',
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', () => {});
  // So would that of one that breaks between two statements of a transaction; the next statement fails anyway.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await migrateOnce(pool, where);
    return { pool, db: drizzle(pool), where };
  } catch (error) {
    await pool.end();
    throw asStoreError(error, where);
  }
}

async function migrateOnce(pool: pg.Pool, where: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const db = drizzle(client);
      await refuseNewer(db, where);
      await migrate(db, { migrationsFolder: MIGRATIONS });
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    client.release();
  }
}

/** Checked before migrating: a program that is too old must not touch anything. */
async function refuseNewer(db: NodePgDatabase, where: string): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder: MIGRATIONS }).length;
  const has = await db.execute(sql`select to_regclass('meta') is not null as has`);
  if (has.rows[0]?.has !== true) return;
  const [needs] = await db.select().from(meta).where(eq(meta.key, 'needs'));
  if (Number(needs?.value ?? 0) > known) throw new StoreError('newer-database', where);
}

export function asStoreError(error: unknown, where: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (isUnreachable(error)) return new StoreError('unreachable', where, error);
  if (code === '53100') return new StoreError('disk-full', where, error);
  if (code === '25006') return new StoreError('read-only', where, error);
  return new StoreError('failed', where, error);
}

/** No connection, or one that broke: whether a commit that was under way came through is not known. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  // SQLSTATE classes: connection, authorisation, catalogue, resources, shutdown; the rest are Node's own.
  if (/^(08|28|3D|57P|53300|25P03)/.test(code) || /^E[A-Z_]+$/.test(code)) return true;
  return code === '' && /timeout|terminated|connection/i.test(String(causeOf(error)));
}

/** Another transaction came first: the same work, looked at anew, has an answer. */
export function isRace(error: unknown): boolean {
  return ['23505', '40001', '40P01'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  const found = causeOf(error);
  return typeof found === 'object' && found !== null && 'code' in found && typeof found.code === 'string'
    ? found.code
    : '';
}

/** Drizzle wraps what the driver throws. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && !('code' in error) && error.cause ? error.cause : error;
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.href;
  } catch (error) {
    throw new StoreError('unreachable', 'postgres://…', error);
  }
}
