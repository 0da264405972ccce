import type { Drawing, Ink, Shape } from './document.ts';

/** One bar: how much of a limit was used. `used` is 1 at the deadline. */
export interface Bar {
  name: string;
  used: number;
  /** Where another reading of the limit ends, as a share of this one; null when there is none. */
  other: number | null;
  note: string;
  tone: 'good' | 'warn' | 'bad' | 'muted';
}

const width = 480;
const rowHeight = 22;

/** Room a text takes, in points: Chinese characters are as wide as high, Latin ones a good half. */
function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += character > '\u2e7f' ? 1 : 0.56;
  return ems * size;
}

/** The largest size up to `size` at which the text fits. */
const fitting = (text: string, size: number, room: number): number =>
  Math.max(5, Math.min(size, (size * room) / Math.max(1, widthOf(text, size))));

const column = (texts: readonly string[], least: number, most: number): number =>
  Math.min(most, Math.max(least, ...texts.map((text) => widthOf(text, 9) + 12)));

/** Horizontal bars with the deadline as a line; what runs past it goes on in red. */
export function bars(rows: readonly Bar[], deadline: string): Drawing {
  const names = rows.map((row) => row.name);
  const notes = rows.map((row) => row.note);
  const nameWidth = column(names, 70, 150);
  const noteWidth = column(notes, 60, 170);
  const ends = rows.flatMap((row) => [row.used, row.other ?? 0]);
  const scale = Math.min(2, Math.max(1.25, ...ends));
  const track = width - nameWidth - noteWidth;
  const unit = track / scale;
  const shapes: Shape[] = [];
  rows.forEach((row, index) => {
    const y = 16 + index * rowHeight;
    const used = Math.min(row.used, scale);
    shapes.push({
      shape: 'text',
      x: nameWidth - 8,
      y: y + 10,
      size: fitting(row.name, 9, nameWidth - 10),
      text: row.name,
      anchor: 'end',
      ink: 'text',
    });
    shapes.push({ shape: 'rect', x: nameWidth, y, width: track, height: 13, fill: 'track' });
    shapes.push({
      shape: 'rect',
      x: nameWidth,
      y,
      width: Math.max(1.5, Math.min(used, 1) * unit),
      height: 13,
      fill: row.tone,
    });
    if (used > 1)
      shapes.push({
        shape: 'rect',
        x: nameWidth + unit,
        y,
        width: (used - 1) * unit,
        height: 13,
        fill: 'bad',
      });
    if (row.other !== null) {
      const x = nameWidth + Math.min(row.other, scale) * unit;
      shapes.push({ shape: 'line', x1: x, y1: y - 2, x2: x, y2: y + 15, ink: 'muted', dashed: true });
    }
    shapes.push({
      shape: 'text',
      x: nameWidth + track + 8,
      y: y + 10,
      size: fitting(row.note, 9, noteWidth - 10),
      text: row.note,
      anchor: 'start',
      ink: row.tone === 'muted' ? 'muted' : 'text',
    });
  });
  const bottom = 16 + rows.length * rowHeight;
  shapes.push({
    shape: 'line',
    dashed: false,
    x1: nameWidth + unit,
    y1: 12,
    x2: nameWidth + unit,
    y2: bottom,
    ink: 'text',
  });
  shapes.push({
    shape: 'text',
    x: nameWidth + unit,
    y: 9,
    size: 8,
    text: deadline,
    anchor: 'middle',
    ink: 'muted',
  });
  return { width, height: bottom + 4, alt: rows.map((row) => `${row.name} ${row.note}`).join('；'), shapes };
}

export interface Mark {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
  tone: 'plain' | 'good' | 'warn' | 'bad';
}

const lanes = 4;
const inset = 46;
/** Two marks closer than this would write over each other even on different lanes. */
const apart = 24;

/** Places in proportion to time, pushed apart where they would touch; order is kept, and nothing leaves the line. */
function places(times: readonly number[]): number[] {
  const [first = 0] = times;
  const span = Math.max(1, (times.at(-1) ?? first) - first);
  const room = width - 2 * inset;
  const least = Math.min(apart, room / Math.max(1, times.length - 1));
  const out: number[] = [];
  for (const at of times) out.push(Math.max(((at - first) / span) * room, (out.at(-1) ?? -least) + least));
  for (let index = out.length - 1, limit = room; index >= 0; index -= 1, limit -= least) {
    out[index] = Math.min(out[index] ?? 0, limit);
  }
  return out.map((x) => inset + x);
}

/** The course of an incident on one line, names above and below it in turn so that they do not meet. */
export function course(marks: readonly Mark[], format: (at: number) => string): Drawing {
  const sorted = [...marks].sort((a, b) => a.at - b.at);
  const at = places(sorted.map((mark) => mark.at));
  const height = 132;
  const middle = height / 2;
  const shapes: Shape[] = [
    { shape: 'line', dashed: false, x1: inset, y1: middle, x2: width - inset, y2: middle, ink: 'line' },
  ];
  sorted.forEach((mark, index) => {
    const x = at[index] ?? inset;
    const lane = index % lanes;
    const up = lane % 2 === 0;
    const reach = lane < 2 ? 20 : 46;
    const tip = up ? middle - reach : middle + reach;
    const fill: Ink = mark.tone === 'plain' ? 'accent' : mark.tone;
    shapes.push({ shape: 'line', dashed: false, x1: x, y1: middle, x2: x, y2: tip, ink: 'line' });
    shapes.push({ shape: 'dot', x, y: middle, radius: 3.5, fill });
    const [timeY, textY] = up ? [tip - 12, tip - 3] : [tip + 8, tip + 17];
    shapes.push({ shape: 'text', x, y: textY, size: 8.5, text: mark.text, anchor: 'middle', ink: 'text' });
    shapes.push({
      shape: 'text',
      x,
      y: timeY,
      size: 7.5,
      text: format(mark.at),
      anchor: 'middle',
      ink: 'muted',
    });
  });
  return { width, height, alt: sorted.map((mark) => `${format(mark.at)} ${mark.text}`).join('；'), shapes };
}
