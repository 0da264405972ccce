/**
 * Clock times and dates that people write, resolved against the moment the message was sent: "9:42", 昨天下午3点,
 * "10 minutes ago", 17:02 UTC, 4:23PM PST, 5 月 30 日凌晨. The answer keeps the message's own offset.
 */

/** The moment a message was sent, as wall-clock milliseconds plus its offset as written. */
export interface Anchor {
  wall: number;
  /** '+08:00', 'Z', or '' when the message states none. */
  suffix: string;
  offset: number | null;
  /** The latest moment a time of day may mean; the moment of sending when absent. */
  until?: number;
  /** Taken from a date that the message itself bears in its heading. */
  heading?: boolean;
}

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

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads a message's `at`; null for anything that is no ISO time. */
export function anchorOf(at: string | null | undefined): Anchor | null {
  if (at === null || at === undefined || at.length > 40) return null;
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
  if (wall === null) return null;
  return { wall, suffix: zone, offset: offsetOf(zone) };
}

function offsetOf(zone: string): number | null {
  if (zone === '') return null;
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * minute;
}

function wallOf(
  year: number,
  month: number,
  date: number,
  hours: number,
  minutes: number,
  seconds: number,
): number | null {
  if (year < 1990 || year > 2100 || month < 1 || month > 12 || date < 1 || date > 31) return null;
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const wall = Date.UTC(year, month - 1, date, hours, minutes, seconds);
  return new Date(wall).getUTCDate() === date ? wall : null;
}

export function formatWall(wall: number, suffix: string): string {
  return new Date(wall).toISOString().slice(0, 19) + suffix;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Minutes east of Greenwich. CST is left out: it is China's as often as Chicago's. */
const zones: Record<string, number> = {
  utc: 0,
  gmt: 0,
  z: 0,
  pst: -480,
  pdt: -420,
  mst: -420,
  mdt: -360,
  cdt: -300,
  est: -300,
  edt: -240,
  bst: 60,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  jst: 540,
  kst: 540,
  sgt: 480,
  hkt: 480,
  aest: 600,
  aedt: 660,
  北京时间: 480,
};
const chineseDigits = '零一二三四五六七八九十';

function chineseNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (text === '两') return 2;
  const ten = text.indexOf('十');
  if (ten === -1) return chineseDigits.indexOf(text);
  const tens = ten === 0 ? 1 : chineseDigits.indexOf(text[ten - 1] ?? '');
  const ones = ten === text.length - 1 ? 0 : chineseDigits.indexOf(text[ten + 1] ?? '');
  return tens * 10 + ones;
}

const monthNames =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const zoneNames =
  'utc|gmt|pst|pdt|mst|mdt|cdt|est|edt|bst|cet|cest|eet|eest|msk|jst|kst|sgt|hkt|aest|aedt|z(?![a-z])';

const tokens = new RegExp(
  [
    String.raw`(?<iso>(?<!\d)\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?)(?!\d)`,
    String.raw`(?<md>(?<!\d)\d{1,2}\s?月\s?\d{1,2}\s?[日号])`,
    String.raw`(?<day>(?<![\d月])(?:[12]\d|3[01]|[1-9])\s?[日号](?=[\s凌早上中下晚\d]))`,
    String.raw`(?<dm>(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:${monthNames})\b(?:,?\s\d{4})?)`,
    String.raw`(?<en>\b(?:${monthNames})\.?\s\d{1,2}(?:st|nd|rd|th)?(?!\d|:)(?:,?\s\d{4})?)`,
    String.raw`(?<ago>(?<![\d.])(?:\d{1,3}|半|一|两|三|十)\s?(?:分钟|分|个?半?小时|天)(?:以|之)?前)`,
    String.raw`(?<ago2>\b(?:\d{1,3}|an?|half an|one|two|three|five|ten)\s(?:minutes?|mins?|m|hours?|hrs?|days?)\sago)`,
    '(?<beijing>北京时间)',
    String.raw`(?<rel>大前天|前天|前晚|昨天|昨日|昨晚|昨夜|今天|今日|今早|今晨|今晚|当天|\byesterday\b|\btoday\b|\blast night\b|\bthis morning\b)`,
    '(?<part>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜)',
    String.raw`(?<clock>(?<![\d.]|\d[:：])(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d(?:\.\d{1,6})?)?(?![\d:：])(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?(?:utc|gmt)[+-]\d{1,2}(?::?\d\d)?\)?|\s?\(?(?:${zoneNames})\b(?![+-]\d)\)?|[+-]\d\d:\d\d|Z)?)`,
    String.raw`(?<oclock>(?<![\d.])(?:[01]?\d|2[0-4])\s?(?:点钟|[点时])(?![间候段期刻长延])(?:\s?[0-5]?\d分?|半|一刻|三刻|整|多)?)`,
    '(?<han>(?:十[一二]?|二十[一二三]?|[零一二两三四五六七八九])点(?![击名位儿])(?:[零一二三四五]?十?[一二三四五六七八九]?分|[二三四五]?十[一二三四五六七八九]?(?!个|台|节)|半|一刻|三刻|整|多)?)',
    String.raw`(?<ampm>(?<![\d.])(?:1[0-2]|[1-9])\s?[ap]\.?m\b\.?(?:\s?(?:${zoneNames})\b)?)`,
    String.raw`(?<noon>\b(?:noon|midnight)\b)`,
  ].join('|'),
  'giu',
);

