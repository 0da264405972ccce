import type { LineStarts, Lines } from './lines.ts';
import { lineOf } from './lines.ts';
import type { MeasureName } from './measure-names.ts';
import type { Bilingual } from './schema.ts';

/** Something that no single line says: it was counted or compared over many. Entries ask for it by its measure. */
export interface Observation {
  readonly measure: MeasureName;
  readonly value: number;
  /** Physical line, 1-based over the whole input, where a reader can check it. */
  readonly line: number;
  /** That line as it stands. */
  readonly text: string;
  readonly says: Bilingual;
  readonly facts: Readonly<Record<string, string>>;
}

/** Reads one kind of text that has a shape of its own (thread dumps, GC logs) beside the rules. */
export interface Observer {
  /** Words that wake it in a large piece, where not every line is looked at. */
  readonly markers: readonly string[];
  /** Whether it wants the next line whatever stands in it. */
  reading(): boolean;
  line(number: number, text: string): void;
  finish(): readonly Observation[];
}

/** Shows each observer the lines of a large piece that it asked for, and no others. */
export function observePiece(
  observers: readonly Observer[],
  bytes: Buffer,
  starts: LineStarts,
  lines: Lines,
): void {
  for (const observer of observers) {
    let index = 0;
    const readOn = (): void => {
      for (; index < lines.length && observer.reading(); index++) show(observer, lines, index);
    };
    readOn();
    const markers = observer.markers.map(searchable);
    const next = markers.map((marker) => find(bytes, marker, starts.offsets[index] ?? bytes.length));
    for (;;) {
      const from = starts.offsets[index] ?? bytes.length;
      let nearest = -1;
      markers.forEach((marker, which) => {
        let found = next[which] ?? -1;
        if (found >= 0 && found < from) {
          found = find(bytes, marker, from);
          next[which] = found;
        }
        if (found >= 0 && (nearest < 0 || found < nearest)) nearest = found;
      });
      if (nearest < 0) break;
      const hit = lineOf(starts.offsets, nearest);
      // The line before may carry the time of what begins here.
      if (hit - 1 >= index) show(observer, lines, hit - 1);
      show(observer, lines, hit);
      index = hit + 1;
      readOn();
    }
  }
}

function show(observer: Observer, lines: Lines, index: number): void {
  const { number, text } = lines.at(index);
  observer.line(number, text);
}

/** A marker with the part of it that is searched for. */
interface Marker {
  whole: Buffer;
  part: string;
  offset: number;
}

/** The engine's search for a few bytes is several times as fast as for many, if the first of them is rare: a capital. */
const SEARCHED_BYTES = 6;

function searchable(marker: string): Marker {
  const offset = Math.max(0, /[A-Z]+[^A-Z]*$/.exec(marker)?.index ?? 0);
  return { whole: Buffer.from(marker), part: marker.slice(offset, offset + SEARCHED_BYTES), offset };
}

/** Position of the marker at or after `from`, -1 when there is none. */
function find(bytes: Buffer, marker: Marker, from: number): number {
  for (let at = bytes.indexOf(marker.part, from + marker.offset); at >= 0; ) {
    const begin = at - marker.offset;
    const end = begin + marker.whole.length;
    if (end <= bytes.length && bytes.compare(marker.whole, 0, marker.whole.length, begin, end) === 0)
      return begin;
    at = bytes.indexOf(marker.part, at + 1);
  }
  return -1;
}
