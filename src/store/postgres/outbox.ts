import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { LaneStats, NewOutboxRow, OutboxResult, OutboxRow } from '../port.ts';
import { priorityOf, rankOf } from '../shape.ts';
import { insertRows } from './rows.ts';
import { outbox } from './schema.ts';

const waiting = sql`${outbox.state} = 'waiting'`;

export interface NewRow {
  readonly incident: string;
  readonly createdAt: number;
  readonly row: NewOutboxRow;
}

/** Writes the rows of a batch in their order; runs inside the caller's transaction. */
export async function addRows(db: NodePgDatabase, added: readonly NewRow[]): Promise<void> {
  if (added.length === 0) return;
  const rows = mergedAmongThemselves(added);
  const lanes = [...new Set(rows.map((one) => one.row.lane))];
  await lockLanes(db, lanes);
  const merged = await mergeIntoWaiting(db, rows);
  const fresh = rows.filter(({ row }) => row.mergeKey === null || !merged.has(row.mergeKey));
  await insertRows(db, outbox, fresh.map(asWaiting), sql`on conflict (key) do nothing`);
  if (fresh.length > 0) await promote(db, lanes);
}

function asWaiting({ incident, createdAt, row }: NewRow): typeof outbox.$inferInsert {
  return {
    incident,
    createdAt,
    lane: row.lane,
    rank: rankOf(row.priority),
    mergeKey: row.mergeKey,
    key: row.key,
    notBefore: row.notBefore,
    ready: row.notBefore,
    payload: row.payload,
    state: 'waiting',
    head: false,
    leased: false,
    attempts: 0,
    possibleDuplicate: false,
  };
}

/** A newer card of the same batch stands where the older one stood. */
function mergedAmongThemselves(added: readonly NewRow[]): readonly NewRow[] {
  const rows: NewRow[] = [];
  const places = new Map<string, number>();
  for (const one of added) {
    const { mergeKey } = one.row;
    const place = mergeKey === null ? undefined : places.get(mergeKey);
    const before = place === undefined ? undefined : rows[place];
    if (place !== undefined && before) {
      const notBefore = Math.max(before.row.notBefore, one.row.notBefore);
      rows[place] = { ...one, row: { ...one.row, lane: before.row.lane, notBefore } };
      continue;
    }
    if (mergeKey !== null) places.set(mergeKey, rows.length);
    rows.push(one);
  }
  return rows;
}

/** What a platform asked to be waited for holds for the newer card as well. Answers with the keys that merged. */
async function mergeIntoWaiting(db: NodePgDatabase, rows: readonly NewRow[]): Promise<ReadonlySet<string>> {
  const cards = rows.filter(({ row }) => row.mergeKey !== null);
  if (cards.length === 0) return new Set();
  const { rows: merged } = await db.execute<{ merge_key: string }>(sql`
    update outbox set incident = v.incident, key = v.key, payload = v.payload,
      not_before = greatest(outbox.not_before, v.not_before), ready = greatest(outbox.ready, v.not_before)
    from unnest(
      ${sql.param(cards.map(({ row }) => row.mergeKey))}::text[],
      ${sql.param(cards.map(({ incident }) => incident))}::text[],
      ${sql.param(cards.map(({ row }) => row.key))}::text[],
      ${sql.param(cards.map(({ row }) => row.payload))}::text[],
      ${sql.param(cards.map(({ row }) => row.notBefore))}::bigint[]
    ) as v(merge_key, incident, key, payload, not_before)
    where outbox.merge_key = v.merge_key and outbox.state = 'waiting' and not outbox.leased
    returning outbox.merge_key`);
  return new Set(merged.map((one) => one.merge_key));
}

/**
 * Who adds to a lane and who takes its head away must not do so at once: each would see the lane as it was, and
 * a row could stay behind with nobody to lead it. Locked in one order by everybody, so that no two wait for
 * each other.
 */
async function lockLanes(db: NodePgDatabase, lanes: readonly string[]): Promise<void> {
  await db.execute(sql`
    select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended(lane, 0) as hash from unnest(${sql.param(lanes)}::text[]) as lane order by 1
    ) as lanes`);
}

/** The first that waits in each lane may go next. */
async function promote(db: NodePgDatabase, lanes: readonly string[]): Promise<void> {
  await db.execute(sql`
    update outbox set head = true
    from unnest(${sql.param(lanes)}::text[]) as l(lane)
    cross join lateral (
      select o.id, o.head from outbox o where o.lane = l.lane and o.state = 'waiting' order by o.id limit 1
    ) as first
    where outbox.id = first.id and not first.head`);
}

