import type { Instant } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times as the room shows them: absolute in the plan's zone, the relative beside. */
export interface Times {
  /** `03:12`, with the date in front when that is another day than `now`. */
  short(at: Instant): string;
  /** `2026-11-24 03:12:05`. */
  full(at: Instant): string;
  /** `03:12`. */
  clock(at: Instant): string;
  /** `2026-11-24`; equal for instants of the same day in the zone. */
  day(at: Instant): string;
  /** `11月24日 星期二`. */
  dayName(at: Instant): string;
  /** `12 分钟`, `3 小时 05 分`, `2 天`. */
  span(ms: number): string;
  iso(at: Instant): string;
}

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

export function times(zone: string, language: Language, now: Instant): Times {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const named = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: zone,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  });
  const parts = (at: Instant): Parts => {
    const found = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
    const get = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
    return {
      year: get('year'),
      month: get('month'),
      day: get('day'),
      hour: get('hour'),
      minute: get('minute'),
      second: get('second'),
    };
  };
  const clock = (at: Instant) => {
    const { hour, minute } = parts(at);
    return `${hour}:${minute}`;
  };
  const day = (at: Instant) => {
    const { year, month, day: date } = parts(at);
    return `${year}-${month}-${date}`;
  };
  return {
    clock,
    day,
    short: (at) => (day(at) === day(now) ? clock(at) : `${day(at).slice(5)} ${clock(at)}`),
    full: (at) => `${day(at)} ${clock(at)}:${parts(at).second}`,
    dayName: (at) => named.format(at),
    span: (ms) => span(ms, language),
    iso: (at) => new Date(at).toISOString(),
  };
}

function span(ms: number, language: Language): string {
  const zh = language === 'zh';
  const abs = Math.abs(ms);
  if (abs < MINUTE) return zh ? '不到 1 分钟' : 'under a minute';
  if (abs < HOUR) return zh ? `${Math.floor(abs / MINUTE)} 分钟` : `${Math.floor(abs / MINUTE)} min`;
  if (abs < DAY) {
    const hours = Math.floor(abs / HOUR);
    const minutes = Math.floor((abs % HOUR) / MINUTE);
    if (minutes === 0) return zh ? `${hours} 小时` : `${hours} h`;
    return zh ? `${hours} 小时 ${minutes} 分` : `${hours} h ${minutes} min`;
  }
  const days = Math.floor(abs / DAY);
  return zh ? `${days} 天` : days === 1 ? '1 day' : `${days} days`;
}

/** `1:02:33` or `12:07`; what the client script goes on counting. */
export function countdown(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
