import type { Instant } from '../../src/incident/events.ts';
import { instantIn, partsIn } from '../../src/incident/zone.ts';

export interface Appointment {
  /** Null when the text names no day or time. */
  readonly at: Instant | null;
  /** The words that said when, as they were typed. */
  readonly typed: string | null;
  readonly rest: string;
}

const DAY_MS = 24 * 60 * 60_000;
const WEEKDAYS = '日一二三四五六';
const WEEKDAYS_EN = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const DATE =
  /(?<year>\d{4})[-/.年](?<month>\d{1,2})[-/.月](?<day>\d{1,2})日?|(?<month2>\d{1,2})月(?<day2>\d{1,2})日?|(?<![^\s，,])(?<month3>\d{1,2})[-/](?<day3>\d{1,2})(?![^\s，,])|(?<word>今天|今晚|明天|明早|明晚|大后天|后天|today|tomorrow)|(?<next>下)?(?:周|星期|礼拜)(?<weekday>[一二三四五六日天])|\b(?<nextEn>next )?(?<weekdayEn>sun|mon|tue|wed|thu|fri|sat)[a-z]*\b|(?<days>\d{1,3})\s*(?:天|days?)(?:之?后|之?内| from now)/gi;
const TIME =
  /(?:(凌晨|早上|上午|中午|下午|晚上|晚)\s*)?(?:(\d{1,2})[:：](\d{2})|(\d{1,2})点(半|\d{1,2}分?)?)\s*(am|pm)?/i;

/** Reads a day to come, with or without a time: "11月28日", "2026-11-26 10:00", "明天下午3点", "下周一", "Fri 10:00", "3 天内". */
export function readAppointment(text: string, now: Instant, zone: string, hourOfDay: number): Appointment {
  // What is to be done comes first, and may hold numbers of its own.
  const date = [...text.matchAll(DATE)].at(-1);
  const withoutDate = date ? cut(text, date) : text;
  const time = TIME.exec(withoutDate);
  if (!date && !time) return { at: null, typed: null, rest: text.trim() };
  const rest = (time ? cut(withoutDate, time) : withoutDate).replace(/^[\s，,。；;]+|[\s，,。；;]+$/g, '');
  const today = partsIn(zone, now);
  const day = date ? dayOf(date, now, zone) : today;
  const clock = time ? clockOf(time) : { hour: hourOfDay, minute: 0 };
  const typed = [date?.[0], time?.[0]].flatMap((one) => (one === undefined ? [] : [one.trim()])).join(' ');
  if (day === null || clock === null) return { at: null, typed, rest };
  const at = instantIn(zone, { ...day, ...clock, second: 0 });
  // A bare time that has passed is tomorrow's: nobody makes an appointment with the past.
  return { at: !date && at <= now ? at + DAY_MS : at, typed, rest };
}

function cut(text: string, match: RegExpExecArray): string {
  return `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

type Day = Pick<ReturnType<typeof partsIn>, 'year' | 'month' | 'day'>;

function dayOf(match: RegExpExecArray, now: Instant, zone: string): Day | null {
  const found = match.groups ?? {};
  const later = (days: number): Day => partsIn(zone, now + days * DAY_MS);
  const today = partsIn(zone, now);
  const month = found.month ?? found.month2 ?? found.month3;
  const day = found.day ?? found.day2 ?? found.day3;
  if (month !== undefined && day !== undefined) {
    const wanted = { year: Number(found.year ?? today.year), month: Number(month), day: Number(day) };
    if (wanted.month > 12 || wanted.month < 1 || wanted.day > 31 || wanted.day < 1) return null;
    const past = wanted.month < today.month || (wanted.month === today.month && wanted.day < today.day);
    return found.year === undefined && past ? { ...wanted, year: wanted.year + 1 } : wanted;
  }
  if (found.days !== undefined) return later(Number(found.days));
  if (found.word !== undefined) return later(daysTo(found.word));
  const wanted =
    found.weekday !== undefined
      ? WEEKDAYS.indexOf(found.weekday === '天' ? '日' : found.weekday)
      : WEEKDAYS_EN.indexOf((found.weekdayEn ?? '').toLowerCase());
  const present = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  // 下周一 is of the week that begins on the Monday to come; a bare weekday is the next one.
  const sinceMonday = (weekday: number): number => (weekday + 6) % 7;
  const nextWeek = found.next !== undefined || found.nextEn !== undefined;
  return nextWeek ? later(7 - sinceMonday(present) + sinceMonday(wanted)) : later((wanted - present + 7) % 7);
}

function daysTo(word: string): number {
  if (word === '大后天') return 3;
  if (word === '后天') return 2;
  return /明|tomorrow/i.test(word) ? 1 : 0;
}

function clockOf(match: RegExpExecArray): { readonly hour: number; readonly minute: number } | null {
  const [, part, hours, minutes, point, pastPoint, half] = match;
  let hour = Number(hours ?? point ?? 0);
  const minute =
    minutes !== undefined
      ? Number(minutes)
      : pastPoint === '半'
        ? 30
        : Number.parseInt(pastPoint ?? '0', 10) || 0;
  if (hour > 23 || minute > 59) return null;
  const afternoon = /下午|晚/.test(part ?? '') || half?.toLowerCase() === 'pm';
  if (afternoon && hour < 12) hour += 12;
  return { hour, minute };
}
