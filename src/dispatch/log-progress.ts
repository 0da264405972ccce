import type { Message } from '../chat/message.ts';
import type { Inbound } from '../chat/port.ts';
import type { Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import { readingCard } from './answers.ts';
import type { LogBeingRead } from './deps.ts';

/** A smaller log is read before anybody could look at its progress. */
const TOLD_FROM = 8 * 1024 * 1024;
/** Each step is a message sent: five of them say enough. */
const STEP_PERCENT = 20;

type Post = (place: Place, message: Message, row: { readonly key: string }) => Promise<unknown>;

/**
 * Says in the room how far a large log has been read, one card updated in place. Told straight to the places and
 * kept nowhere: lost progress is no loss, and a queue behind it would say 20 % after the answer.
 */
export function logProgress(post: Post) {
  const told = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();
  return (incident: Incident, inbound: Inbound, log: LogBeingRead): void => {
    if (log.total < TOLD_FROM) return;
    const step = Math.floor((100 * log.done) / log.total / STEP_PERCENT);
    const key = `${incident.id}:${log.message}`;
    if (step <= (told.get(key) ?? 0)) return;
    told.set(key, step);
    if (log.done >= log.total) told.delete(key);
    for (const place of placesOf(incident, inbound.place))
      last = last
        .then(() => post(place, readingCard(log, place.language), { key: `${key}:reading:${step}` }))
        .catch(() => {});
  };
}

/** Where the log was dropped, and the web room, which shows everything. */
function placesOf(incident: Incident, from: Place): readonly Place[] {
  const web = incident.places.filter((place) => place.platform === 'web');
  return from.platform === 'web' ? web : [from, ...web];
}