interface Draft {
  start: number;
  end: number;
  date?: number;
  shift?: number;
  daypart?: string;
  clock?: {
    hours: number;
    minutes: number;
    seconds: number;
    twelve: '' | 'a' | 'p';
    zone: number | null;
    bare: boolean;
  };
  instant?: number;
  beijing?: boolean;
}

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

function joins(before: Draft, next: Draft, text: string): boolean {
  if (!gapAllowed.test(text.slice(before.end, next.start))) return false;
  if (before.instant !== undefined || next.instant !== undefined) return false;
  if (before.clock !== undefined) {
    return (
      next.clock === undefined &&
      next.date !== undefined &&
      before.date === undefined &&
      before.shift === undefined &&
      /\bon\b|,|\(/.test(text.slice(before.end, next.start))
    );
  }
  return next.date === undefined;
}

function draftOf(match: RegExpExecArray, anchor: Anchor | null): Draft | null {
  const groups = match.groups ?? {};
  const base = { start: match.index, end: match.index + match[0].length };
  const found = match[0].toLowerCase();
  if (groups.iso !== undefined) {
    const [year, month, date] = (found.match(/\d+/g) ?? []).map(Number);
    return dateDraft(base, year, month, date);
  }
  if (groups.md !== undefined) {
    const [month, date] = (found.match(/\d+/g) ?? []).map(Number);
    return dateDraft(base, yearFor(month, date, anchor), month, date);
  }
  if (groups.day !== undefined) {
    if (anchor === null) return null;
    const sent = new Date(anchor.wall);
    return dateDraft(base, sent.getUTCFullYear(), sent.getUTCMonth() + 1, Number.parseInt(found, 10));
  }
  if (groups.dm !== undefined || groups.en !== undefined) {
    const numbers = (found.match(/\d+/g) ?? []).map(Number);
    const name = /[a-z]{3,}/.exec(found.replace(/^\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?/, ''))?.[0] ?? '';
    const month = months.indexOf(name.slice(0, 3)) + 1;
    return dateDraft(base, numbers[1] ?? yearFor(month, numbers[0], anchor), month, numbers[0]);
  }
  if (groups.beijing !== undefined) return { ...base, beijing: true };
  if (groups.ago !== undefined || groups.ago2 !== undefined) return agoDraft(base, found, anchor);
  if (groups.rel !== undefined) return relativeDraft(base, found);
  if (groups.part !== undefined) return { ...base, daypart: found };
  if (groups.noon !== undefined) {
    const hours = found === 'noon' ? 12 : 0;
    return { ...base, clock: { hours, minutes: 0, seconds: 0, twelve: '', zone: null, bare: false } };
  }
  if (groups.han !== undefined) return hanDraft(base, found);
  return clockDraft(base, match[0]);
}

function yearFor(
  month: number | undefined,
  date: number | undefined,
  anchor: Anchor | null,
): number | undefined {
  if (anchor === null || month === undefined || date === undefined) return undefined;
  const year = new Date(anchor.wall).getUTCFullYear();
  const wall = Date.UTC(year, month - 1, date);
  return wall > anchor.wall + 183 * day ? year - 1 : year;
}

function dateDraft(
  base: { start: number; end: number },
  year?: number,
  month?: number,
  date?: number,
): Draft | null {
  if (year === undefined || month === undefined || date === undefined) return null;
  const wall = wallOf(year, month, date, 0, 0, 0);
  return wall === null ? null : { ...base, date: wall };
}

function agoDraft(base: { start: number; end: number }, found: string, anchor: Anchor | null): Draft | null {
  if (anchor === null) return null;
  const words: Record<string, number> = {
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    five: 5,
    ten: 10,
    一: 1,
    两: 2,
    三: 3,
    十: 10,
    半: 0.5,
  };
  const lead = /^(?:half an|[a-z]+|\d+|[半一两三十])/.exec(found)?.[0] ?? '';
  const count = /^\d/.test(lead) ? Number(lead) : lead === 'half an' ? 0.5 : (words[lead] ?? Number.NaN);
  const half = /个半/.test(found) ? 0.5 : 0;
  const unit = /天|day/.test(found) ? day : /时|hour|hr/.test(found) ? hour : minute;
  const span = (count + half) * unit;
  return Number.isNaN(span)
    ? null
    : { ...base, instant: anchor.wall - span, ...(unit === day ? { shift: 0 } : {}) };
}

function relativeDraft(base: { start: number; end: number }, found: string): Draft {
  if (/^(?:昨|yesterday)/.test(found))
    return { ...base, shift: -1, ...(/晚|夜/.test(found) ? { daypart: '晚上' } : {}) };
  if (found === 'last night') return { ...base, shift: -1, daypart: '晚上' };
  if (found.startsWith('前')) return { ...base, shift: -2, ...(found === '前晚' ? { daypart: '晚上' } : {}) };
  if (found === '大前天') return { ...base, shift: -3 };
  const daypart = found === '今晚' ? '晚上' : /早|晨|morning/.test(found) ? '早上' : undefined;
  return { ...base, shift: 0, ...(daypart === undefined ? {} : { daypart }) };
}

function hanDraft(base: { start: number; end: number }, found: string): Draft | null {
  const [hours, rest = ''] = found.split('点');
  const minutes = chineseMinutes(rest.replace('分', ''));
  const value = chineseNumber(hours ?? '');
  if (value < 0 || value > 24 || minutes === null) return null;
  return { ...base, clock: { hours: value, minutes, seconds: 0, twelve: '', zone: null, bare: value <= 12 } };
}

function chineseMinutes(text: string): number | null {
  if (text === '' || text === '整' || text === '多' || text === '钟') return 0;
  if (text === '半') return 30;
  if (text === '一刻') return 15;
  if (text === '三刻') return 45;
  const value = chineseNumber(text.replace(/^零/, '') || '零');
  return value < 0 || value > 59 ? null : value;
}

/** "+08:00" and "UTC+8", "(GMT-0530)" behind a time of day; milliseconds east of Greenwich. */
function writtenOffset(text: string): number | undefined {
  const found = /([+-])(\d{1,2}):?(\d\d)?\)?$/.exec(text);
  if (found === null) return undefined;
  const size = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return (found[1] === '-' ? -size : size) * minute;
}

