import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Fact, IncidentEvent } from '../../incident/events.ts';
import { evolve, fold } from '../../incident/evolve.ts';
import { type Incident, isOver, type State } from '../../incident/state.ts';
import { EVENTS, genesis, seal } from '../chain.ts';
import type { Append, AppendResult, Loaded, OpenVersion, PlaceName } from '../port.ts';
import { BEFORE_ALL, placeKey, readEvent, readIncident, roomsOf } from '../shape.ts';
import { takeTexts } from '../texts.ts';
import type { createOutbox } from './outbox.ts';
import { due, events, inbound, incidents, rooms } from './schema.ts';
import type { createSimilar } from './similar.ts';

/** So many keys are forgotten in one go: whoever writes meanwhile waits for one go only. */
const PRUNED_TOGETHER = 5_000;

const hole = sql.placeholder;

/** Events with their snapshot and what they cause. Writing functions run inside the caller's transaction. */
export function createLog(
  db: BetterSQLite3Database,
  outbox: ReturnType<typeof createOutbox>,
  compared: ReturnType<typeof createSimilar>,
) {
  const find = db
    .select()
    .from(incidents)
    .where(eq(incidents.id, hole('id')))
    .prepare();
  const insertEvent = db
    .insert(events)
    .values({
      incident: hole('incident'),
      position: hole('position'),
      facts: hole('facts'),
      texts: hole('texts'),
      salt: hole('salt'),
      digest: hole('digest'),
      prev: hole('prev'),
      hash: hole('hash'),
    })
    .prepare();
  const insertIncident = db
    .insert(incidents)
    .values({
      id: hole('id'),
      version: hole('version'),
      head: hole('head'),
      state: hole('state'),
      over: hole('over'),
      activity: hole('activity'),
      rooms: hole('rooms'),
      code: hole('code'),
    })
    .prepare();
  const updateIncident = db
    .update(incidents)
    .set({
      version: sql`${hole('version')}`,
      head: sql`${hole('head')}`,
      state: sql`${hole('state')}`,
      over: sql`${hole('overFlag')}`,
      activity: sql`${hole('activity')}`,
      rooms: sql`${hole('rooms')}`,
    })
    .where(eq(incidents.id, hole('id')))
    .prepare();
  const setDue = db
    .insert(due)
    .values({ incident: hole('incident'), at: hole('at'), tryAt: hole('at') })
    .onConflictDoUpdate({ target: due.incident, set: { at: sql`excluded.at`, tryAt: sql`excluded.try_at` } })
    .prepare();
  const clearDue = db
    .delete(due)
    .where(eq(due.incident, hole('incident')))
    .prepare();
  const claim = db
    .insert(inbound)
    .values({ key: hole('key'), at: hole('at') })
    .onConflictDoNothing()
    .prepare();
  const enter = db
    .insert(rooms)
    .values({ place: hole('place'), incident: hole('incident') })
    .onConflictDoNothing()
    .prepare();
  const leave = db
    .delete(rooms)
    .where(eq(rooms.incident, hole('incident')))
    .prepare();
  const livingAt = db
    .select({ id: incidents.id, state: incidents.state })
    .from(rooms)
    .innerJoin(incidents, eq(incidents.id, rooms.incident))
    .where(eq(rooms.place, hole('place')))
    .orderBy(desc(incidents.activity), desc(incidents.id))
    .limit(1)
    .prepare();
  const claimed = db
    .select({ key: inbound.key })
    .from(inbound)
    .where(eq(inbound.key, hole('key')))
    .prepare();
  const named = db
    .select({ id: incidents.id, state: incidents.state })
    .from(incidents)
    .where(eq(incidents.code, hole('code')))
    .orderBy(desc(incidents.activity), desc(incidents.id))
    .limit(1)
    .prepare();
  const open = db
    .select({ incident: incidents.id, version: incidents.version, activity: incidents.activity })
    .from(incidents)
    .where(
      and(
        sql`over = 0`,
        sql`${incidents.activity} >= ${hole('activity')}`,
        sql`(${incidents.activity}, ${incidents.id}) > (${hole('activity')}, ${hole('incident')})`,
      ),
    )
    .orderBy(incidents.activity, incidents.id)
    .limit(hole('limit'))
    .prepare();
  const after = db
    .select()
    .from(events)
    .where(and(eq(events.incident, hole('incident')), gt(events.position, hole('after'))))
    .orderBy(events.position)
    .prepare();

  function read(incident: string, position = 0): readonly IncidentEvent[] {
    return after.all({ incident, after: position }).map(readEvent);
  }

  return {
    load(id: string): Loaded | null {
      const row = find.get({ id });
      return row ? { incident: readIncident(id, row.state), version: row.version, head: row.head } : null;
    },

    events: read,

    incidents(openOnly: boolean, limit: number | undefined): readonly Incident[] {
      return db
        .select({ id: incidents.id, state: incidents.state })
        .from(incidents)
        .where(openOnly ? sql`${incidents.over} = 0` : undefined)
        .orderBy(desc(incidents.activity), desc(incidents.id))
        .limit(limit ?? -1)
        .all()
        .map((row) => readIncident(row.id, row.state));
    },

    incidentByCode(code: string): Incident | null {
      const row = named.get({ code });
      return row ? readIncident(row.id, row.state) : null;
    },

    openVersions(last: OpenVersion | null, limit: number): readonly OpenVersion[] {
      const { activity, incident } = last ?? BEFORE_ALL;
      return open.all({ activity, incident, limit });
    },

    openIncidentAt(place: PlaceName): Incident | null {
      const row = livingAt.get({ place: placeKey(place) });
      return row ? readIncident(row.id, row.state) : null;
    },

    pruneInbound(before: number): number {
      return db.run(
        sql`delete from inbound where key in (select key from inbound where at < ${before} limit ${PRUNED_TOGETHER})`,
      ).changes;
    },

    claimInbound(key: string, at: number): boolean {
      return claim.run({ key, at }).changes > 0;
    },

    append(append: Append): AppendResult {
      const { incident, expected, facts } = append;
      if (append.inbound !== undefined && claimed.get({ key: append.inbound })) {
        return { ok: false, why: 'duplicate' };
      }
      const row = find.get({ id: incident });
      if ((row?.version ?? 0) !== expected) return { ok: false, why: 'conflict' };
      const recorded = facts.at(-1)?.recorded ?? 0;
      if (append.inbound !== undefined) claim.run({ key: append.inbound, at: recorded });
      let head = row?.head ?? genesis(incident, EVENTS);
      const written = facts.map((fact, index) => {
        const position = expected + index + 1;
        head = insert(incident, position, head, fact);
        return { ...fact, incident, position };
      });
      const state = row?.redacted ? refolded(incident, row.state, written) : append.state;
      const snapshot = {
        id: incident,
        version: expected + facts.length,
        head,
        state: JSON.stringify(state),
        over: isOver(state),
        overFlag: isOver(state) ? 1 : 0,
        activity: recorded,
        rooms: JSON.stringify(roomsOf(state)),
        code: state.code,
      };
      if (row) updateIncident.run(snapshot);
      else insertIncident.run(snapshot);
      if (snapshot.rooms !== row?.rooms) move(incident, roomsOf(state));
      if (append.due === null) clearDue.run({ incident });
      else setDue.run({ incident, at: append.due });
      outbox.add(incident, append.outbox, recorded);
      compared.add(incident, append.search ?? []);
      if (append.learnt) compared.learn(append.learnt);
      if (append.withdrawn) compared.withdraw(append.withdrawn);
      return { ok: true, events: written };
    },

    /** The snapshot anew from what is left after a text was removed. */
    refold(incident: string): void {
      const state = fold(read(incident));
      if (!state) return;
      db.update(incidents)
        .set({ state: JSON.stringify(state), redacted: true })
        .where(eq(incidents.id, incident))
        .run();
    },
  };

  function move(incident: string, places: readonly string[]): void {
    leave.run({ incident });
    for (const place of places) enter.run({ place, incident });
  }

  function insert(incident: string, position: number, prev: string, fact: Fact): string {
    const taken = takeTexts(fact);
    const link = seal({ incident, stream: EVENTS, position }, prev, taken.facts, taken.texts);
    insertEvent.run({ incident, position, ...link });
    return link.hash;
  }
}

/** A command that began before a redaction still carries the removed text in its state; the store's own does not. */
function refolded(id: string, stored: string, written: readonly IncidentEvent[]): Incident {
  const state = written.reduce<State>(evolve, readIncident(id, stored));
  if (!state) throw new Error(`incident ${id} folded to nothing`);
  return state;
}
