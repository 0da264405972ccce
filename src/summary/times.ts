/**
 * Clock times and dates that people write, resolved against the moment the message was sent: "9:42", 昨天下午3点,
 * "10 minutes ago", 17:02 UTC, 4:23PM PST, 5 月 30 日凌晨. The answer keeps the message's own offset.
 */
import { type Anchor, formatWall } from './anchor.ts';
import { type Draft, draftOf, tokens } from './time-words.ts';
import { zoneNames, zoneSuffix } from './zones.ts';

export interface TimeMention {
  start: number;
  end: number;
  /** ISO 8601 in the message's offset; only a date (YYYY-MM-DD) when no time of day is stated. */
  value: string;
  /** Wall-clock milliseconds, for comparing mentions of one conversation. */
  wall: number;
  dateOnly: boolean;
  /** A date stands beside the clock time, so nothing about the day is guessed. */
  dated: boolean;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const gapAllowed = /^[\s,，(（的TatonA@·-]{0,5}$/;

/** Most sentences state no time, though many hold a number: this look spares them the long pattern. */
const maybeTime =
  /\d\s?[:：点时月分个半小天日号]|\d[-/.年]\s?\d|\d\s?(?:[ap]\.?m|m\b|min|h|d|st\b|nd\b|rd\b|th\b)|[一二三四五六七八九十两半][点个小分天]|[昨今]|前[天晚]|当天|晨|[上中下]午|早上|晚上|傍晚|夜|ago|noon|night|yesterday|today|morning|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/**
 * Every time the text states. `origin` is where the conversation begins: a time of day written without its half of
 * the day is the one nearest to the talk. Times that lie after the message is sent are not resolved to the future.
 */
export function timesIn(text: string, anchor: Anchor | null, origin: number | null = null): TimeMention[] {
  if (!maybeTime.test(text)) return [];
  const drafts: Draft[] = [];
  for (const match of text.matchAll(tokens)) {
    const draft = draftOf(match, anchor);
    if (draft === null) continue;
    const before = drafts.at(-1);
    if (before !== undefined && joins(before, draft, text)) {
      drafts[drafts.length - 1] = { ...before, ...draft, start: before.start };
    } else drafts.push(draft);
  }
  const mentions: TimeMention[] = [];
  let date: number | undefined;
  for (const draft of drafts) {
    const mention = resolve(draft, anchor, origin, date);
    if (mention === null) continue;
    if (mention.dated) date = Math.floor(mention.wall / day) * day;
    mentions.push(mention);
  }
  return mentions;
}

const namesZone = new RegExp(String.raw`\d\s?(?:[ap]\.?m\.?\s?)?\(?(?:${zoneNames})\b`, 'i');

/** The zone of the first time of day in the text, when it names one: "Between 17:18 UTC and 17:21. At 17:40 …". */
export function zoneNamedIn(text: string): number | null {
  if (!namesZone.test(text)) return null;
  for (const match of text.matchAll(tokens)) {
    const clock = draftOf(match, null)?.clock;
    if (clock !== undefined) return clock.zone;
  }
  return null;
}

function joins(before: Draft, next: Draft, text: string): boolean {
  if (!gapAllowed.test(text.slice(before.end, next.start))) return false;
  if (before.instant !== undefined || next.instant !== undefined) return false;
  if (before.clock !== undefined) {
    return (
      next.clock === undefined &&
      next.date !== undefined &&
      before.date === undefined &&
      before.shift === undefined &&
      (before.clock.zone !== null || /\bon\b|,|\(/.test(text.slice(before.end, next.start)))
    );
  }
  return next.date === undefined;
}

function hoursOf(clock: NonNullable<Draft['clock']>, daypart: string | undefined): number | null {
  const { hours, twelve } = clock;
  if (twelve === 'p') return hours < 12 ? hours + 12 : hours;
  if (twelve === 'a') return hours === 12 ? 0 : hours;
  if (daypart === undefined) return null;
  if (/下午|傍晚|晚/.test(daypart)) return hours < 12 ? hours + 12 : hours;
  if (/中午/.test(daypart)) return hours < 4 ? hours + 12 : hours;
  if (/夜/.test(daypart)) return hours >= 6 && hours < 12 ? hours + 12 : hours;
  return hours === 12 && /凌晨|半夜|深夜/.test(daypart) ? 0 : hours;
}

function resolve(
  draft: Draft,
  anchor: Anchor | null,
  origin: number | null,
  lastDate: number | undefined,
): TimeMention | null {
  const { start, end } = draft;
  const suffix = anchor?.suffix ?? '';
  const today = anchor === null ? undefined : Math.floor(anchor.wall / day) * day;
  if (draft.instant !== undefined) {
    const dateOnly = draft.shift !== undefined;
    const wall = dateOnly ? Math.floor(draft.instant / day) * day : draft.instant;
    return mention(start, end, wall, suffix, dateOnly, true);
  }
  const stated =
    draft.date ?? (draft.shift !== undefined && today !== undefined ? today + draft.shift * day : undefined);
  if (draft.clock === undefined) {
    return stated === undefined ? null : mention(start, end, stated, suffix, true, true);
  }
  const { clock } = draft;
  const withinDay = (hours: number) => hours * hour + clock.minutes * minute + clock.seconds * 1000;
  const settled = hoursOf(clock, draft.daypart);
  const zone = clock.zone ?? (draft.beijing === true ? 480 : (anchor?.zone ?? null));
  if (zone !== null) {
    const dayOf = stated ?? zonedDay(withinDay(settled ?? clock.hours), zone, anchor);
    if (dayOf === null) return null;
    const instant = dayOf + withinDay(settled ?? clock.hours) - zone * minute;
    if (anchor?.offset == null)
      return mention(start, end, instant + zone * minute, zoneSuffix(zone), false, stated !== undefined);
    return mention(start, end, instant + anchor.offset, suffix, false, stated !== undefined);
  }
  if (stated !== undefined) {
    return mention(start, end, stated + withinDay(settled ?? clock.hours), suffix, false, true);
  }
  if (anchor === null || today === undefined) return null;
  const choices =
    settled !== null
      ? [settled]
      : clock.bare && clock.hours < 12 && anchor.until === undefined
        ? [clock.hours, clock.hours + 12]
        : [clock.hours];
  const days = lastDate === undefined ? [today, today - day] : [lastDate];
  const possible = days
    .flatMap((base) => choices.map((hours) => base + withinDay(hours)))
    .filter((wall) => wall <= (anchor.until ?? anchor.wall + 10 * minute));
  if (possible.length === 0) return null;
  const near = origin !== null && anchor.wall - origin > 3 * hour ? origin : anchor.wall;
  const wall = possible.reduce((best, next) => (Math.abs(next - near) < Math.abs(best - near) ? next : best));
  // A log in UTC says nothing of the speakers' own clocks: only a time that fits at once is taken.
  if (anchor.suffix === 'Z' && anchor.wall - wall > 12 * hour) return null;
  return mention(start, end, wall, suffix, false, false);
}

function zonedDay(within: number, zone: number, anchor: Anchor | null): number | null {
  if (anchor === null) return null;
  const local = anchor.wall - (anchor.offset ?? zone * minute) + zone * minute;
  const today = Math.floor(local / day) * day;
  return today + within > local + 10 * minute ? today - day : today;
}

function mention(
  start: number,
  end: number,
  wall: number,
  suffix: string,
  dateOnly: boolean,
  dated: boolean,
): TimeMention | null {
  const year = Number.isFinite(wall) ? new Date(wall).getUTCFullYear() : 0;
  if (year < 1990 || year > 2100) return null;
  const value = dateOnly ? new Date(wall).toISOString().slice(0, 10) : formatWall(wall, suffix);
  return { start, end, value, wall, dateOnly, dated };
}
