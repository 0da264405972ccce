import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Fact, IncidentEvent } from '../../incident/events.ts';
import { evolve, fold } from '../../incident/evolve.ts';
import { type Incident, isOver, type State } from '../../incident/state.ts';
import { EVENTS, genesis, type Link, seal } from '../chain.ts';
import type { Append, AppendResult, LearntRow, Loaded, OpenVersion, PlaceName } from '../port.ts';
import { BEFORE_ALL, placeKey, readEvent, readIncident, roomsOf } from '../shape.ts';
import { takeTexts } from '../texts.ts';
import { addRows, type NewRow } from './outbox.ts';
import { insertRows } from './rows.ts';
import { due, events, inbound, incidents, rooms } from './schema.ts';
import { addExcerpts, addLearnt, type NewSearchRow, withdrawLearnt } from './similar.ts';

/** So many keys are forgotten in one go: nobody waits long for a row lock, nor the disk for one commit. */
const PRUNED_TOGETHER = 5_000;

/** The channel on which instances tell each other that something was written. */
export const CHANNEL = 'warroom';

type Tip = Pick<typeof incidents.$inferSelect, 'id' | 'version' | 'head' | 'state' | 'redacted' | 'rooms'>;
type EventLine = { readonly incident: string; readonly position: number } & Link;

export async function loadAll(
  db: NodePgDatabase,
  ids: readonly string[],
): Promise<readonly (Loaded | null)[]> {
  const rows = await db
    .select()
    .from(incidents)
    .where(sql`${incidents.id} = any(${sql.param([...new Set(ids)])}::text[])`);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    return row ? { incident: readIncident(id, row.state), version: row.version, head: row.head } : null;
  });
}

export async function readEvents(
  db: NodePgDatabase,
  incident: string,
  after = 0,
): Promise<readonly IncidentEvent[]> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.incident, incident), gt(events.position, after)))
    .orderBy(asc(events.position));
  return rows.map(readEvent);
}

export async function listIncidents(
  db: NodePgDatabase,
  openOnly: boolean,
  limit: number | undefined,
): Promise<readonly Incident[]> {
  const query = db
    .select({ id: incidents.id, state: incidents.state })
    .from(incidents)
    .where(openOnly ? sql`not ${incidents.over}` : undefined)
    .orderBy(desc(incidents.activity), desc(incidents.id));
  const rows = await (limit === undefined ? query : query.limit(limit));
  return rows.map((row) => readIncident(row.id, row.state));
}

export async function incidentCalled(db: NodePgDatabase, code: string): Promise<Incident | null> {
  const [row] = await db
    .select({ id: incidents.id, state: incidents.state })
    .from(incidents)
    .where(eq(incidents.code, code))
    .orderBy(desc(incidents.activity), desc(incidents.id))
    .limit(1);
  return row ? readIncident(row.id, row.state) : null;
}

export async function listOpen(
  db: NodePgDatabase,
  last: OpenVersion | null,
  limit: number,
): Promise<readonly OpenVersion[]> {
  const { activity, incident } = last ?? BEFORE_ALL;
  return db
    .select({ incident: incidents.id, version: incidents.version, activity: incidents.activity })
    .from(incidents)
    .where(
      and(
        sql`not ${incidents.over}`,
        sql`${incidents.activity} >= ${activity}`,
        sql`(${incidents.activity}, ${incidents.id} collate "C") > (${activity}, ${incident})`,
      ),
    )
    .orderBy(asc(incidents.activity), sql`${incidents.id} collate "C"`)
    .limit(limit);
}

export async function incidentAt(db: NodePgDatabase, place: PlaceName): Promise<Incident | null> {
  const [row] = await db
    .select({ id: incidents.id, state: incidents.state })
    .from(rooms)
    .innerJoin(incidents, eq(incidents.id, rooms.incident))
    .where(eq(rooms.place, placeKey(place)))
    .orderBy(desc(incidents.activity), desc(incidents.id))
    .limit(1);
  return row ? readIncident(row.id, row.state) : null;
}

