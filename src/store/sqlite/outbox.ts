import { and, eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Claim, LaneStats, NewOutboxRow, OutboxResult, OutboxRow } from '../port.ts';
import { priorityOf, rankOf, ranksOf } from '../shape.ts';
import { outbox } from './schema.ts';

const hole = sql.placeholder;
const waiting = sql`${outbox.state} = 'waiting'`;

/** The rows to send. Every function runs inside the caller's transaction. */
export function createOutbox(db: BetterSQLite3Database) {
  const merged = db
    .update(outbox)
    .set({
      incident: sql`${hole('incident')}`,
      key: sql`${hole('key')}`,
      payload: sql`${hole('payload')}`,
      // What a platform asked to be waited for holds for the newer card as well.
      notBefore: sql`max(${outbox.notBefore}, ${hole('notBefore')})`,
      ready: sql`max(${outbox.ready}, ${hole('notBefore')})`,
    })
    .where(and(eq(outbox.mergeKey, hole('mergeKey')), waiting, sql`${outbox.leased} = 0`))
    .prepare();
  const laneHead = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.lane, hole('lane')), waiting))
    .orderBy(outbox.id)
    .limit(1)
    .prepare();
  const insert = db
    .insert(outbox)
    .values({
      incident: hole('incident'),
      lane: hole('lane'),
      rank: hole('rank'),
      mergeKey: hole('mergeKey'),
      key: hole('key'),
      notBefore: hole('notBefore'),
      payload: hole('payload'),
      state: 'waiting',
      head: hole('head'),
      ready: hole('notBefore'),
      leased: false,
      attempts: 0,
      possibleDuplicate: false,
      createdAt: hole('createdAt'),
    })
    .onConflictDoNothing()
    .prepare();
  const ready = db
    .select()
    .from(outbox)
    .where(
      and(
        sql`${outbox.head} = 1`,
        eq(outbox.rank, hole('rank')),
        sql`${outbox.ready} <= ${hole('now')}`,
        sql`not exists (select 1 from json_each(${hole('except')}) as e
          where substr(${outbox.lane}, 1, length(e.value)) = e.value)`,
      ),
    )
    .orderBy(outbox.ready, outbox.id)
    .limit(hole('limit'))
    .prepare();
  const lease = db
    .update(outbox)
    .set({
      leased: true,
      ready: sql`${hole('until')}`,
      attempts: sql`${outbox.attempts} + 1`,
      possibleDuplicate: sql`${outbox.possibleDuplicate} or ${outbox.leased}`,
    })
    .where(eq(outbox.id, hole('id')))
    .returning()
    .prepare();
  const byId = db
    .select({
      lane: outbox.lane,
      mergeKey: outbox.mergeKey,
      key: outbox.key,
      leased: outbox.leased,
      attempts: outbox.attempts,
    })
    .from(outbox)
    .where(and(eq(outbox.id, hole('id')), waiting))
    .prepare();
  const newerOfKind = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.mergeKey, hole('mergeKey')),
        waiting,
        sql`${outbox.mergeKey} is not null`,
        sql`${outbox.id} > ${hole('id')}`,
      ),
    )
    .limit(1)
    .prepare();
  const retry = db
    .update(outbox)
    .set({
      leased: false,
      notBefore: sql`${hole('at')}`,
      ready: sql`${hole('at')}`,
      possibleDuplicate: sql`${outbox.possibleDuplicate} or ${hole('uncertain')}`,
      error: sql`${hole('error')}`,
    })
    .where(eq(outbox.id, hole('id')))
    .prepare();
  /** The claim that holds a row now. */
  const held = and(
    eq(outbox.id, hole('id')),
    eq(outbox.attempts, hole('attempts')),
    waiting,
    sql`${outbox.leased} = 1`,
  );
  const renewal = db
    .update(outbox)
    .set({ ready: sql`${hole('until')}` })
    .where(held)
    .prepare();
  const put = db
    .update(outbox)
    .set({ leased: false, ready: sql`${hole('until')}`, attempts: sql`${outbox.attempts} - 1` })
    .where(held)
    .prepare();
  // The payload of a row that is over holds texts nobody needs any more.
  const end = db
    .update(outbox)
    .set({
      state: sql`${hole('state')}`,
      head: false,
      leased: false,
      payload: '',
      error: sql`${hole('error')}`,
    })
    .where(eq(outbox.id, hole('id')))
    .prepare();
  const lead = db
    .update(outbox)
    .set({ head: true })
    .where(eq(outbox.id, hole('id')))
    .prepare();
  const moment = db
    .select({ ready: outbox.ready })
    .from(outbox)
    .where(sql`${outbox.head} = 1`)
    .orderBy(outbox.ready)
    .limit(1)
    .prepare();

  function finish(id: number, lane: string, state: 'sent' | 'failed', error: string | null): void {
    end.run({ id, state, error });
    const next = laneHead.get({ lane });
    if (next) lead.run({ id: next.id });
  }

  return {
    add(incident: string, rows: readonly NewOutboxRow[], createdAt: number): void {
      for (const row of rows) {
        const { lane, mergeKey, key, notBefore, payload } = row;
        if (mergeKey !== null && merged.run({ incident, mergeKey, key, notBefore, payload }).changes > 0)
          continue;
        const head = laneHead.get({ lane }) === undefined;
        insert.run({
          incident,
          lane,
          rank: rankOf(row.priority),
          mergeKey,
          key,
          notBefore,
          payload,
          head,
          createdAt,
        });
      }
    },

    claim(
      now: number,
      limit: number,
      leaseMs: number,
      only: 'page' | 'rest' | undefined,
      except: readonly string[],
    ): readonly OutboxRow[] {
      const claimed: OutboxRow[] = [];
      const without = JSON.stringify(except);
      const [first, last] = ranksOf(only);
      for (let rank = first; rank <= last; rank += 1) {
        const left = limit - claimed.length;
        if (left <= 0) break;
        for (const found of ready.all({ rank, now, limit: left, except: without })) {
          const row = lease.get({ id: found.id, until: now + leaseMs });
          claimed.push({
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
          });
        }
      }
      return claimed;
    },

    endLeases(now: number): void {
      // What was claimed had fallen due, whatever the clock says now.
      db.update(outbox)
        .set({ ready: now })
        .where(and(waiting, sql`${outbox.leased} = 1`))
        .run();
    },

    renew(claims: readonly Claim[], until: number): void {
      for (const { id, attempts } of claims) renewal.run({ id, attempts, until });
    },

    defer({ id, attempts }: Claim, until: number): void {
      put.run({ id, attempts, until });
    },

    settle({ id, key, attempts }: Claim, result: OutboxResult): void {
      const row = byId.get({ id });
      if (row?.key !== key) return;
      const holds = row.leased && row.attempts === attempts;
      if (!holds && result.outcome !== 'sent') return;
      switch (result.outcome) {
        case 'sent':
          finish(id, row.lane, 'sent', null);
          return;
        case 'failed':
          finish(id, row.lane, 'failed', result.error);
          return;
        case 'retry': {
          // A card that failed while a newer one waits would only be followed by it at once.
          const replaced = row.mergeKey !== null && newerOfKind.get({ id, mergeKey: row.mergeKey });
          if (replaced) finish(id, row.lane, 'sent', result.error);
          else retry.run({ id, at: result.at, error: result.error, uncertain: result.uncertain ? 1 : 0 });
          return;
        }
        default: {
          const unknown: never = result;
          throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
        }
      }
    },

    nextMoment(): number | null {
      return moment.get()?.ready ?? null;
    },

    counts(): { readonly waiting: number; readonly failed: number; readonly oldest: number | null } {
      const count = (state: 'waiting' | 'failed'): number =>
        db
          .select({ rows: sql<number>`count(*)` })
          .from(outbox)
          .where(sql`${outbox.state} = ${sql.raw(`'${state}'`)}`)
          .get()?.rows ?? 0;
      const oldest = db
        .select({ at: sql<number | null>`min(${outbox.notBefore})` })
        .from(outbox)
        .where(and(waiting, sql`${outbox.head} = 1`))
        .get();
      return { waiting: count('waiting'), failed: count('failed'), oldest: oldest?.at ?? null };
    },

    lanes(now: number): readonly LaneStats[] {
      return db
        .all<{ lane: string; waiting: number; failed: number; oldest: number | null }>(
          sql`select case when lane like 'room:%' then 'room:' || substr(lane, 6, instr(substr(lane, 6), ':') - 1)
              else substr(lane, 1, instr(lane, ':') - 1) end as lane,
            sum(state = 'waiting') as waiting, sum(state = 'failed') as failed,
            min(case when state = 'waiting' then created_at end) as oldest
          from outbox where state = 'waiting' or state = 'failed' group by 1 order by 1`,
        )
        .map(({ lane, waiting: queued, failed, oldest }) => ({
          lane,
          waiting: queued,
          failed,
          oldestMs: oldest === null ? null : Math.max(0, now - oldest),
        }));
    },
  };
}
