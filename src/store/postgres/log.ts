import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { IncidentEvent } from '../../incident/events.ts';
import { evolve, fold } from '../../incident/evolve.ts';
import { type Incident, isOver, type State } from '../../incident/state.ts';
import { EVENTS, genesis, seal } from '../chain.ts';
import type { Append, AppendResult, Loaded } from '../port.ts';
import { readEvent, readIncident } from '../shape.ts';
import { takeTexts } from '../texts.ts';
import { addRows } from './outbox.ts';
import { due, events, inbound, incidents } from './schema.ts';

/** A PostgreSQL statement carries at most 65,535 parameters; an event takes eight. */
const EVENTS_A_STATEMENT = 1_000;
/** The channel on which instances tell each other that something was written. */
export const CHANNEL = 'warroom';

/** Why an append came to nothing; thrown so that the transaction leaves nothing behind. */
export class Refused extends Error {
  readonly why: 'conflict' | 'duplicate';
  constructor(why: 'conflict' | 'duplicate') {
    super(why);
    this.why = why;
  }
}

export async function loadIncident(db: NodePgDatabase, id: string): Promise<Loaded | null> {
  const [row] = await db.select().from(incidents).where(eq(incidents.id, id));
  return row ? { incident: readIncident(id, row.state), version: row.version, head: row.head } : null;
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

/** Runs inside the caller's transaction; throws `Refused`. */
export async function appendEvents(db: NodePgDatabase, append: Append): Promise<AppendResult> {
  const { incident, expected, facts } = append;
  const recorded = facts.at(-1)?.recorded ?? 0;
  if (append.inbound !== undefined && !(await claimKey(db, append.inbound, recorded))) {
    throw new Refused('duplicate');
  }
  const [row] = await db.select().from(incidents).where(eq(incidents.id, incident)).for('update');
  if ((row?.version ?? 0) !== expected) throw new Refused('conflict');
  let head = row?.head ?? genesis(incident, EVENTS);
  const written: IncidentEvent[] = [];
  const rows = facts.map((fact, index) => {
    const position = expected + index + 1;
    const taken = takeTexts(fact);
    const link = seal({ incident, stream: EVENTS, position }, head, taken.facts, taken.texts);
    head = link.hash;
    written.push({ ...fact, incident, position });
    return { incident, position, ...link };
  });
  const state = row?.redacted ? refolded(incident, row.state, written) : append.state;
  const snapshot = {
    version: expected + facts.length,
    head,
    state: JSON.stringify(state),
    over: isOver(state),
    activity: recorded,
  };
  if (row) await db.update(incidents).set(snapshot).where(eq(incidents.id, incident));
  else {
    const begun = await db
      .insert(incidents)
      .values({ id: incident, ...snapshot })
      .onConflictDoNothing()
      .returning({ id: incidents.id });
    if (begun.length === 0) throw new Refused('conflict');
  }
  for (let first = 0; first < rows.length; first += EVENTS_A_STATEMENT) {
    await db.insert(events).values(rows.slice(first, first + EVENTS_A_STATEMENT));
  }
  if (append.due === null) await db.delete(due).where(eq(due.incident, incident));
  else {
    await db
      .insert(due)
      .values({ incident, at: append.due, tryAt: append.due })
      .onConflictDoUpdate({ target: due.incident, set: { at: append.due, tryAt: append.due } });
  }
  await addRows(db, incident, append.outbox, recorded);
  await db.execute(sql`select pg_notify(${CHANNEL}, ${incident})`);
  return { ok: true, events: written };
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
