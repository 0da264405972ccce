import { zoneNames, zoneSuffix, zones } from '../zones.ts';

/** A date and a time of day as chat programs print them, still apart: many print the date once a day. */
export interface Stamp {
  date: { year: number | null; month: number; day: number } | null;
  seconds: number | null;
  /** The day in words, which tells only how far two messages lie apart: days back from the copying, or of the week. */
  told: { back: number } | { weekday: number } | null;
  /** '+08:00', 'Z', 'PT' and its like whose offset hangs on the day, or '' when none is printed. */
  zone: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Day and month apart by slashes with the year last are read in the American order, unless that cannot be, or both
 * are printed with two digits beside a clock of 24 hours, which American programs do not do.
 */
const datePart = String.raw`(?:(?<y1>\d{4})[-/.年](?<m1>\d{1,2})[-/.月](?<d1>\d{1,2})日?|(?<m2>\d{1,2})月(?<d2>\d{1,2})日|(?<m3>\d{1,2})/(?<d3>\d{1,2})/(?<y3>\d{4}|\d\d(?!\d))|(?<d7>\d{1,2})\.(?<m7>\d{1,2})\.(?<y7>\d{4})|(?<m4>\d{1,2})[/-](?<d4>\d{1,2})|(?:(?<d5>\d{1,2})\s)?(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s?(?<d6>\d{1,2})?(?:,?\s(?<y5>\d{4}))?)`;
const weekdays = 'sun|mon|tue|wed|thu|fri|sat';
const dayPart = String.raw`(?:(?<back>前天|昨天|今天|yesterday|today)|(?:星期|周)(?<weekday>[日一二三四五六天])|(?<dayname>${weekdays})[a-z]*),?\s*(?:at\s)?`;
const timePart = String.raw`(?:(?<half>上午|下午|凌晨|清晨|早上|晚上|傍晚|中午)\s?)?(?<hh>\d{1,2}):(?<mm>\d\d)(?::(?<ss>\d\d))?(?:\.\d+)?(?:\s?(?<meridiem>[ap])\.?m\.?)?`;
const zonePart = String.raw`(?:\s?\(?(?<zone>${zoneNames}|[ecmp]t|cst|北京时间|[+-]\d\d:?\d\d)\)?(?![a-z]))?`;

const clock = `(?:${dayPart})?${timePart}${zonePart}`;
const dated = String.raw`${datePart},?(?:\s+(?:at\s|-\s)?|T)`;
export const stampSource = `(?:${dated})?${clock}`;
/** One that bears its date, which no sentence ends with by chance. */
export const datedSource = dated + clock;
const whole = new RegExp(`^${stampSource}$`, 'i');
const dateOnly = new RegExp(`^${datePart}$`, 'i');

/** Reads a text that is a time, with or without a date; null when it is anything else. */
export function stampOf(text: string): Stamp | null {
  const match = whole.exec(text.trim());
  if (match === null) return null;
  const { half = '', hh, mm, ss = '0', meridiem, zone } = match.groups ?? {};
  let hours = Number(hh);
  const minutes = Number(mm);
  const late = meridiem?.toLowerCase() === 'p' || /[下晚傍]/.test(half) || (half === '中午' && hours < 4);
  if (late && hours < 12) hours += 12;
  else if (hours === 12 && (meridiem?.toLowerCase() === 'a' || /^(?:上午|凌晨|晚上)$/.test(half))) hours = 0;
  if (hours > 23 || minutes > 59) return null;
  return {
    date: dateIn(match),
    seconds: hours * 3600 + minutes * 60 + Number(ss),
    told: toldIn(match.groups ?? {}),
    zone: zoneOf(zone),
  };
}

function toldIn({ back, weekday, dayname }: Record<string, string | undefined>): Stamp['told'] {
  if (back !== undefined) return { back: /^(?:今天|today)$/i.test(back) ? 0 : back === '前天' ? 2 : 1 };
  if (weekday !== undefined) return { weekday: '日一二三四五六'.indexOf(weekday === '天' ? '日' : weekday) };
  if (dayname === undefined) return null;
  return { weekday: weekdays.split('|').indexOf(dayname.slice(0, 3).toLowerCase()) };
}

export function dateOf(text: string): Stamp['date'] {
  const match = dateOnly.exec(text.trim());
  return match === null ? null : dateIn(match);
}

const weekday = new RegExp(
  String.raw`^(?:${weekdays})[a-z]*\.?,?\s+|[,，]?\s*\(?(?:(?:星期|周)[一二三四五六日天]|(?:${weekdays})[a-z]*)\)?$`,
  'i',
);

/** A line between messages that says what day begins: a date, in dashes or with its day of the week, and no more. */
export function dayOf(line: string): Stamp['date'] {
  const bare = line.replace(/^[-—–=\s]+|[-—–=\s]+$/g, '');
  return bare.length > 36 ? null : dateOf(bare.replace(weekday, ''));
}

function dateIn(match: RegExpExecArray): Stamp['date'] {
  const groups = match.groups ?? {};
  const number = (...names: string[]): number | null => {
    const found = names.map((name) => groups[name]).find((value) => value !== undefined);
    return found === undefined ? null : Number(found);
  };
  let month =
    groups.name === undefined
      ? number('m1', 'm2', 'm3', 'm4', 'm7')
      : months.indexOf(groups.name.slice(0, 3).toLowerCase()) + 1;
  let day = number('d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7');
  const european = groups.m3?.length === 2 && groups.d3?.length === 2 && groups.meridiem === undefined;
  const fits = day !== null && day <= 12;
  if (groups.m3 !== undefined && ((european && fits) || Number(groups.m3) > 12)) [month, day] = [day, month];
  if (month === null || day === null || month < 1 || month > 12 || day < 1 || day > 31) return null;
  const year = number('y1', 'y3', 'y5', 'y7');
  return { year: year !== null && year < 100 ? year + 2000 : year, month, day };
}

function zoneOf(text: string | undefined): string {
  if (text === undefined) return '';
  const lower = text.toLowerCase();
  if (/^[ecmp]t$/.test(lower)) return lower.toUpperCase();
  // China's as often as Chicago's: nothing is said.
  if (lower === 'cst') return '';
  const minutes = zones[lower];
  if (minutes !== undefined) return zoneSuffix(minutes);
  return text.includes(':') ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

const regions: Record<string, string> = {
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
};

/** "PT" is another offset in summer than in winter: the day decides. */
function offsetOn(zone: string, day: number): string {
  const timeZone = regions[zone];
  if (timeZone === undefined) return zone;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    day + 43_200_000,
  );
  return parts.find((part) => part.type === 'timeZoneName')?.value.replace('GMT', '') ?? '';
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Turns printed times into ISO times, carrying the date from line to line: a time of day that falls back by more than
 * half a day is the next day's. Without any date the answer is null; a day is never guessed.
 */
export class Calendar {
  private base: number | null;
  private last: number | null = null;
  private told: Stamp['told'] = null;
  private readonly zone: string;

  constructor(options: { date?: string | undefined; zone?: string | undefined } = {}) {
    this.base = options.date === undefined ? null : Date.parse(`${options.date}T00:00:00Z`);
    if (Number.isNaN(this.base)) this.base = null;
    this.zone = options.zone ?? '';
  }

  setDate(date: NonNullable<Stamp['date']>): void {
    const year = date.year ?? (this.base === null ? null : new Date(this.base).getUTCFullYear());
    if (year === null) return;
    this.base = Date.UTC(year, date.month - 1, date.day);
    this.last = null;
  }

  iso(stamp: Stamp): string | null {
    if (stamp.date !== null) this.setDate(stamp.date);
    if (this.base === null || stamp.seconds === null) return null;
    const apart = stamp.date === null ? this.daysSince(stamp.told) : 0;
    if (apart !== null) this.base += apart * 86_400_000;
    else if (stamp.date === null && this.last !== null && this.last - stamp.seconds > 43_200)
      this.base += 86_400_000;
    this.told = stamp.told;
    this.last = stamp.seconds;
    const day = new Date(this.base).toISOString().slice(0, 10);
    const time = [Math.floor(stamp.seconds / 3600), Math.floor(stamp.seconds / 60) % 60, stamp.seconds % 60]
      .map(two)
      .join(':');
    return `${day}T${time}${offsetOn(stamp.zone || this.zone, this.base)}`;
  }

  /** How many days a day in words lies behind the one before; null when the two cannot be compared. */
  private daysSince(now: Stamp['told']): number | null {
    const { told } = this;
    if (told === null) return null;
    // A program that names yesterday prints today's messages with the time of day alone.
    if ('back' in told) return now === null ? told.back : 'back' in now ? told.back - now.back : null;
    if (now === null) return null;
    if ('weekday' in told && 'weekday' in now) return (now.weekday - told.weekday + 7) % 7;
    return null;
  }
}
