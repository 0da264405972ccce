import { and, asc, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { NewOutboxRow, OutboxResult, OutboxRow } from '../port.ts';
import { priorityOf, rankOf } from '../shape.ts';
import { outbox } from './schema.ts';

const waiting = sql`${outbox.state} = 'waiting'`;

/**
 * Lanes are kept in order by a lock on each lane's name for the length of a transaction; taken in one order by
 * everybody, so that no two wait for each other.
 */
async function lockLanes(db: NodePgDatabase, lanes: readonly string[]): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(lane) from (
          select distinct hashtextextended(name, 0) as lane
          from jsonb_array_elements_text(${JSON.stringify(lanes)}::jsonb) as name order by 1
        ) as lanes`,
  );
}

/** Runs inside the caller's transaction. */
export async function addRows(
  db: NodePgDatabase,
  incident: string,
  rows: readonly NewOutboxRow[],
  createdAt: number,
): Promise<void> {
  if (rows.length === 0) return;
  const lanes = [...new Set(rows.map((row) => row.lane))];
  await lockLanes(db, lanes);
  const fresh = new Map<string, NewOutboxRow>();
  for (const row of rows) {
    // Within one batch only the last card of a kind is worth sending.
    if (row.mergeKey !== null) fresh.delete(`merge ${row.mergeKey}`);
    if (row.mergeKey !== null && (await merge(db, incident, row))) continue;
    fresh.set(row.mergeKey === null ? `key ${row.key}` : `merge ${row.mergeKey}`, row);
  }
  if (fresh.size === 0) return;
  const busy = await db
    .selectDistinct({ lane: outbox.lane })
    .from(outbox)
    .where(and(inArray(outbox.lane, lanes), waiting));
  const taken = new Set(busy.map((one) => one.lane));
  const values = [...fresh.values()].map((row) => {
    const head = !taken.has(row.lane);
    taken.add(row.lane);
    return {
      incident,
      lane: row.lane,
      rank: rankOf(row.priority),
      mergeKey: row.mergeKey,
      key: row.key,
      notBefore: row.notBefore,
      payload: row.payload,
      state: 'waiting',
      head,
      ready: row.notBefore,
      leased: false,
      attempts: 0,
      possibleDuplicate: false,
      createdAt,
    };
  });
  const written = await db
    .insert(outbox)
    .values(values)
    .onConflictDoNothing({ target: outbox.key })
    .returning({ id: outbox.id });
  if (written.length < values.length) await promote(db, lanes);
}

async function merge(db: NodePgDatabase, incident: string, row: NewOutboxRow): Promise<boolean> {
  const { mergeKey, key, payload, notBefore } = row;
  if (mergeKey === null) return false;
  const merged = await db
    .update(outbox)
    .set({
      incident,
      key,
      payload,
      // What a platform asked to be waited for holds for the newer card as well.
      notBefore: sql`greatest(${outbox.notBefore}, ${notBefore}::bigint)`,
      ready: sql`greatest(${outbox.ready}, ${notBefore}::bigint)`,
    })
    .where(and(eq(outbox.mergeKey, mergeKey), waiting, eq(outbox.leased, false)))
    .returning({ id: outbox.id });
  return merged.length > 0;
}

/** The first that waits in each lane may go next. */
async function promote(db: NodePgDatabase, lanes: readonly string[]): Promise<void> {
  const firsts = db
    .selectDistinctOn([outbox.lane], { id: outbox.id })
    .from(outbox)
    .where(and(inArray(outbox.lane, [...lanes]), waiting))
    .orderBy(outbox.lane, outbox.id);
  await db
    .update(outbox)
    .set({ head: true })
    .where(and(inArray(outbox.id, firsts), eq(outbox.head, false)));
}

export async function claimRows(
  db: NodePgDatabase,
  now: number,
  limit: number,
  leaseMs: number,
  only: 'page' | undefined,
): Promise<readonly OutboxRow[]> {
  const claimed: OutboxRow[] = [];
  for (const rank of only ? [rankOf(only)] : [0, 1, 2]) {
    if (claimed.length >= limit) break;
    claimed.push(...(await claimRank(db, rank, now, limit - claimed.length, leaseMs)));
  }
  return claimed;
}

async function claimRank(
  db: NodePgDatabase,
  rank: number,
  now: number,
  limit: number,
  leaseMs: number,
): Promise<readonly OutboxRow[]> {
  const heads = db.$with('heads').as(
    db
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(sql`${outbox.head}`, eq(outbox.rank, rank), lte(outbox.ready, now)))
      .orderBy(asc(outbox.ready), asc(outbox.id))
      .limit(limit)
      .for('update', { skipLocked: true }),
  );
  const rows = await db
    .with(heads)
    .update(outbox)
    .set({
      leased: true,
      ready: now + leaseMs,
      attempts: sql`${outbox.attempts} + 1`,
      possibleDuplicate: sql`${outbox.possibleDuplicate} or ${outbox.leased}`,
    })
    .where(inArray(outbox.id, db.select({ id: heads.id }).from(heads)))
    .returning();
  return rows
    .sort((a, b) => a.id - b.id)
    .map((row) => ({
      id: row.id,
      incident: row.incident,
      lane: row.lane,
      priority: priorityOf(row.rank),
      mergeKey: row.mergeKey,
      key: row.key,
      notBefore: row.notBefore,
      payload: row.payload,
      attempts: row.attempts,
      createdAt: row.createdAt,
      possibleDuplicate: row.possibleDuplicate,
    }));
}

export async function renewRows(db: NodePgDatabase, ids: readonly number[], until: number): Promise<void> {
  if (ids.length === 0) return;
  await db
    .update(outbox)
    .set({ ready: until })
    .where(and(inArray(outbox.id, [...ids]), waiting, outbox.leased));
}

/** Runs inside the caller's transaction. */
export async function settleRow(db: NodePgDatabase, id: number, result: OutboxResult): Promise<void> {
  const [found] = await db.select({ lane: outbox.lane }).from(outbox).where(eq(outbox.id, id));
  if (!found) return;
  await lockLanes(db, [found.lane]);
  const [row] = await db
    .select({ lane: outbox.lane, mergeKey: outbox.mergeKey })
    .from(outbox)
    .where(and(eq(outbox.id, id), waiting));
  if (!row) return;
  switch (result.outcome) {
    case 'sent':
      await finish(db, id, row.lane, 'sent', null);
      return;
    case 'failed':
      await finish(db, id, row.lane, 'failed', result.error);
      return;
    case 'retry': {
      const { at, error, uncertain = false } = result;
      // A card that failed while a newer one waits would only be followed by it at once.
      if (row.mergeKey !== null && (await hasNewer(db, id, row.mergeKey))) {
        await finish(db, id, row.lane, 'sent', error);
        return;
      }
      await db
        .update(outbox)
        .set({
          leased: false,
          notBefore: at,
          ready: at,
          possibleDuplicate: sql`${outbox.possibleDuplicate} or ${uncertain}`,
          error,
        })
        .where(eq(outbox.id, id));
      return;
    }
    default: {
      const unknown: never = result;
      throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
    }
  }
}

async function hasNewer(db: NodePgDatabase, id: number, mergeKey: string): Promise<boolean> {
  const newer = await db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.mergeKey, mergeKey), isNotNull(outbox.mergeKey), waiting, gt(outbox.id, id)))
    .limit(1);
  return newer.length > 0;
}

/** The payload of a row that is over holds texts nobody needs any more. */
async function finish(
  db: NodePgDatabase,
  id: number,
  lane: string,
  state: 'sent' | 'failed',
  error: string | null,
): Promise<void> {
  await db
    .update(outbox)
    .set({ state, head: false, leased: false, payload: '', error })
    .where(eq(outbox.id, id));
  await promote(db, [lane]);
}
