import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { insertRows } from './rows.ts';
import { notes } from './schema.ts';

export interface Note {
  readonly key: string;
  readonly value: string | null;
}

export async function readNotes(
  db: NodePgDatabase,
  keys: readonly string[],
): Promise<readonly (string | null)[]> {
  const rows = await db
    .select()
    .from(notes)
    .where(sql`${notes.key} = any(${sql.param([...new Set(keys)])}::text[])`);
  const found = new Map(rows.map((row) => [row.key, row.value]));
  return keys.map((key) => found.get(key) ?? null);
}

/** Of several notes of one name the last stays. Runs inside the caller's transaction. */
export async function writeNotes(db: NodePgDatabase, written: readonly Note[]): Promise<void> {
  const last = new Map(written.map((one) => [one.key, one.value]));
  const gone = [...last].filter(([, value]) => value === null).map(([key]) => key);
  // In one order for everybody, so that no two batches wait for each other.
  const kept = [...last]
    .flatMap(([key, value]) => (value === null ? [] : [{ key, value }]))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  if (gone.length > 0) await db.delete(notes).where(sql`${notes.key} = any(${sql.param(gone)}::text[])`);
  await insertRows(db, notes, kept, sql`on conflict (key) do update set value = excluded.value`);
}
