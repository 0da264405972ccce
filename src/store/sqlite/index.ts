import { and, eq, isNotNull, lte, sql } from 'drizzle-orm';
import { EVENTS, REDACTIONS } from '../chain.ts';
import type { Redaction, Store } from '../port.ts';
import { redactionLine } from '../redaction.ts';
import { fileOf } from '../shape.ts';
import { sourcesOf } from '../similar.ts';
import { type WalkSource, walk } from '../walk.ts';
import { createLog } from './log.ts';
import { type Opened, openFile } from './open.ts';
import { createOutbox } from './outbox.ts';
import { due, events, files, incidents, notes, numbers, streams, talk } from './schema.ts';
import { createSimilar } from './similar.ts';
import { createTalk } from './talk.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** Path of the database file, created when missing; `:memory:` for one that is forgotten. */
  readonly file: string;
  /** How long another process may hold the file before `locked` is thrown, in milliseconds. */
  readonly busyMs?: number;
}

/** The embedded store. Throws `StoreError` when the file cannot be used. */
export function openSqliteStore(options: SqliteOptions): Store {
  return createStore(openFile(options.file, options.busyMs), options.file);
}

function createStore({ raw, db }: Opened, file: string): Store {
  const outbox = createOutbox(db);
  const compared = createSimilar(db);
  const log = createLog(db, outbox, compared);
  const streamed = createTalk(db);
  const writer = new Writer(raw, file);
  const soonest = db.select({ at: due.tryAt }).from(due).orderBy(due.tryAt).limit(1).prepare();
  // Prepared, because every card that is shown asks for one and keeps one.
  const noteOf = db
    .select({ value: notes.value })
    .from(notes)
    .where(eq(notes.key, sql.placeholder('key')))
    .prepare();
  const keepNote = db
    .insert(notes)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value') })
    .onConflictDoUpdate({ target: notes.key, set: { value: sql`excluded.value` } })
    .prepare();
  const dropNote = db
    .delete(notes)
    .where(eq(notes.key, sql.placeholder('key')))
    .prepare();

  return {
    load: async (incident) => log.load(incident),
    append: (append) => writer.write(() => log.append(append)),
    events: async (incident, after) => log.events(incident, after),
    incidents: async (filter) => log.incidents(filter?.openOnly ?? false, filter?.limit),
    incidentByCode: async (code) => log.incidentByCode(code),
    openVersions: async (after, limit) => log.openVersions(after, limit),
    openIncidentAt: async (place) => log.openIncidentAt(place),
    nextNumber: (day) =>
      writer.write(
        () =>
          db
            .insert(numbers)
            .values({ day, last: 1 })
            .onConflictDoUpdate({ target: numbers.day, set: { last: sql`${numbers.last} + 1` } })
            .returning()
            .get().last,
      ),

    say: (entries, rows = []) => {
      const reserved = entries.find((one) => one.stream === EVENTS || one.stream === REDACTIONS);
      if (reserved) throw new Error(`no talk in the stream ${reserved.stream}: the name is the store's own`);
      return writer.write(() => {
        const written = streamed.say(entries);
        const [first] = written;
        if (first && rows.length > 0) outbox.add(first.incident, rows, first.recorded);
        return written;
      });
    },
    talk: async (incident, names, after) => streamed.read(incident, names, after ?? {}),
    about: async (incident, message) => streamed.about(incident, message),
    putFile: ({ sha256, bytes, at }) =>
      writer.write(() => {
        db.insert(files)
          .values({ sha256, bytes: Buffer.from(bytes), at })
          .onConflictDoNothing()
          .run();
      }),
    file: async (sha256) => {
      const found = db.select({ bytes: files.bytes }).from(files).where(eq(files.sha256, sha256)).get();
      return found ? new Uint8Array(found.bytes) : null;
    },

    claimInbound: (key, at) => writer.write(() => log.claimInbound(key, at)),
    pruneInbound: async (before) => {
      for (let pruned = 0; ; ) {
        const some = await writer.write(() => log.pruneInbound(before));
        if (some === 0) return pruned;
        pruned += some;
      }
    },

    nextMoment: async () => {
      const moments = [soonest.get()?.at ?? null, outbox.nextMoment()].filter((one) => one !== null);
      return moments.length === 0 ? null : Math.min(...moments);
    },
    dueIncidents: async (now, limit, except = []) =>
      db
        .select({ incident: due.incident, at: due.at })
        .from(due)
        .where(lte(due.tryAt, now))
        .orderBy(due.tryAt, due.incident)
        .limit(limit + except.length)
        .all()
        .filter((one) => !except.includes(one.incident))
        .slice(0, limit),
    postponeDue: (incident, from, to) =>
      writer.write(() => {
        db.update(due)
          .set({ tryAt: to })
          .where(and(eq(due.incident, incident), eq(due.at, from)))
          .run();
      }),
    claimOutbox: (now, limit, leaseMs, only, except = []) =>
      writer.write(() => outbox.claim(now, limit, leaseMs, only, except)),
    enqueue: (rows, createdAt) => writer.write(() => outbox.add('', rows, createdAt)),
    deferOutbox: (claim, until) => writer.write(() => outbox.defer(claim, until)),
    renewOutbox: (claims, until) => writer.write(() => outbox.renew(claims, until)),
    endLeases: (now) => writer.write(() => outbox.endLeases(now)),
    settleOutbox: (claim, result) => writer.write(() => outbox.settle(claim, result)),

    similar: async (words, limit) => compared.find(words, limit),
    excerpts: async (after, limit) => compared.stored(after, limit),
    indexed: async (after, limit) => compared.indexed(after, limit),
    index: (incident, rows) => writer.write(() => compared.fill(incident, rows)),
    learnt: async () => compared.learnt(),

    getNote: async (key) => noteOf.get({ key })?.value ?? null,
    putNote: (key, value) =>
      writer.write(() => {
        if (value === null) dropNote.run({ key });
        else keepNote.run({ key, value });
      }),

    redact: (redaction) => writer.write(() => redact(redaction)),
    verify: (head) => walk(source(db), head),
    stats: async (now) => {
      const { waiting, failed, oldest } = outbox.counts();
      const tick = db.select({ at: due.at }).from(due).orderBy(due.at).limit(1).get()?.at ?? now;
      return {
        openIncidents:
          db.select({ rows: sql<number>`count(*)` }).from(incidents).where(sql`${incidents.over} = 0`).get()
            ?.rows ?? 0,
        oldestOverdueMs: Math.max(0, now - tick, now - (oldest ?? now)),
        outboxWaiting: waiting,
        outboxFailed: failed,
        lanes: outbox.lanes(now),
      };
    },
    close: async () => {
      writer.flush();
      raw.close();
    },
  };

  function redact(redaction: Redaction): boolean {
    const { incident, stream, position } = redaction;
    const nothing = { texts: null, salt: null };
    const removed =
      stream === EVENTS
        ? db
            .update(events)
            .set(nothing)
            .where(and(eq(events.incident, incident), eq(events.position, position), isNotNull(events.texts)))
            .returning({ named: events.facts })
            .all()
        : db
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
            .returning({ named: talk.message })
            .all();
    const [gone] = removed;
    if (!gone) return false;
    if (stream !== EVENTS) forgetFile(redaction);
    compared.forget(incident, sourcesOf(stream, gone.named));
    if (stream === EVENTS) {
      log.refold(incident);
      compared.unlearn(incident, log.load(incident)?.incident.drafts ?? []);
    }
    streamed.say([redactionLine(redaction)]);
    return true;
  }

  /** Its bytes go with the last message that carried it. */
  function forgetFile({ incident, stream, position }: Redaction): void {
    const here = and(eq(talk.incident, incident), eq(talk.stream, stream), eq(talk.position, position));
    const row = db.select({ facts: talk.facts }).from(talk).where(here).get();
    const sha256 = row ? fileOf(row.facts) : null;
    if (sha256 === null) return;
    const carried = sql`${talk.texts} is not null and instr(${talk.facts}, ${sha256}) > 0`;
    if (db.select({ id: talk.id }).from(talk).where(carried).limit(1).get()) return;
    db.delete(files).where(eq(files.sha256, sha256)).run();
  }
}

function source(db: Opened['db']): WalkSource {
  return {
    incidents: async () =>
      db
        .all<{ id: string }>(
          sql`select id from incidents union select incident from events union select incident from talk
            union select incident from streams order by 1`,
        )
        .map(({ id }) => id),
    tip: async (id) => db.select().from(incidents).where(eq(incidents.id, id)).get() ?? null,
    events: async (incident) =>
      db.select().from(events).where(eq(events.incident, incident)).orderBy(events.position).all(),
    streams: async (incident) => db.select().from(streams).where(eq(streams.incident, incident)).all(),
    talk: async (incident) =>
      db.select().from(talk).where(eq(talk.incident, incident)).orderBy(talk.stream, talk.position).all(),
  };
}