function clockDraft(base: { start: number; end: number }, found: string): Draft | null {
  const lower = found.toLowerCase();
  const numbers = (/^[\d:：\s点时分半刻整多钟一三]+/.exec(lower)?.[0] ?? '').match(/\d+/g) ?? [];
  const hours = Number(numbers[0]);
  const extra = lower.includes('半') ? 30 : lower.includes('一刻') ? 15 : lower.includes('三刻') ? 45 : 0;
  const minutes = numbers[1] === undefined ? extra : Number(numbers[1]);
  const seconds = Number(numbers[2] ?? 0);
  if (Number.isNaN(hours) || hours > 24 || minutes > 59 || seconds > 59) return null;
  const twelve = /p\.?m/.test(lower) ? 'p' : /a\.?m/.test(lower) ? 'a' : '';
  const written = writtenOffset(lower);
  const name = /([a-z]{1,4})\)?$/.exec(lower.replace(/[ap]\.?m\.?$/, ''))?.[1] ?? '';
  const zone = written === undefined ? zones[name] : written / minute;
  const bare = twelve === '' && hours <= 12 && hours > 0 && !lower.startsWith('0') && zone === undefined;
  return { ...base, clock: { hours, minutes, seconds, twelve, zone: zone ?? null, bare } };
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
  const zone = clock.zone ?? (draft.beijing === true ? 480 : null);
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

function zoneSuffix(zone: number): string {
  if (zone === 0) return 'Z';
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
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
