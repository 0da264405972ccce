import type { Instant } from '../../src/incident/events.ts';
import { instantIn, partsIn } from '../../src/incident/zone.ts';

export interface When {
  readonly at: Instant | null;
  /** The text without the words that said when. */
  readonly rest: string;
}

const MINUTE = 60_000;
const UNIT: Readonly<Record<string, number>> = {
  秒: 1000,
  秒钟: 1000,
  分: MINUTE,
  分钟: MINUTE,
  小时: 60 * MINUTE,
  个小时: 60 * MINUTE,
  天: 24 * 60 * MINUTE,
  second: 1000,
  seconds: 1000,
  sec: 1000,
  s: 1000,
  minute: MINUTE,
  minutes: MINUTE,
  min: MINUTE,
  mins: MINUTE,
  m: MINUTE,
  hour: 60 * MINUTE,
  hours: 60 * MINUTE,
  h: 60 * MINUTE,
  day: 24 * 60 * MINUTE,
  days: 24 * 60 * MINUTE,
  d: 24 * 60 * MINUTE,
};
const DIGITS: Readonly<Record<string, number>> = {
  一: 1,
  两: 2,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
  半: 0.5,
};

const AGO =
  /(\d{1,4}|半|十[一二三四五六七八九]?|[一两二三四五六七八九](?:十[一二三四五六七八九]?)?)\s*(秒钟?|分钟?|个?小时|天|seconds?|sec|minutes?|mins?|hours?|days?|[smhd](?=\s|$))\s*(?:之?前|以前|ago)/i;
const FULL = /(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?[ T]*(\d{1,2})[:：点](\d{1,2})(?:[:：](\d{1,2}))?/;
const CLOCK =
  /(昨天|昨晚|今天|今早|今晚|前天|凌晨|早上|上午|中午|下午|晚上|yesterday|today)?\s*(凌晨|早上|上午|中午|下午|晚上|晚)?\s*(?:at\s+)?(\d{1,2})(?:[:：](\d{2})|点(半|\d{1,2}分?)?)\s*(am|pm)?/i;

/** Reads "10 分钟前", "昨天 23:50", "03:12", "2026-11-24 03:12", "10 minutes ago" against `now` in `zone`. */
export function readWhen(text: string, now: Instant, zone: string): When {
  const ago = AGO.exec(text);
  if (ago) {
    const amount = numberOf(ago[1] ?? '');
    const unit = UNIT[(ago[2] ?? '').toLowerCase()] ?? MINUTE;
    return { at: now - amount * unit, rest: without(text, ago) };
  }
  const full = FULL.exec(text);
  if (full) {
    const [year, month, day, hour, minute, second] = full.slice(1, 7).map((one) => Number(one ?? 0));
    const at = instantIn(zone, {
      year: year ?? 0,
      month: month ?? 1,
      day: day ?? 1,
      hour: hour ?? 0,
      minute: minute ?? 0,
      second: second || 0,
    });
    return { at, rest: without(text, full) };
  }
  const clock = CLOCK.exec(text);
  if (clock) {
    const at = clockOf(clock, now, zone);
    if (at !== null) return { at, rest: without(text, clock) };
  }
  if (/^(刚刚|刚才|现在|just now|now)\s*/i.test(text))
    return { at: null, rest: text.replace(/^(刚刚|刚才|现在|just now|now)\s*/i, '').trim() };
  return { at: null, rest: text.trim() };
}

function without(text: string, match: RegExpExecArray): string {
  const whole = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
  return whole.replace(/[ \t]{2,}/g, ' ').replace(/^[\s，,、:：]+|[\s，,、:：]+$/g, '');
}

function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (text.length === 1) return DIGITS[text] ?? 0;
  const [first = '', second = ''] = [text[0], text[1]];
  if (first === '十') return 10 + (DIGITS[second] ?? 0);
  const tens = (DIGITS[first] ?? 0) * 10;
  return tens + (text.length > 2 ? (DIGITS[text[2] ?? ''] ?? 0) : 0);
}

function clockOf(match: RegExpExecArray, now: Instant, zone: string): Instant | null {
  const words = `${match[1] ?? ''}${match[2] ?? ''}`.toLowerCase();
  let hour = Number(match[3]);
  const minute =
    match[4] !== undefined
      ? Number(match[4])
      : match[5] === '半'
        ? 30
        : Number.parseInt(match[5] ?? '0', 10) || 0;
  if (hour > 24 || minute > 59) return null;
  const afternoon = /下午|晚/.test(words) || match[6]?.toLowerCase() === 'pm';
  if (afternoon && hour < 12) hour += 12;
  const today = partsIn(zone, now);
  const back = /前天/.test(words) ? 2 : /昨|yesterday/.test(words) ? 1 : 0;
  const at = instantIn(zone, { ...today, hour, minute, second: 0 }) - back * 24 * 60 * MINUTE;
  // A bare time that lies well ahead was yesterday's: nobody reports the future.
  return back === 0 && at > now + 60 * MINUTE ? at - 24 * 60 * MINUTE : at;
}
