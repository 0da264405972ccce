/** A date and a time of day as chat programs print them, still apart: many print the date once a day. */
export interface Stamp {
  date: { year: number | null; month: number; day: number } | null;
  seconds: number | null;
  /** '+08:00', 'Z' or '' when none is printed. */
  zone: string;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Day and month apart by slashes with the year last are read in the American order, unless that cannot be. */
const datePart = String.raw`(?:(?<y1>\d{4})[-/.年](?<m1>\d{1,2})[-/.月](?<d1>\d{1,2})日?|(?<m2>\d{1,2})月(?<d2>\d{1,2})日|(?<m3>\d{1,2})/(?<d3>\d{1,2})/(?<y3>\d{4})|(?<m4>\d{1,2})[/-](?<d4>\d{1,2})|(?:(?<d5>\d{1,2})\s)?(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s?(?<d6>\d{1,2})?(?:,?\s(?<y5>\d{4}))?)`;
const timePart = String.raw`(?:(?<half>上午|下午|凌晨|晚上|中午)\s?)?(?<hh>\d{1,2}):(?<mm>\d\d)(?::(?<ss>\d\d))?(?:\.\d+)?(?:\s?(?<meridiem>[ap])\.?m\.?)?`;
const zonePart = String.raw`(?:\s?\(?(?<zone>utc|gmt|z|[+-]\d\d:?\d\d)\)?)?`;

export const stampSource = String.raw`(?:${datePart},?(?:\s+(?:at\s)?|T))?(?:(?:星期|周)[一二三四五六日天]\s*)?${timePart}${zonePart}`;
const whole = new RegExp(`^${stampSource}$`, 'i');
const dateOnly = new RegExp(`^${datePart}$`, 'i');

/** Reads a text that is a time, with or without a date; null when it is anything else. */
export function stampOf(text: string): Stamp | null {
  const match = whole.exec(text.trim());
  if (match === null) return null;
  const { half, hh, mm, ss = '0', meridiem, zone } = match.groups ?? {};
  let hours = Number(hh);
  const minutes = Number(mm);
  const late = meridiem?.toLowerCase() === 'p' || half === '下午' || half === '晚上';
  if (late && hours < 12) hours += 12;
  if (meridiem?.toLowerCase() === 'a' && hours === 12) hours = 0;
  if (hours > 23 || minutes > 59) return null;
  return { date: dateIn(match), seconds: hours * 3600 + minutes * 60 + Number(ss), zone: zoneOf(zone) };
}

export function dateOf(text: string): Stamp['date'] {
  const match = dateOnly.exec(text.trim());
  return match === null ? null : dateIn(match);
}

function dateIn(match: RegExpExecArray): Stamp['date'] {
  const groups = match.groups ?? {};
  const number = (...names: string[]): number | null => {
    const found = names.map((name) => groups[name]).find((value) => value !== undefined);
    return found === undefined ? null : Number(found);
  };
  let month =
    groups.name === undefined
      ? number('m1', 'm2', 'm3', 'm4')
      : months.indexOf(groups.name.slice(0, 3).toLowerCase()) + 1;
  let day = number('d1', 'd2', 'd3', 'd4', 'd5', 'd6');
  if (groups.m3 !== undefined && month !== null && month > 12) [month, day] = [day, month];
  if (month === null || day === null || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return { year: number('y1', 'y3', 'y5'), month, day };
}

function zoneOf(text: string | undefined): string {
  if (text === undefined) return '';
  if (/^(?:utc|gmt|z)$/i.test(text)) return 'Z';
  return text.includes(':') ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Turns printed times into ISO times, carrying the date from line to line: a time of day that falls back by more than
 * half a day is the next day's. Without any date the answer is null; a day is never guessed.
 */
export class Calendar {
  private base: number | null;
  private last: number | null = null;
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
    if (stamp.date === null && this.last !== null && this.last - stamp.seconds > 43_200)
      this.base += 86_400_000;
    this.last = stamp.seconds;
    const day = new Date(this.base).toISOString().slice(0, 10);
    const time = [Math.floor(stamp.seconds / 3600), Math.floor(stamp.seconds / 60) % 60, stamp.seconds % 60]
      .map(two)
      .join(':');
    return `${day}T${time}${stamp.zone || this.zone}`;
  }
}
