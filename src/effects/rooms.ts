import type { IncidentEvent, Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import type { NewOutboxRow } from '../store/port.ts';
import type { Voice } from './announce/context.ts';
import { farewell } from './announce/organisations.ts';
import { pointer, topicOf } from './announce/place.ts';
import type { Payload } from './payload.ts';
import { laneOf, placeKey, row } from './row.ts';

type RoomPayload = Extract<Payload, { readonly do: 'open-room' | 'invite' | 'topic' | 'archive' | 'post' }>;

/** Rooms of an incident's own: made, filled with the people it needs, named for how it stands, archived. */
export function roomRows(
  incident: Incident,
  events: readonly IncidentEvent[],
  voiceIn: (language: 'zh' | 'en') => Voice,
): readonly NewOutboxRow[] {
  const own = incident.places.filter((place) => place.own !== undefined);
  const now = voiceIn('zh').now;
  return events.flatMap(({ body, position }) => {
    const make = (payload: RoomPayload, lane: string, where: Place, merge = false): NewOutboxRow =>
      row(payload, {
        lane,
        priority: 'room',
        mergeKey: merge ? `${incident.id}:${payload.do}:${placeKey(where)}` : null,
        key: `${incident.id}:${position}:${payload.do}:${placeKey(where)}`,
        notBefore: now,
      });
    // Apart from the talk: nobody waits for an invitation behind a chatty room.
    const invite = (place: Place, people: readonly string[]): readonly NewOutboxRow[] =>
      people.length === 0
        ? []
        : [make({ do: 'invite', place, people: [...new Set(people)] }, `invite:${placeKey(place)}`, place)];
    const topic = (place: Place): NewOutboxRow => {
      const text = topicOf(incident, voiceIn(place.language));
      return make({ do: 'topic', place, text }, `topic:${placeKey(place)}`, place, true);
    };
    switch (body.type) {
      case 'RoomRequested': {
        const { from, name } = body;
        return [make({ do: 'open-room', from, name }, `open-room:${incident.id}`, from)];
      }
      case 'RoomOpened': {
        const { place } = body;
        if (!place.own) return [];
        const { own: made, ...rest } = place;
        const from: Place = { ...rest, conversation: made.from };
        const message = pointer(body, incident, voiceIn(from.language));
        return [
          ...invite(place, everybody(incident)),
          topic(place),
          make({ do: 'post', place: from, message }, laneOf(from), from),
        ];
      }
      case 'PlaceUnlinked': {
        const { place } = body;
        const message = farewell(incident.code, voiceIn(place.language));
        return [make({ do: 'post', place, message, last: true }, laneOf(place), place)];
      }
      case 'PersonPaged':
      case 'PersonNotified':
      case 'PersonJoined':
      case 'PersonDispatched':
        return own.flatMap((place) => invite(place, [body.person]));
      case 'SeveritySet':
      case 'ServiceRestored':
      case 'IncidentResolved':
      case 'IncidentReopened':
        return own.map(topic);
      case 'IncidentClosed':
        // In the lane of the talk: it comes after the last words.
        return own.map((place) => make({ do: 'archive', place }, laneOf(place), place));
      default:
        return [];
    }
  });
}

/** Whoever has had to do with it so far. */
function everybody(incident: Incident): readonly string[] {
  return [
    incident.reporter.id,
    ...incident.notified.map((one) => one.person),
    ...incident.pages.map((one) => one.person),
    ...incident.participants.map((one) => one.person),
  ];
}
