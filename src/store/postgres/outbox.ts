import { and, eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Claim, LaneStats, NewOutboxRow, OutboxResult, OutboxRow } from '../port.ts';
import { priorityOf, rankOf, ranksOf } from '../shape.ts';
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
  if (fresh.length > 0) await insertWaiting(db, fresh);
}

/** The first row of a lane in which nothing waits leads it from the beginning. */
async function insertWaiting(db: NodePgDatabase, fresh: readonly NewRow[]): Promise<void> {
  const lanes = [...new Set(fresh.map(({ row }) => row.lane))];
  const seen = new Set<string>();
  const first = fresh.map(({ row }) => !seen.has(row.lane) && seen.add(row.lane) !== undefined);
  const { rowCount } = await db.execute(sql`
    insert into outbox (incident, created_at, lane, rank, merge_key, key, not_before, ready, payload, head,
      state, leased, attempts, possible_duplicate)
    select v.incident, v.created_at, v.lane, v.rank, v.merge_key, v.key, v.not_before, v.not_before, v.payload,
      v.first and not exists (select 1 from outbox w where w.lane = v.lane and w.state = 'waiting'),
      'waiting', false, 0, false
    from unnest(
      ${sql.param(fresh.map((one) => one.incident))}::text[],
      ${sql.param(fresh.map((one) => one.createdAt))}::bigint[],
      ${sql.param(fresh.map(({ row }) => row.lane))}::text[],
      ${sql.param(fresh.map(({ row }) => rankOf(row.priority)))}::smallint[],
      ${sql.param(fresh.map(({ row }) => row.mergeKey))}::text[],
      ${sql.param(fresh.map(({ row }) => row.key))}::text[],
      ${sql.param(fresh.map(({ row }) => row.notBefore))}::bigint[],
      ${sql.param(fresh.map(({ row }) => row.payload))}::text[],
      ${sql.param(first)}::boolean[]
    ) with ordinality as v(incident, created_at, lane, rank, merge_key, key, not_before, payload, first, place)
    order by v.place on conflict (key) do nothing`);
  // A row that was there already may have been the one to lead.
  if (rowCount !== fresh.length) await promote(db, lanes);
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

/** What another instance is just claiming is left to it. */
export async function claimRows(
  db: NodePgDatabase,
  now: number,
  limit: number,
  leaseMs: number,
  only: 'page' | 'rest' | undefined,
  except: readonly string[],
): Promise<readonly OutboxRow[]> {
  const without =
    except.length === 0
      ? sql``
      : sql`and not exists (select 1 from unnest(${sql.param(except)}::text[]) as e where starts_with(lane, e))`;
  const [first, last] = ranksOf(only);
  // By where the rows stand, as a list that is made once: a join could claim more than was locked.
  const { rows } = await db.execute<ClaimedRow>(sql`
    update outbox set leased = true, ready = ${now + leaseMs}, attempts = attempts + 1,
      possible_duplicate = possible_duplicate or leased
    where ctid = any(array(
      select ctid from outbox where head and rank between ${first} and ${last} and ready <= ${now} ${without}
      order by rank, ready, id limit ${limit} for update skip locked))
    returning id, incident, lane, rank, merge_key, key, not_before, payload, attempts, created_at, possible_duplicate`);
  return rows
    .map((row) => ({
      id: Number(row.id),
      incident: row.incident,
      lane: row.lane,
      priority: priorityOf(row.rank),
      mergeKey: row.merge_key,
      key: row.key,
      notBefore: Number(row.not_before),
      payload: row.payload,
      attempts: row.attempts,
      createdAt: Number(row.created_at),
      possibleDuplicate: row.possible_duplicate,
    }))
    .sort((a, b) => rankOf(a.priority) - rankOf(b.priority) || a.id - b.id);
}

type ClaimedRow = {
  id: string;
  incident: string;
  lane: string;
  rank: number;
  merge_key: string | null;
  key: string;
  not_before: string;
  payload: string;
  attempts: number;
  created_at: string;
  possible_duplicate: boolean;
};

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

type Unsent = Settlement & { readonly result: Exclude<OutboxResult, { readonly outcome: 'sent' }> };

/**
 * Writes down how sends ended; the next row of each lane takes the lead. What arrived is not kept: its receipt is
 * an event. Of a row that was settled before, or by a claim that another one has followed, nothing changes. Runs
 * inside the caller's transaction.
 */
export async function settleAll(db: NodePgDatabase, settlements: readonly Settlement[]): Promise<void> {
  const each = onePerRow(settlements);
  // With its lanes locked nobody else settles or adds what this decides on.
  await lockLanes(db, [...new Set(each.map(({ claim }) => claim.lane))]);
  const unsent = each.filter(isUnsent);
  const overtaken = await overtakenOf(
    db,
    unsent.flatMap(({ claim, result }) => (result.outcome === 'retry' ? [claim.id] : [])),
  );
  // A card that failed while a newer one waits would only be followed by it at once.
  await putBack(
    db,
    unsent.filter(({ claim }) => !overtaken.has(claim.id)),
  );
  await remove(
    db,
    each.filter((one) => !isUnsent(one) || overtaken.has(one.claim.id)),
  );
}

function isUnsent(one: Settlement): one is Unsent {
  return one.result.outcome !== 'sent';
}

/** Two answers about one row in the same batch: that it arrived outweighs, then what the later claim says. */
function onePerRow(settlements: readonly Settlement[]): readonly Settlement[] {
  const best = new Map<number, Settlement>();
  for (const one of settlements) {
    const before = best.get(one.claim.id);
    if (before && !isUnsent(before)) continue;
    if (before && isUnsent(one) && one.claim.attempts <= before.claim.attempts) continue;
    best.set(one.claim.id, one);
  }
  return [...best.values()];
}

async function overtakenOf(db: NodePgDatabase, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.execute<{ id: string }>(sql`
    select o.id from outbox o where o.id = any(${sql.param(ids)}::bigint[]) and exists (
      select 1 from outbox n where n.merge_key = o.merge_key and n.state = 'waiting' and n.id > o.id)`);
  return new Set(rows.map((row) => Number(row.id)));
}

/** Rows to be tried again stay where they are; those that are given up lose their lead, and texts nobody needs. */
async function putBack(db: NodePgDatabase, each: readonly Unsent[]): Promise<void> {
  if (each.length === 0) return;
  const { rows } = await db.execute<{ lane: string; state: string }>(sql`
    update outbox o set state = v.state, error = v.error, head = v.state = 'waiting', leased = false,
      payload = case v.state when 'waiting' then o.payload else '' end,
      not_before = coalesce(v.at, o.not_before), ready = coalesce(v.at, o.ready),
      possible_duplicate = o.possible_duplicate or v.uncertain
    from unnest(
      ${sql.param(each.map(({ claim }) => claim.id))}::bigint[],
      ${sql.param(each.map(({ claim }) => claim.attempts))}::int[],
      ${sql.param(each.map(({ result }) => (result.outcome === 'retry' ? 'waiting' : result.outcome)))}::text[],
      ${sql.param(each.map(({ result }) => result.error))}::text[],
      ${sql.param(each.map(({ result }) => (result.outcome === 'retry' ? result.at : null)))}::bigint[],
      ${sql.param(each.map(({ result }) => result.outcome === 'retry' && (result.uncertain ?? false)))}::boolean[]
    ) as v(id, attempts, state, error, at, uncertain)
    where o.id = v.id and o.state = 'waiting' and o.leased and o.attempts = v.attempts
    returning o.lane, o.state`);
  const led = rows.filter((row) => row.state === 'failed').map((row) => row.lane);
  if (led.length > 0) await promote(db, [...new Set(led)]);
}

/** One statement takes the rows away and lets the next ones lead: it sees the lanes as they were before it. */
async function remove(db: NodePgDatabase, each: readonly Settlement[]): Promise<void> {
  if (each.length === 0) return;
  await db.execute(sql`
    with gone as (
      delete from outbox o using unnest(
        ${sql.param(each.map(({ claim }) => claim.id))}::bigint[],
        ${sql.param(each.map(({ claim }) => claim.key))}::text[],
        ${sql.param(each.map(({ claim }) => claim.attempts))}::int[],
        ${sql.param(each.map((one) => !isUnsent(one)))}::boolean[]
      ) as v(id, key, attempts, arrived)
      where o.id = v.id and o.key = v.key and o.state = 'waiting'
        and (v.arrived or (o.leased and o.attempts = v.attempts))
      returning o.id, o.lane
    )
    update outbox set head = true
    from (select distinct lane from gone) as l
    cross join lateral (
      select o.id, o.head from outbox o
      where o.lane = l.lane and o.state = 'waiting' and o.id not in (select id from gone) order by o.id limit 1
    ) as first
    where outbox.id = first.id and not first.head`);
}
