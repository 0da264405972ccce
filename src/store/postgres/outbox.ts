import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Claim, LaneStats, NewOutboxRow, OutboxResult, OutboxRow } from '../port.ts';
import { priorityOf, rankOf } from '../shape.ts';
import { insertRows } from './rows.ts';
import { outbox } from './schema.ts';

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
export async function renewRows(db: NodePgDatabase, claims: readonly Claim[], until: number): Promise<void> {
  await db.execute(sql`
    with held as (
      select o.id from outbox o join unnest(
        ${sql.param(claims.map((one) => one.id))}::bigint[],
        ${sql.param(claims.map((one) => one.attempts))}::int[]
      ) as c(id, attempts) on o.id = c.id and o.attempts = c.attempts
      where o.state = 'waiting' and o.leased
      for update of o skip locked
    )
    update outbox set ready = ${until} from held where outbox.id = held.id`);
}

export async function deferRow(db: NodePgDatabase, claim: Claim, until: number): Promise<void> {
  await db
    .update(outbox)
    .set({ leased: false, ready: until, attempts: sql`${outbox.attempts} - 1` })
    .where(
      and(
        eq(outbox.id, claim.id),
        eq(outbox.attempts, claim.attempts),
        sql`${outbox.state} = 'waiting'`,
        outbox.leased,
      ),
    );
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
  readonly claim: Claim;
  readonly result: OutboxResult;
}

/** What becomes of a row, as the columns of one statement. */
interface Ending {
  readonly state: 'sent' | 'failed' | 'waiting';
  readonly error: string | null;
  readonly at: number | null;
  readonly uncertain: boolean;
}

/**
 * Writes down how sends ended; the next row of each lane takes the lead. Of a row that was settled before, or
 * by a claim that another one has followed, nothing changes. Runs inside the caller's transaction.
 */
export async function settleAll(db: NodePgDatabase, settlements: readonly Settlement[]): Promise<void> {
  const each = onePerRow(settlements);
  const lanes = [...new Set(each.map(({ claim }) => claim.lane))];
  await lockLanes(db, lanes);
  const retried = each.filter(({ result }) => result.outcome === 'retry').map(({ claim }) => claim.id);
  const overtaken = await overtakenOf(db, retried);
  const endings = each.map(({ claim, result }) => endingOf(result, overtaken.has(claim.id)));
  // Locked lanes keep every other settlement away, and a leased row is not merged into.
  await db.execute(sql`
    update outbox o set state = v.state, error = v.error, head = v.state = 'waiting', leased = false,
      payload = case v.state when 'waiting' then o.payload else '' end,
      not_before = coalesce(v.at, o.not_before), ready = coalesce(v.at, o.ready),
      possible_duplicate = o.possible_duplicate or v.uncertain
    from unnest(
      ${sql.param(each.map(({ claim }) => claim.id))}::bigint[],
      ${sql.param(each.map(({ claim }) => claim.key))}::text[],
      ${sql.param(each.map(({ claim }) => claim.attempts))}::int[],
      ${sql.param(each.map(({ result }) => result.outcome === 'sent'))}::boolean[],
      ${sql.param(endings.map((one) => one.state))}::text[],
      ${sql.param(endings.map((one) => one.error))}::text[],
      ${sql.param(endings.map((one) => one.at))}::bigint[],
      ${sql.param(endings.map((one) => one.uncertain))}::boolean[]
    ) as v(id, key, attempts, arrived, state, error, at, uncertain)
    where o.id = v.id and o.key = v.key and o.state = 'waiting'
      and (v.arrived or (o.leased and o.attempts = v.attempts))`);
  await promote(db, lanes);
}

/** Two answers about one row in the same batch: that it arrived outweighs, then what the later claim says. */
function onePerRow(settlements: readonly Settlement[]): readonly Settlement[] {
  const best = new Map<number, Settlement>();
  for (const one of settlements) {
    const before = best.get(one.claim.id);
    if (before?.result.outcome === 'sent') continue;
    if (before && one.result.outcome !== 'sent' && one.claim.attempts <= before.claim.attempts) continue;
    best.set(one.claim.id, one);
  }
  return [...best.values()];
}

function endingOf(result: OutboxResult, overtaken: boolean): Ending {
  switch (result.outcome) {
    case 'sent':
      return { state: 'sent', error: null, at: null, uncertain: false };
    case 'failed':
      return { state: 'failed', error: result.error, at: null, uncertain: false };
    case 'retry':
      // A card that failed while a newer one waits would only be followed by it at once.
      return overtaken
        ? { state: 'sent', error: result.error, at: null, uncertain: false }
        : { state: 'waiting', error: result.error, at: result.at, uncertain: result.uncertain ?? false };
    default: {
      const unknown: never = result;
      throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
    }
  }
}

async function overtakenOf(db: NodePgDatabase, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.execute<{ id: string }>(sql`
    select o.id from outbox o where o.id = any(${sql.param(ids)}::bigint[]) and exists (
      select 1 from outbox n where n.merge_key = o.merge_key and n.state = 'waiting' and n.id > o.id)`);
  return new Set(rows.map((row) => Number(row.id)));
}