/** Pages first; what another instance is just claiming is left to it. */
export async function claimRows(
  db: NodePgDatabase,
  now: number,
  limit: number,
  leaseMs: number,
  only: 'page' | undefined,
  except: readonly string[],
): Promise<readonly OutboxRow[]> {
  const without =
    except.length === 0
      ? undefined
      : sql`not exists (select 1 from unnest(${sql.param(except)}::text[]) as e where starts_with(${outbox.lane}, e))`;
  // A list of its own: as a condition of the update the planner may look it up more than once, and claim more.
  const heads = db.$with('heads').as(
    db
      .select({ id: outbox.id })
      .from(outbox)
      .where(
        and(sql`${outbox.head}`, lte(outbox.rank, rankOf(only ?? 'card')), lte(outbox.ready, now), without),
      )
      .orderBy(asc(outbox.rank), asc(outbox.ready), asc(outbox.id))
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
    .sort((a, b) => a.rank - b.rank || a.id - b.id)
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

/** A row that is being settled needs no lease any more, so nothing here waits for another transaction. */
export async function renewRows(db: NodePgDatabase, ids: readonly number[], until: number): Promise<void> {
  const held = db.$with('held').as(
    db
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(sql`${outbox.id} = any(${sql.param(ids)}::bigint[])`, waiting, outbox.leased))
      .for('update', { skipLocked: true }),
  );
  await db
    .with(held)
    .update(outbox)
    .set({ ready: until })
    .where(inArray(outbox.id, db.select({ id: held.id }).from(held)));
}

export async function deferRow(db: NodePgDatabase, id: number, until: number): Promise<void> {
  await db
    .update(outbox)
    .set({ leased: false, ready: until, attempts: sql`${outbox.attempts} - 1` })
    .where(and(eq(outbox.id, id), waiting, outbox.leased));
}

export async function laneStats(db: NodePgDatabase, now: number): Promise<readonly LaneStats[]> {
  const { rows } = await db.execute<{
    lane: string;
    waiting: number;
    failed: number;
    oldest: string | null;
  }>(sql`
    select case when lane like 'room:%' then 'room:' || split_part(lane, ':', 2)
        else split_part(lane, ':', 1) end as lane,
      (count(*) filter (where state = 'waiting'))::int as waiting,
      (count(*) filter (where state = 'failed'))::int as failed,
      min(created_at) filter (where state = 'waiting') as oldest
    from outbox where state = 'waiting' or state = 'failed' group by 1 order by 1`);
  return rows.map(({ lane, waiting: queued, failed, oldest }) => ({
    lane,
    waiting: queued,
    failed,
    oldestMs: oldest === null ? null : Math.max(0, now - Number(oldest)),
  }));
}

export interface Settlement {
  readonly id: number;
  readonly result: OutboxResult;
}

interface Ended {
  readonly id: number;
  readonly state: 'sent' | 'failed';
  readonly error: string | null;
}

/**
 * Writes down how sends ended; the next row of each lane takes the lead. Of a row that was settled before,
 * nothing changes. Runs inside the caller's transaction.
 */
export async function settleAll(db: NodePgDatabase, settlements: readonly Settlement[]): Promise<void> {
  const ids = [...new Set(settlements.map((one) => one.id))];
  const these = and(sql`${outbox.id} = any(${sql.param(ids)}::bigint[])`, waiting);
  const found = await db.selectDistinct({ lane: outbox.lane }).from(outbox).where(these);
  if (found.length === 0) return;
  const lanes = found.map((one) => one.lane);
  await lockLanes(db, lanes);
  const rows = await db
    .select({ id: outbox.id })
    .from(outbox)
    .where(these)
    .orderBy(asc(outbox.id))
    .for('update');
  const open = new Set(rows.map((row) => row.id));
  const retried = settlements.filter(({ result }) => result.outcome === 'retry').map((one) => one.id);
  const overtaken = await overtakenOf(db, retried);
  const ended: Ended[] = [];
  for (const { id, result } of settlements) {
    if (!open.delete(id)) continue;
    switch (result.outcome) {
      case 'sent':
        ended.push({ id, state: 'sent', error: null });
        break;
      case 'failed':
        ended.push({ id, state: 'failed', error: result.error });
        break;
      case 'retry':
        // A card that failed while a newer one waits would only be followed by it at once.
        if (overtaken.has(id)) ended.push({ id, state: 'sent', error: result.error });
        else await retry(db, id, result);
        break;
      default: {
        const unknown: never = result;
        throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
      }
    }
  }
  if (ended.length === 0) return;
  await end(db, ended);
  await promote(db, lanes);
}

async function overtakenOf(db: NodePgDatabase, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.execute<{ id: string }>(sql`
    select o.id from outbox o where o.id = any(${sql.param(ids)}::bigint[]) and exists (
      select 1 from outbox n where n.merge_key = o.merge_key and n.state = 'waiting' and n.id > o.id)`);
  return new Set(rows.map((row) => Number(row.id)));
}

async function retry(
  db: NodePgDatabase,
  id: number,
  { at, error, uncertain = false }: Extract<OutboxResult, { outcome: 'retry' }>,
): Promise<void> {
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
}

/** The payload of a row that is over holds texts nobody needs any more. */
async function end(db: NodePgDatabase, ended: readonly Ended[]): Promise<void> {
  await db.execute(sql`
    update outbox set state = v.state, error = v.error, head = false, leased = false, payload = ''
    from unnest(
      ${sql.param(ended.map((one) => one.id))}::bigint[],
      ${sql.param(ended.map((one) => one.state))}::text[],
      ${sql.param(ended.map((one) => one.error))}::text[]
    ) as v(id, state, error)
    where outbox.id = v.id`);
}
