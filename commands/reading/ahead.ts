import type { Instant } from '../../src/incident/events.ts';
import { instantIn, partsIn } from '../../src/incident/zone.ts';
import { readWhen } from './when.ts';

const DAY = 86_400_000;
const WEEKDAYS: readonly RegExp[] = [
  /周日|周天|星期日|星期天|sunday/i,
  /周一|星期一|monday/i,
  /周二|星期二|tuesday/i,
  /周三|星期三|wednesday/i,
  /周四|星期四|thursday/i,
  /周五|星期五|friday/i,
  /周六|星期六|saturday/i,
];

const DAYS_AHEAD: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/后天|day after tomorrow/i, 2],
  [/明天|明早|明晚|tomorrow/i, 1],
  [/今天|今早|今晚|today|tonight/i, 0],
];
/** `11-27`, `11/27`, `11月27日`, `2026-11-27`. */
const DATE = /(?<![\d:-])(?:(\d{4})[-/年])?(\d{1,2})(?:[-/]|月)(\d{1,2})日?(?![\d:-])/;
const NEXT_WEEK = /下(?:个)?(?=周|星期)|next\s+(?=\w+day)/i;

/** "周六 03:00" lies ahead, unlike the times that people report; a date is taken as it stands. */
export function readAhead(words: string, now: Instant, zone: string): Instant {
  const text = words.trim();
  if (text === '') return now;
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(text));
  const near = DAYS_AHEAD.find(([pattern]) => pattern.test(text));
  const evening = /今晚|明晚|tonight/i.test(text) ? '晚上 ' : '';
  const bare =
    evening +
    text
      .replace(near?.[0] ?? /$^/, '')
      .replace(NEXT_WEEK, '')
      .replace(WEEKDAYS[weekday] ?? /$^/, '');
  const time = readWhen(bare, now, zone).at;
  if (weekday < 0 && !near && /前|ago/.test(text)) return time ?? now;
  const today = partsIn(zone, now);
  const date = DATE.exec(text);
  if (date && weekday < 0 && !near) {
    const clock = readWhen(text.replace(date[0], ''), now, zone).at;
    const { hour, minute } = clock === null ? { hour: 12, minute: 0 } : partsIn(zone, clock);
    const on = (year: number): Instant =>
      instantIn(zone, { year, month: Number(date[2]), day: Number(date[3]), hour, minute, second: 0 });
    if (date[1] !== undefined) return on(Number(date[1]));
    // A date without a year that is long past means the next one.
    return on(today.year) < now - 180 * DAY ? on(today.year + 1) : on(today.year);
  }
  const current = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const dayAhead = (days: number): number => {
    const { hour, minute } = time === null ? { hour: 12, minute: 0 } : partsIn(zone, time);
    return instantIn(zone, { ...partsIn(zone, now + days * DAY), hour, minute, second: 0 });
  };
  if (weekday < 0) {
    const at = dayAhead(near?.[1] ?? 0);
    return at < now && !near ? dayAhead(1) : at;
  }
  // A week begins on Monday: next Saturday is the one of the week after this.
  const monday = (day: number): number => (day + 6) % 7;
  if (NEXT_WEEK.test(text)) return dayAhead(7 + monday(weekday) - monday(current));
  const ahead = dayAhead((weekday - current + 7) % 7);
  return ahead < now && weekday === current ? dayAhead(7) : ahead;
}
