import type { Bilingual, Fault } from './schema.ts';
import { readStamp } from './when.ts';

/** How often each fault was heard, column by column. */
export interface ErrorChart {
  /** Minutes as the log prints them, or lines of the input where it prints no times. */
  readonly unit: 'minute' | 'line';
  /** The first column: a minute since the epoch as printed, without a zone, or a line. */
  readonly from: number;
  /** Minutes or lines in a column. */
  readonly step: number;
  readonly series: readonly {
    readonly fault: string;
    readonly title: Bilingual;
    readonly counts: readonly number[];
  }[];
}

const COLUMNS = 96;
const SERIES = 5;
const LINES_ABOVE = 40;
const STAMP_CHARS = 72;
/** Distinct moments kept; beyond it neighbours are merged, so that memory is bounded. */
const MOMENTS = 20_000;
const MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440, 10_080, 43_200, 525_600];
/** A picture of less than this many columns says no more than the lines themselves. */
const FEWEST_HITS = 3;

/** The head of a line and of those above it, where the record's time stands. */
export type HeadOf = (index: number, chars: number) => string;

export interface ChartRun {
  heard(fault: Fault, line: number, index: number, headOf: HeadOf): void;
  /** A new piece begins: what is known about its lines is not about these. */
  piece(): void;
  finish(faults: readonly Fault[], lines: number): ErrorChart | null;
}

export function chartRun(): ChartRun {
  const minutes = tally();
  const places = tally();
  const counted = new Map<Fault, number>();
  let lastMinute: number | null = null;
  let lastIndex = -1;
  let timed = 0;
  let all = 0;
  const minuteAt = (index: number, headOf: HeadOf): number | null => {
    if (index === lastIndex) return lastMinute;
    for (let at = index; at >= 0 && index - at < LINES_ABOVE && at !== lastIndex; at--) {
      const local = readStamp(headOf(at, STAMP_CHARS))?.local ?? null;
      if (local === null) continue;
      lastMinute = Math.floor(local / 60_000);
      break;
    }
    lastIndex = index;
    return lastMinute;
  };
  return {
    heard(fault, line, index, headOf) {
      // Two rules that speak on one line are one error.
      if (counted.get(fault) === line) return;
      counted.set(fault, line);
      all += 1;
      places.add(fault, line);
      const minute = minuteAt(index, headOf);
      if (minute === null) return;
      timed += 1;
      minutes.add(fault, minute);
    },
    piece() {
      lastIndex = -1;
    },
    finish(faults, lines) {
      if (all < FEWEST_HITS || faults.length === 0) return null;
      const shown = faults.slice(0, SERIES);
      // Half the lines without a time would be a picture of the other half.
      if (timed * 2 >= all) return minuteChart(minutes, shown);
      const step = Math.max(1, Math.ceil(lines / COLUMNS));
      return columns('line', places, shown, 1, step, Math.ceil(lines / step));
    },
  };
}

function minuteChart(minutes: Tally, faults: readonly Fault[]): ErrorChart | null {
  const range = minutes.range(faults);
  if (range === null) return null;
  const span = range.last - range.first + 1;
  const step = MINUTE_STEPS.find((minute) => span / minute <= COLUMNS) ?? Math.ceil(span / COLUMNS);
  const from = Math.floor(range.first / step) * step;
  return columns('minute', minutes, faults, from, step, Math.floor((range.last - from) / step) + 1);
}

function columns(
  unit: ErrorChart['unit'],
  tallied: Tally,
  faults: readonly Fault[],
  from: number,
  step: number,
  width: number,
): ErrorChart {
  return {
    unit,
    from,
    step,
    series: faults.map((fault) => {
      const counts = new Array<number>(width).fill(0);
      for (const [moment, count] of tallied.of(fault)) {
        const column = Math.floor((moment - from) / step);
        counts[column] = (counts[column] ?? 0) + count;
      }
      return { fault: fault.id, title: fault.title, counts };
    }),
  };
}

interface Tally {
  add(fault: Fault, moment: number): void;
  of(fault: Fault): Iterable<readonly [number, number]>;
  range(faults: readonly Fault[]): { first: number; last: number } | null;
}

function tally(): Tally {
  const counts = new Map<Fault, Map<number, number>>();
  let coarse = 1;
  let size = 0;
  const merge = (): void => {
    coarse *= 4;
    size = 0;
    for (const [fault, moments] of counts) {
      const merged = new Map<number, number>();
      for (const [moment, count] of moments) {
        const at = Math.floor(moment / coarse) * coarse;
        merged.set(at, (merged.get(at) ?? 0) + count);
      }
      counts.set(fault, merged);
      size += merged.size;
    }
  };
  return {
    add(fault, moment) {
      const moments = counts.get(fault) ?? new Map<number, number>();
      counts.set(fault, moments);
      const at = Math.floor(moment / coarse) * coarse;
      const known = moments.get(at);
      moments.set(at, (known ?? 0) + 1);
      if (known === undefined && ++size > MOMENTS) merge();
    },
    of: (fault) => counts.get(fault) ?? [],
    range(faults) {
      let first = Number.POSITIVE_INFINITY;
      let last = Number.NEGATIVE_INFINITY;
      for (const fault of faults)
        for (const moment of counts.get(fault)?.keys() ?? []) {
          first = Math.min(first, moment);
          last = Math.max(last, moment);
        }
      return first > last ? null : { first, last };
    },
  };
}
