import { type Anchor, wallOf } from './anchor.ts';
import { writtenOffset, zoneNames, zones } from './zones.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
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

/** Every word or figure that may be a part of a time. */
export const tokens = new RegExp(
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

/** What one such word says, before it is set against the moment of sending. */
export interface Draft {
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

export function draftOf(match: RegExpExecArray, anchor: Anchor | null): Draft | null {
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
