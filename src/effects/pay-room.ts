import type { Done, Failed, Member, Opened, Rooms } from '../chat/port.ts';
import type { Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import type { OutboxResult, OutboxRow } from '../store/port.ts';
import type { Payload } from './payload.ts';
import { placeKey } from './row.ts';

export interface RoomDeps {
  readonly load: (incident: string) => Promise<Incident | null>;
  /** Null where the platform makes no rooms, or is not configured any more. */
  readonly rooms: (platform: string) => Rooms | null;
  /** Those of the people who have an account on the platform. */
  readonly members: (platform: string, people: readonly string[]) => readonly Member[];
  /** Writes it into the incident: the room that was made, or the place that has to do, and why. */
  readonly opened: (incident: string, place: Place, because?: string) => Promise<void>;
  readonly settle: (failed: Failed, row: OutboxRow) => OutboxResult;
}

/** A platform that fails this often makes no room now: the incident goes on where it was opened. */
const MOST_TRIES = 6;
const NOT_HERE: Failed = {
  ok: false,
  permanent: true,
  retryAfterMs: null,
  error: '平台没有启用建群 / the platform is not configured to make rooms',
};

export type RoomPayload = Extract<Payload, { readonly do: 'open-room' | 'invite' | 'topic' | 'archive' }>;

/** Makes and keeps a room of the incident's own. Every step may be repeated after a crash. */
export async function payRoom(row: OutboxRow, payload: RoomPayload, deps: RoomDeps): Promise<OutboxResult> {
  switch (payload.do) {
    case 'open-room':
      return open(row, payload.from, payload.name, deps);
    case 'invite': {
      const people = deps.members(payload.place.platform, payload.people);
      if (people.length === 0) return { outcome: 'sent' };
      return done(row, payload.place, deps, (rooms) => rooms.invite(payload.place, people));
    }
    case 'topic':
      return done(row, payload.place, deps, (rooms) => rooms.topic(payload.place, payload.text));
    case 'archive':
      return done(row, payload.place, deps, (rooms) => rooms.archive(payload.place));
    default: {
      const unknown: never = payload;
      throw new Error(`unknown room payload ${JSON.stringify(unknown)}`);
    }
  }
}

async function done(
  row: OutboxRow,
  place: Place,
  deps: RoomDeps,
  work: (rooms: Rooms) => Promise<Done>,
): Promise<OutboxResult> {
  const rooms = deps.rooms(place.platform);
  const result: Done = rooms ? await work(rooms) : NOT_HERE;
  return result.ok ? { outcome: 'sent' } : deps.settle(result, row);
}

async function open(row: OutboxRow, from: Place, name: string, deps: RoomDeps): Promise<OutboxResult> {
  const incident = await deps.load(row.incident);
  // Over before the room was there: nobody needs it any more.
  if (!incident || incident.status === 'closed') return { outcome: 'sent' };
  const rooms = deps.rooms(from.platform);
  const made: Opened = rooms
    ? await rooms.open({
        // One room for each time that one was asked for: an incident that is opened again gets a new one.
        key: row.key,
        code: incident.code,
        name,
        topic: `${incident.code} · ${incident.title}`,
        people: deps.members(from.platform, [
          incident.reporter.id,
          ...incident.pages.map((page) => page.person),
        ]),
        from,
      })
    : NOT_HERE;
  if (made.ok) {
    const own = { name: made.name, from: from.conversation };
    await deps.opened(row.incident, { ...made.place, own });
    return { outcome: 'sent' };
  }
  if (!made.permanent && row.attempts < MOST_TRIES) return deps.settle(made, row);
  const there = incident.places.some((place) => placeKey(place) === placeKey(from));
  if (!there) await deps.opened(row.incident, from, made.error);
  return { outcome: 'sent' };
}
