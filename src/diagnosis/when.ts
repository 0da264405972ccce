/** A time as a log prints it. */
export interface Stamp {
  readonly raw: string;
  /** The printed clock as milliseconds, read as if it were UTC; null where day or year is not printed. */
  readonly local: number | null;
  /** What the log says about the zone: `Z`, `+08:00`, `CST`; null where it says nothing. */
  readonly zone: string | null;
  /** The instant, only where the log leaves no doubt about it. */
  readonly at: number | null;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ZONE = '(?: ?(Z\\b|[+-]\\d\\d:?\\d\\d|(?:UTC|GMT|HKT|[A-Z]{1,2}[SD]T)\\b))?';
const NUMERIC = new RegExp(
  `(\\d{4})[-/.年] ?(\\d{1,2})[-/.月] ?(\\d{1,2})日?[T ,]{0,2}(上午|下午)?(\\d{1,2})[:时](\\d{1,2})(?:[:分](\\d{1,2})秒?(?:[.,: ](\\d{3})\\d{0,6})?)?${ZONE}`,
);
const ENGLISH = new RegExp(
  `([A-Z][a-z]{2}) (\\d{1,2}), (\\d{4}),? (\\d{1,2}):(\\d\\d):(\\d\\d)(?:[.,](\\d{3}))?(?: ([AP]M))?${ZONE}`,
);
const DAY_FIRST = new RegExp(
  `(\\d{1,2})[-/]([A-Z][a-z]{2})[-/](\\d{4})[ :](\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{3}))?${ZONE}`,
);
const YEARLESS = /\b((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d)\b/;
/** WebLogic's and ODL's own milliseconds since the epoch: the one time that no zone can bend (FAULTS F). */
const EPOCH = /(?:<|timeMillis: ?)(1[0-9]{12})[>\]]/;

/** Offsets of abbreviations that mean one thing only; `CST` and its like are asked, not guessed (FAULTS F). */
const KNOWN_ZONES: Readonly<Record<string, number>> = { Z: 0, UTC: 0, GMT: 0, KST: 9, JST: 9, HKT: 8 };

/** The first time that stands in a text; null when there is none. */
export function readStamp(text: string): Stamp | null {
  const stamp = numeric(text) ?? english(text) ?? dayFirst(text) ?? yearless(text);
  if (stamp === null) return null;
  const epoch = EPOCH.exec(text)?.[1];
  return epoch === undefined ? stamp : { ...stamp, at: Number(epoch) };
}

function numeric(text: string): Stamp | null {
  const found = NUMERIC.exec(text);
  if (found === null) return null;
  const [raw, year, month, day, half, hour, minute, second, milli, zone] = found;
  return stampOf(raw, zone, [
    Number(year),
    Number(month) - 1,
    Number(day),
    twelve(Number(hour), half === '下午' ? 'PM' : half === '上午' ? 'AM' : undefined),
    Number(minute),
    Number(second ?? 0),
    Number(milli ?? 0),
  ]);
}

function english(text: string): Stamp | null {
  const found = ENGLISH.exec(text);
  const month = MONTHS.indexOf(found?.[1] ?? '');
  if (found === null || month < 0) return null;
  const [raw, , day, year, hour, minute, second, milli, half, zone] = found;
  return stampOf(raw, zone, [
    Number(year),
    month,
    Number(day),
    twelve(Number(hour), half),
    Number(minute),
    Number(second),
    Number(milli ?? 0),
  ]);
}

function dayFirst(text: string): Stamp | null {
  const found = DAY_FIRST.exec(text);
  const month = MONTHS.indexOf(found?.[2] ?? '');
  if (found === null || month < 0) return null;
  const [raw, day, , year, hour, minute, second, milli, zone] = found;
  return stampOf(raw, zone, [
    Number(year),
    month,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(milli ?? 0),
  ]);
}

function yearless(text: string): Stamp | null {
  const raw = YEARLESS.exec(text)?.[1];
  return raw === undefined ? null : { raw, local: null, zone: null, at: null };
}

function twelve(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half === 'PM' ? 12 : 0);
}

type Parts = [number, number, number, number, number, number, number];

function stampOf(raw: string, zone: string | undefined, parts: Parts): Stamp | null {
  const local = Date.UTC(...parts);
  const [, month, day, hour, minute] = parts;
  if (Number.isNaN(local) || month > 11 || day > 31 || hour > 24 || minute > 59) return null;
  const named = zone ?? null;
  const offset = named === null ? null : offsetOf(named);
  return {
    raw: raw.trim(),
    local,
    zone: named,
    at: offset === null ? null : local - offset * 60_000,
  };
}

/** Minutes east of Greenwich; null for an abbreviation that means several zones. */
export function offsetOf(zone: string): number | null {
  const numeric = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const hours = KNOWN_ZONES[zone];
  return hours === undefined ? null : hours * 60;
}
