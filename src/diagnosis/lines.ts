import { normaliseLine } from './normalise.ts';

/** A longer physical line is cut into logical ones, so that a hit deep in a megabyte line is still seen. */
const LONG_LINE = 32_768;

/** A logical line: normalised for matching, with the physical line (1-based) it stands in. */
export interface Line {
  number: number;
  text: string;
}

/** Logical lines of one piece of input, addressed by index. */
export interface Lines {
  readonly length: number;
  at(index: number): Line;
  /** The physical line it stands in, without cutting it out. */
  numberOf(index: number): number;
  /** The physical line as it was given, for evidence. */
  raw(number: number): string;
}

/** A paste: small enough to normalise as a whole, so that a literal survives colours, entities and full width. */
export function pasteLines(
  text: string,
  firstNumber: number,
): { lines: Lines; bytes: Uint8Array; starts: number[] } {
  const physical = text.split('\n');
  const logical: Line[] = [];
  physical.forEach((line, index) => {
    // A lone carriage return (a progress bar) separates texts but, as for an editor, starts no numbered line.
    for (const raw of line.replace(/\r$/, '').split('\r'))
      for (let at = 0; at === 0 || at < raw.length; at += LONG_LINE)
        for (const part of normaliseLine(raw.slice(at, at + LONG_LINE)))
          logical.push({ number: firstNumber + index, text: part });
  });
  const starts: number[] = [];
  let position = 0;
  for (const line of logical) {
    starts.push(position);
    position += Buffer.byteLength(line.text) + 1;
  }
  return {
    bytes: Buffer.from(logical.map((line) => line.text).join('\n'), 'utf8'),
    starts,
    lines: {
      length: logical.length,
      at: (index) => logical[index] ?? { number: firstNumber, text: '' },
      numberOf: (index) => logical[index]?.number ?? firstNumber,
      raw: (number) => physical[number - firstNumber] ?? '',
    },
  };
}

/** A file's chunk: lines are cut out and normalised only where the scanner hit. */
export function chunkLines(bytes: Uint8Array, starts: LineStarts, firstNumber: number): Lines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = (from: number, to: number): string => buffer.toString('utf8', from, to).replace(/[\r\n]+$/, '');
  const known = new Map<number, Line>();
  return {
    length: starts.offsets.length,
    numberOf: (index) => firstNumber + starts.physical(index),
    at(index) {
      const seen = known.get(index);
      if (seen !== undefined) return seen;
      const from = starts.offsets[index] ?? bytes.length;
      const text = normaliseLine(cut(from, starts.offsets[index + 1] ?? bytes.length)).join('\n');
      const line = { number: firstNumber + starts.physical(index), text };
      if (known.size > 4096) known.clear();
      known.set(index, line);
      return line;
    },
    raw(number) {
      const index = starts.indexOf(number - firstNumber);
      return cut(starts.offsets[index] ?? bytes.length, starts.offsets[index + 1] ?? bytes.length);
    },
  };
}

/** Where each logical line of a chunk starts, in bytes, and which physical line (0-based) it belongs to. */
export interface LineStarts {
  offsets: number[];
  physicalCount: number;
  physical(index: number): number;
  indexOf(physical: number): number;
}

export function lineStarts(bytes: Buffer): LineStarts {
  const offsets: number[] = [];
  /** Indexes that continue a physical line cut for its length; empty for nearly every file. */
  const continued: number[] = [];
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from);
    const next = end < 0 ? bytes.length : end + 1;
    offsets.push(from);
    for (let at = from + LONG_LINE; at < next; at += LONG_LINE) {
      continued.push(offsets.length);
      offsets.push(at);
    }
    from = next;
  }
  const continuedUpTo = (index: number) => lowerBound(continued, index + 1);
  const physical = (index: number) => index - continuedUpTo(index);
  return {
    offsets,
    physicalCount: offsets.length - continued.length,
    physical,
    indexOf(wanted) {
      let low = wanted;
      let high = Math.min(offsets.length - 1, wanted + continued.length);
      while (low < high) {
        const middle = (low + high) >> 1;
        if (physical(middle) < wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** Number of values below `limit` in a rising list. */
function lowerBound(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the line that holds a byte position, given where lines start. */
export function lineOf(offsets: readonly number[], position: number): number {
  return Math.max(0, lowerBound(offsets, position + 1) - 1);
}
