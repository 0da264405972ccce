import { and, asc, eq, inArray, isNotNull, lte, min, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { EVENTS, REDACTIONS } from '../chain.ts';
import type {
  Append,
  AppendResult,
  Loaded,
  NewOutboxRow,
  NewTalk,
  Redaction,
  Store,
  TalkEntry,
} from '../port.ts';
import { redactionLine } from '../redaction.ts';
import { fileOf } from '../shape.ts';
import { sourcesOf } from '../similar.ts';
import { type WalkSource, walk } from '../walk.ts';
import { Batch } from './batch.ts';
import { asStoreError, type Connected, connect } from './connect.ts';
import { Listener } from './listen.ts';
import {
  appendAll,
  CHANNEL,
  claimKey,
  incidentAt,
  incidentCalled,
  listIncidents,
  listOpen,
  loadAll,
  pruneKeys,
  readEvents,
  refold,
} from './log.ts';
import { type Note, readNotes, writeNotes } from './notes.ts';
import { addRows, claimRows, deferRow, laneStats, renewRows, type Settlement, settleAll } from './outbox.ts';
import { due, events, files, incidents, numbers, outbox, streams, talk } from './schema.ts';
import {
  fillExcerpts,
  findSimilar,
  forgetExcerpts,
  indexedPage,
  readLearnt,
  storedExcerpts,
  unlearn,
} from './similar.ts';
import { readAbout, readTalkOf, sayAll } from './talk.ts';

/** A tick takes milliseconds; that of an instance that died is free again after this long. */
const TICK_LEASE_MS = 5_000;

/** What is said, and the rows that carry it elsewhere. */
interface Saying {
  readonly entries: readonly NewTalk[];
  readonly rows: readonly NewOutboxRow[];
}

/** The store that several instances share. Throws `StoreError`. */
export async function openPostgresStore(options: { readonly url: string }): Promise<Store> {
  return createStore(await connect(options.url), options.url);
}

function createStore({ pool, db, where }: Connected, url: string): Store {
  const ears = new Set<(incident: string | null) => void>();
  let listener: Listener | null = null;

  async function told<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw asStoreError(error, where);
    }
  }
  const loading = new Batch<string, Loaded | null>(where, (ids) => loadAll(db, ids));
  const appending = new Batch<Append, AppendResult>(where, (appends) =>
    db.transaction((tx) => appendAll(tx, appends)),
  );
  const saying = new Batch<Saying, readonly TalkEntry[]>(where, (jobs) =>
    db.transaction(async (tx) => {
      const said = await sayAll(
        tx,
        jobs.map((one) => one.entries),
      );
      const added = jobs.flatMap(({ rows }, index) => {
        const [first] = said[index] ?? [];
        return first ? rows.map((row) => ({ incident: first.incident, createdAt: first.recorded, row })) : [];
      });
      if (added.length > 0) await addRows(tx, added);
      return said;
    }),
  );
  const settling = new Batch<Settlement, void>(where, async (settlements) => {
    await db.transaction((tx) => settleAll(tx, settlements));
    return settlements.map(() => undefined);
  });

  const reading = new Batch<string, string | null>(where, (keys) => readNotes(db, keys));
  const noting = new Batch<Note, void>(where, async (written) => {
    await db.transaction((tx) => writeNotes(tx, written));
    return written.map(() => undefined);
  });
  const batches = [loading, appending, saying, settling, reading, noting];

  return {
    load: (incident) => loading.do(incident),
    append: (append) => appending.do(append),
    events: (incident, after) => told(readEvents(db, incident, after)),
    incidents: (filter) => told(listIncidents(db, filter?.openOnly ?? false, filter?.limit)),
    incidentByCode: (code) => told(incidentCalled(db, code)),
    openVersions: (after, limit) => told(listOpen(db, after, limit)),
    openIncidentAt: (place) => told(incidentAt(db, place)),
    nextNumber: async (day) => {
      const [row] = await told(
        db
          .insert(numbers)
          .values({ day, last: 1 })
          .onConflictDoUpdate({ target: numbers.day, set: { last: sql`${numbers.last} + 1` } })
          .returning({ last: numbers.last }),
      );
      if (!row) throw new Error(`no number for ${day}`);
      return row.last;
    },

    say: (entries, rows = []) => {
      const reserved = entries.find((one) => one.stream === EVENTS || one.stream === REDACTIONS);
      if (reserved) throw new Error(`no talk in the stream ${reserved.stream}: the name is the store's own`);
      return saying.do({ entries, rows });
    },
    talk: (incident, names, after) => told(readTalkOf(db, incident, names, after ?? {})),
    about: (incident, message) => told(readAbout(db, incident, message)),
    putFile: async ({ sha256, bytes, at }) => {
      const row = { sha256, bytes: Buffer.from(bytes), at };
      await told(db.insert(files).values(row).onConflictDoNothing());
    },
    file: async (sha256) => {
      const [found] = await told(
        db.select({ bytes: files.bytes }).from(files).where(eq(files.sha256, sha256)),
      );
      return found ? new Uint8Array(found.bytes) : null;
    },

    claimInbound: (key, at) => told(claimKey(db, key, at)),
    pruneInbound: (before) => told(pruneKeys(db, before)),

    nextMoment: async () => {
      const [found] = await told(
        db
          .select({
            tick: sql`(select ${min(due.tryAt)} from ${due})`.mapWith(Number),
            send: sql`(select ${min(outbox.ready)} from ${outbox} where ${outbox.head})`.mapWith(Number),
          })
          .from(sql`(select 1) as once`),
      );
      const moments = [found?.tick ?? null, found?.send ?? null].filter((one) => one !== null);
      return moments.length === 0 ? null : Math.min(...moments);
    },
    dueIncidents: async (now, limit) => {
      const next = db
        .$with('next')
        .as(
          db
            .select({ incident: due.incident })
            .from(due)
            .where(lte(due.tryAt, now))
            .orderBy(asc(due.tryAt), asc(due.incident))
            .limit(limit)
            .for('update', { skipLocked: true }),
        );
      const rows = await told(
        db
          .with(next)
          .update(due)
          .set({ tryAt: now + TICK_LEASE_MS })
          .where(inArray(due.incident, db.select({ incident: next.incident }).from(next)))
          .returning({ incident: due.incident, at: due.at }),
      );
      return rows.sort((a, b) => a.at - b.at);
    },
    postponeDue: async (incident, from, to) => {
      await told(
        db
          .update(due)
          .set({ tryAt: to })
          .where(and(eq(due.incident, incident), eq(due.at, from))),
      );
    },
    claimOutbox: (now, limit, leaseMs, only, except = []) =>
      told(claimRows(db, now, limit, leaseMs, only, except)),
    enqueue: (rows, createdAt) =>
      told(
        db.transaction(async (tx) => {
          await addRows(
            tx,
            rows.map((row) => ({ incident: '', createdAt, row })),
          );
          await tx.execute(sql`select pg_notify(${CHANNEL}, '')`);
        }),
      ),
    deferOutbox: (claim, until) => told(deferRow(db, claim, until)),
    renewOutbox: (claims, until) => told(renewRows(db, claims, until)),
    settleOutbox: (claim, result) => settling.do({ claim, result }),

    similar: (words, limit) => told(findSimilar(db, words, limit)),
    excerpts: (after, limit) => told(storedExcerpts(db, after, limit)),
    indexed: (after, limit) => told(indexedPage(db, after, limit)),
    index: (incident, rows) => told(db.transaction((tx) => fillExcerpts(tx, incident, rows))),
    learnt: () => told(readLearnt(db)),

    getNote: (key) => reading.do(key),
    putNote: (key, value) => noting.do({ key, value }),

    redact: (redaction) => told(db.transaction((tx) => redact(tx, redaction))),
    // One moment for the whole walk: other instances go on writing meanwhile.
    verify: (head) =>
      told(
        db.transaction((tx) => walk(source(tx), head), {
          isolationLevel: 'repeatable read',
          accessMode: 'read only',
        }),
      ),
    stats: async (now) => {
      const [counted] = await told(
        db
          .select({
            open: sql<number>`(select count(*)::int from ${incidents} where not ${incidents.over})`,
            waiting: sql<number>`(select count(*)::int from ${outbox} where ${outbox.state} = 'waiting')`,
            failed: sql<number>`(select count(*)::int from ${outbox} where ${outbox.state} = 'failed')`,
            tick: sql`(select ${min(due.at)} from ${due})`.mapWith(Number),
            send: sql`(select min(not_before) from ${outbox} where ${outbox.head})`.mapWith(Number),
          })
          .from(sql`(select 1) as once`),
      );
      return {
        openIncidents: counted?.open ?? 0,
        oldestOverdueMs: Math.max(0, now - (counted?.tick ?? now), now - (counted?.send ?? now)),
        outboxWaiting: counted?.waiting ?? 0,
        outboxFailed: counted?.failed ?? 0,
        lanes: await told(laneStats(db, now)),
      };
    },
    now: async () => {
      const found = await told(
        db.execute(sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`),
      );
      return Math.round(Number(found.rows[0]?.now));
    },
    listen: (wake) => {
      ears.add(wake);
      listener ??= new Listener(url, (incident) => {
        for (const ear of ears) ear(incident);
      });
      return () => ears.delete(wake);
    },
    close: async () => {
      await listener?.close();
      await Promise.all(batches.map((one) => one.idle()));
      await pool.end();
    },
  };
}

async function redact(db: NodePgDatabase, redaction: Redaction): Promise<boolean> {
  const { incident, stream, position } = redaction;
  const nothing = { texts: null, salt: null };
  // The incident's row first, as every append does: a command is either before or after the redaction.
  await db.select({ id: incidents.id }).from(incidents).where(eq(incidents.id, incident)).for('update');
  const removed =
    stream === EVENTS
      ? await db
          .update(events)
          .set(nothing)
          .where(and(eq(events.incident, incident), eq(events.position, position), isNotNull(events.texts)))
          .returning({ named: events.facts })
      : await db
          .update(talk)
          .set(nothing)
          .where(
            and(
              eq(talk.incident, incident),
              eq(talk.stream, stream),
              eq(talk.position, position),
              isNotNull(talk.texts),
            ),
          )
          .returning({ named: talk.message });
  const [gone] = removed;
  if (!gone) return false;
  if (stream !== EVENTS) await forgetFile(db, redaction);
  await forgetExcerpts(db, incident, sourcesOf(stream, gone.named));
  if (stream === EVENTS) {
    await refold(db, incident);
    const [now] = await loadAll(db, [incident]);
    await unlearn(db, incident, now?.incident.drafts ?? []);
  }
  await sayAll(db, [[redactionLine(redaction)]]);
  return true;
}

/** Its bytes go with the last message that carried it. */
async function forgetFile(db: NodePgDatabase, { incident, stream, position }: Redaction): Promise<void> {
  const here = and(eq(talk.incident, incident), eq(talk.stream, stream), eq(talk.position, position));
  const [row] = await db.select({ facts: talk.facts }).from(talk).where(here);
  const sha256 = row ? fileOf(row.facts) : null;
  if (sha256 === null) return;
  const [carried] = await db
    .select({ id: talk.id })
    .from(talk)
    .where(sql`${talk.texts} is not null and position(${sha256} in ${talk.facts}) > 0`)
    .limit(1);
  if (!carried) await db.delete(files).where(eq(files.sha256, sha256));
}

function source(db: NodePgDatabase): WalkSource {
  return {
    incidents: async () => {
      // The head of all depends on this order: it must not change with the database's locale.
      const found = await db.execute<{ id: string }>(
        sql`select id from (select id from incidents union select incident from events
            union select incident from talk union select incident from streams) as known
            order by id collate "C"`,
      );
      return found.rows.map(({ id }) => id);
    },
    tip: async (id) => (await db.select().from(incidents).where(eq(incidents.id, id)))[0] ?? null,
    events: (incident) =>
      db.select().from(events).where(eq(events.incident, incident)).orderBy(asc(events.position)),
    streams: (incident) => db.select().from(streams).where(eq(streams.incident, incident)),
    talk: (incident) =>
      db.select().from(talk).where(eq(talk.incident, incident)).orderBy(asc(talk.stream), asc(talk.position)),
  };
}