/** What the accepted appends of a batch write, gathered before anything is written. */
interface Gathered {
  readonly lines: EventLine[];
  readonly rows: NewRow[];
  readonly search: NewSearchRow[];
  readonly learnt: LearntRow[];
  readonly withdrawn: NonNullable<Append['withdrawn']>[];
  readonly keys: { readonly key: string; readonly at: number }[];
  /** Incidents that live elsewhere than before. */
  readonly moved: Set<string>;
  /** The last append of each incident. */
  readonly last: Map<
    string,
    { readonly state: Incident; readonly due: number | null; readonly activity: number }
  >;
}

/** Answers the appends of a batch in their order; runs inside the caller's transaction. */
export async function appendAll(
  db: NodePgDatabase,
  appends: readonly Append[],
): Promise<readonly AppendResult[]> {
  const tips = await lockTips(db, [...new Set(appends.map((one) => one.incident))].sort());
  const known = await knownKeys(db, appends);
  const gathered: Gathered = {
    lines: [],
    rows: [],
    search: [],
    learnt: [],
    withdrawn: [],
    keys: [],
    moved: new Set(),
    last: new Map(),
  };
  const results = appends.map((append) => answer(append, tips, known, gathered));
  if (gathered.last.size > 0) await write(db, tips, gathered);
  return results;
}

function answer(
  append: Append,
  tips: Map<string, Tip>,
  known: Set<string>,
  gathered: Gathered,
): AppendResult {
  const { incident, expected, facts } = append;
  if (append.inbound !== undefined && known.has(append.inbound)) return { ok: false, why: 'duplicate' };
  const tip = tips.get(incident);
  if ((tip?.version ?? 0) !== expected) return { ok: false, why: 'conflict' };
  const recorded = facts.at(-1)?.recorded ?? 0;
  if (append.inbound !== undefined) {
    known.add(append.inbound);
    gathered.keys.push({ key: append.inbound, at: recorded });
  }
  let head = tip?.head ?? genesis(incident, EVENTS);
  const written = facts.map((fact, index) => {
    const line = sealed(incident, expected + index + 1, head, fact);
    head = line.hash;
    gathered.lines.push(line);
    return { ...fact, incident, position: line.position };
  });
  const state = tip?.redacted ? refolded(incident, tip.state, written) : append.state;
  const places = JSON.stringify(roomsOf(state));
  if (places !== tip?.rooms) gathered.moved.add(incident);
  tips.set(incident, {
    id: incident,
    version: expected + facts.length,
    head,
    state: JSON.stringify(state),
    redacted: tip?.redacted ?? false,
    rooms: places,
  });
  gathered.last.set(incident, { state, due: append.due, activity: recorded });
  for (const row of append.outbox) gathered.rows.push({ incident, createdAt: recorded, row });
  for (const one of append.search ?? []) gathered.search.push({ incident, ...one });
  if (append.learnt) gathered.learnt.push(append.learnt);
  if (append.withdrawn) gathered.withdrawn.push(append.withdrawn);
  return { ok: true, events: written };
}

function sealed(incident: string, position: number, prev: string, fact: Fact): EventLine {
  const taken = takeTexts(fact);
  return {
    incident,
    position,
    ...seal({ incident, stream: EVENTS, position }, prev, taken.facts, taken.texts),
  };
}

async function write(
  db: NodePgDatabase,
  tips: ReadonlyMap<string, Tip>,
  { lines, rows, search, learnt, withdrawn, keys, moved, last }: Gathered,
): Promise<void> {
  await insertRows(db, inbound, keys);
  // Two instances that both begin an incident meet here: the second one's position is taken.
  await insertRows(db, events, lines);
  const ids = [...last.keys()].sort();
  await insertRows(
    db,
    incidents,
    ids.flatMap((id) => {
      const [tip, end] = [tips.get(id), last.get(id)];
      return tip && end
        ? [{ ...tip, over: isOver(end.state), activity: end.activity, code: end.state.code }]
        : [];
    }),
    sql`on conflict (id) do update set version = excluded.version, head = excluded.head,
      state = excluded.state, over = excluded.over, activity = excluded.activity,
      rooms = excluded.rooms, code = excluded.code`,
  );
  await moveRooms(db, [...moved].sort(), last);
  await moveDue(db, ids, last);
  await addRows(db, rows);
  await addLearnt(db, learnt);
  await withdrawLearnt(db, withdrawn);
  await addExcerpts(db, search);
  await announce(db, ids);
}

