import type { Place } from '../incident/events.ts';
import type { NewOutboxRow } from '../store/port.ts';
import type { Payload } from './payload.ts';

export function placeKey(place: Place): string {
  return `${place.platform}:${place.workspace}:${place.conversation}`;
}

/** What is said in a place keeps its order. */
export function laneOf(place: Place): string {
  return `room:${placeKey(place)}`;
}

export function row(payload: Payload, rest: Omit<NewOutboxRow, 'payload'>): NewOutboxRow {
  return { ...rest, payload: JSON.stringify(payload) };
}
