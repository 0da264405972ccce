import type { Instant, Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import { type Side, streamsOfPlace } from '../incident/visibility.ts';
import type { NewOutboxRow } from '../store/port.ts';
import { laneOf, placeKey, row } from './row.ts';

/** What was said, as far as it decides where else it is heard. */
export interface Said {
  readonly stream: string;
  /** The place it was said in, as `placeKey` names it; undefined for the web room. */
  readonly place: string | undefined;
  /** Names the delivery: the same one causes each send once. */
  readonly key: string;
  readonly now: Instant;
}

/** One row for each place that may hear it and has not. The web room shows the talk itself. */
export function relayRows(
  incident: Incident,
  said: Said,
  sideOf: (org: string) => Side | null,
): readonly NewOutboxRow[] {
  return incident.places
    .filter((place) => place.platform !== 'web' && placeKey(place) !== said.place)
    .filter((place) => !(place.own && incident.status === 'closed'))
    .filter((place) => streamsOfPlace(place, sideOf(place.org)).some((one) => one === said.stream))
    .map((place) => relayRow({ incident: incident.id, place, said: said.key, now: said.now }));
}

/** At most one of them waits for a place: it says whatever has not been said when its turn comes. */
export function relayRow(of: {
  readonly incident: string;
  readonly place: Place;
  readonly said: string;
  readonly now: Instant;
}): NewOutboxRow {
  const { incident, place, said, now } = of;
  const here = placeKey(place);
  return row(
    { do: 'relay', incident, place },
    {
      lane: laneOf(place),
      priority: 'room',
      mergeKey: `${incident}:relay:${here}`,
      key: `${incident}:relay:${said}:${here}`,
      notBefore: now,
    },
  );
}

/** What was said before the place came to the incident. */
export function catchUpRow(incident: string, place: Place, position: number, now: Instant): NewOutboxRow {
  const here = placeKey(place);
  return row(
    { do: 'relay', incident, place, late: true },
    {
      lane: laneOf(place),
      priority: 'room',
      mergeKey: null,
      key: `${incident}:${position}:catch-up:${here}`,
      notBefore: now,
    },
  );
}
