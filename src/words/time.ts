import { millisecondsToSeconds, minutesToHours, secondsToMinutes } from 'date-fns';
import type { Instant } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';

const STYLES = {
  time: { hour: '2-digit', minute: '2-digit' },
  full: { dateStyle: 'short', timeStyle: 'medium' },
  day: { dateStyle: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does, and every message shows several times. */
function formatOf(style: keyof typeof STYLES, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...STYLES[style] });
  formats.set(key, made);
  return made;
}

/** `03:12`, with the day in front when it is not today. */
export function clockTime(at: Instant, zone: string, now?: Instant): string {
  const time = formatOf('time', zone).format(at);
  if (now === undefined || dayOf(at, zone) === dayOf(now, zone)) return time;
  return `${dayOf(at, zone).slice(5)} ${time}`;
}

/** `2026-11-24 03:12:05` in the plan's zone. */
export function fullTime(at: Instant, zone: string): string {
  return formatOf('full', zone).format(at);
}

/** `2026-11-24` in the plan's zone. */
export function dayOf(at: Instant, zone: string): string {
  return formatOf('day', zone).format(at);
}

/** `19 分钟`, `1 小时 5 分`, `2 天 3 小时`; seconds only below a minute. Milliseconds in. */
export function duration(ms: number, language: Language): string {
  const seconds = millisecondsToSeconds(Math.max(0, ms));
  const minutes = secondsToMinutes(seconds);
  const hours = minutesToHours(minutes);
  const days = Math.floor(hours / 24);
  if (language === 'zh') {
    if (minutes === 0) return `${seconds} 秒`;
    if (hours === 0) return `${minutes} 分钟`;
    if (days === 0) return minutes % 60 === 0 ? `${hours} 小时` : `${hours} 小时 ${minutes % 60} 分`;
    return hours % 24 === 0 ? `${days} 天` : `${days} 天 ${hours % 24} 小时`;
  }
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}
