import type { LineStarts, Lines } from './lines.ts';
import { lineOf } from './lines.ts';
import type { Bilingual } from './schema.ts';

/** Something that no single line says: it was counted or compared over many. Entries ask for it by its measure. */
export interface Observation {
  readonly measure: string;
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
    const next = observer.markers.map((marker) =>
      bytes.indexOf(marker, starts.offsets[index] ?? bytes.length),
    );
    for (;;) {
      const from = starts.offsets[index] ?? bytes.length;
      let nearest = -1;
      next.forEach((at, which) => {
        let found = at;
        if (found >= 0 && found < from) {
          found = bytes.indexOf(observer.markers[which] ?? '', from);
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