async function moveRooms(
  db: NodePgDatabase,
  moved: readonly string[],
  last: Gathered['last'],
): Promise<void> {
  if (moved.length === 0) return;
  await db.delete(rooms).where(sql`${rooms.incident} = any(${sql.param(moved)}::text[])`);
  const entered = moved.flatMap((incident) => {
    const state = last.get(incident)?.state;
    return state ? roomsOf(state).map((place) => ({ place, incident })) : [];
  });
  await insertRows(db, rooms, entered, sql`on conflict do nothing`);
}

async function moveDue(db: NodePgDatabase, ids: readonly string[], last: Gathered['last']): Promise<void> {
  const moments = ids.flatMap((incident) => {
    const at = last.get(incident)?.due ?? null;
    return at === null ? [] : [{ incident, at, tryAt: at }];
  });
  const quiet = ids.filter((id) => last.get(id)?.due === null);
  if (quiet.length > 0) await db.delete(due).where(sql`${due.incident} = any(${sql.param(quiet)}::text[])`);
  await insertRows(
    db,
    due,
    moments,
    sql`on conflict (incident) do update set at = excluded.at, try_at = excluded.try_at`,
  );
}

/** Heard by every instance once the transaction has committed, and not at all when it has not. */
export async function announce(db: NodePgDatabase, ids: readonly string[]): Promise<void> {
  await db.execute(sql`select pg_notify(${CHANNEL}, id) from unnest(${sql.param(ids)}::text[]) as id`);
}

/** In the order of the ids, so that two batches never wait for each other. */
async function lockTips(db: NodePgDatabase, ids: readonly string[]): Promise<Map<string, Tip>> {
  const rows = await db
    .select({
      id: incidents.id,
      version: incidents.version,
      head: incidents.head,
      state: incidents.state,
      redacted: incidents.redacted,
      rooms: incidents.rooms,
    })
    .from(incidents)
    .where(sql`${incidents.id} = any(${sql.param(ids)}::text[])`)
    .orderBy(sql`${incidents.id} collate "C"`)
    .for('update');
  return new Map(rows.map((row) => [row.id, row]));
}

async function knownKeys(db: NodePgDatabase, appends: readonly Append[]): Promise<Set<string>> {
  const keys = appends.flatMap((one) => (one.inbound === undefined ? [] : [one.inbound]));
  if (keys.length === 0) return new Set();
  const rows = await db
    .select({ key: inbound.key })
    .from(inbound)
    .where(sql`${inbound.key} = any(${sql.param(keys)}::text[])`);
  return new Set(rows.map((row) => row.key));
}

/** A key that another transaction is just claiming is waited for: only one of the two may go on. */
export async function claimKey(db: NodePgDatabase, key: string, at: number): Promise<boolean> {
  const claimed = await db
    .insert(inbound)
    .values({ key, at })
    .onConflictDoNothing()
    .returning({ key: inbound.key });
  return claimed.length > 0;
}

export async function pruneKeys(db: NodePgDatabase, before: number): Promise<number> {
  for (let pruned = 0; ; ) {
    const { rowCount } = await db.execute(
      sql`delete from inbound where key in (select key from inbound where at < ${before} limit ${PRUNED_TOGETHER})`,
    );
    if (!rowCount) return pruned;
    pruned += rowCount;
  }
}

/** The snapshot anew from what is left after a text was removed. */
export async function refold(db: NodePgDatabase, incident: string): Promise<void> {
  const state = fold(await readEvents(db, incident));
  if (!state) return;
  await db
    .update(incidents)
    .set({ state: JSON.stringify(state), redacted: true })
    .where(eq(incidents.id, incident));
}

/** A command that began before a redaction still carries the removed text in its state; the store's own does not. */
function refolded(id: string, stored: string, written: readonly IncidentEvent[]): Incident {
  const state = written.reduce<State>(evolve, readIncident(id, stored));
  if (!state) throw new Error(`incident ${id} folded to nothing`);
  return state;
}
