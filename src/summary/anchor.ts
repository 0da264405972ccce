import { offsetOf } from './zones.ts';

/** The moment a message was sent, as wall-clock milliseconds plus its offset as written. */
export interface Anchor {
  wall: number;
  /** '+08:00', 'Z', or '' when the message states none. */
  suffix: string;
  offset: number | null;
  /** The latest moment a time of day may mean; the moment of sending when absent. */
  until?: number;
  /** Minutes east of Greenwich of the zone that the message's first time of day names: the others share it. */
  zone?: number;
  /** Taken from a date that the message itself bears in its heading. */
  heading?: boolean;
}

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;

/** No place on Earth is farther from Greenwich than fourteen hours. */
const farthest = 14 * 3_600_000;

/** Reads a message's `at`; null for anything that is no ISO time. */
export function anchorOf(at: string | null | undefined): Anchor | null {
  if (at === null || at === undefined || at.length > 40) return null;
  return usualAnchor(at) ?? anyAnchor(at);
}

const digits = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let index = from; index < from + count; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** "2026-05-06T10:00:00+08:00", as nearly every record writes it: in a long channel this is asked most of all. */
function usualAnchor(at: string): Anchor | null {
  if (at[4] !== '-' || at[7] !== '-' || at[10] !== 'T' || at[13] !== ':' || at[16] !== ':') return null;
  const zone = at[19];
  let offset = 0;
  if (zone === '+' || zone === '-') {
    if (at.length !== 25 || at[22] !== ':') return null;
    offset = (digits(at, 20, 2) * 60 + digits(at, 23, 2)) * 60_000 * (zone === '-' ? -1 : 1);
  } else if (zone !== 'Z' || at.length !== 20) return null;
  const wall = wallOf(
    digits(at, 0, 4),
    digits(at, 5, 2),
    digits(at, 8, 2),
    digits(at, 11, 2),
    digits(at, 14, 2),
    digits(at, 17, 2),
  );
  return wall === null || !(Math.abs(offset) <= farthest) ? null : { wall, suffix: at.slice(19), offset };
}

function anyAnchor(at: string): Anchor | null {
  const match = isoPattern.exec(at.trim());
  if (match === null) return null;
  const [, year, month, date, hours = '0', minutes = '0', seconds = '0', zone = ''] = match;
  const wall = wallOf(
    Number(year),
    Number(month),
    Number(date),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  const offset = offsetOf(zone);
  if (wall === null || Math.abs(offset ?? 0) > farthest) return null;
  return { wall, suffix: zone, offset };
}

export function wallOf(
  year: number,
  month: number,
  date: number,
  hours: number,
  minutes: number,
  seconds: number,
): number | null {
  if (year < 1990 || year > 2100 || month < 1 || month > 12 || date < 1 || date > 31) return null;
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  if (date > 28 && date > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const wall = Date.UTC(year, month - 1, date, hours, minutes, seconds);
  return Number.isNaN(wall) ? null : wall;
}

export function formatWall(wall: number, suffix: string): string {
  return new Date(wall).toISOString().slice(0, 19) + suffix;
}
