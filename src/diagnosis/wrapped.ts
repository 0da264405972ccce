import { type Lines, pasteLines } from './lines.ts';
import { continuesRecord, startsRecord } from './records.ts';

/** A shorter line was ended by who wrote it, not by a window's edge. */
const SHORTEST = 30;
/** Wider than any window or mail; a longer line was not wrapped. */
const WIDEST = 240;

/**
 * The text as it was before a window, a mail or a page wrapped it, with the lines' numbers as they stand now;
 * undefined when nothing in it looks wrapped. A line was wrapped where the next word had no room in its paragraph.
 */
export function unwrapped(
  text: string,
  firstNumber: number,
): { lines: Lines; bytes: Uint8Array; starts: number[] } | undefined {
  const physical = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const made: string[] = [];
  /** For each line made, the first physical line it was made of, 0-based. */
  const origin: number[] = [];
  let width = 0;
  physical.forEach((line, index) => {
    const before = physical[index - 1];
    if (before !== undefined && wraps(before, line, width)) {
      made.push(join(made.pop() ?? '', line));
      return;
    }
    if (before === undefined || !together(before, line)) width = widthOf(physical, index);
    made.push(line);
    origin.push(index);
  });
  if (made.length === physical.length) return undefined;
  const { lines, bytes, starts } = pasteLines(made.join('\n'), 0);
  const numberOf = (line: number): number => firstNumber + (origin[line] ?? 0);
  return {
    bytes,
    starts,
    lines: {
      length: lines.length,
      at(index) {
        const line = lines.at(index);
        return { number: numberOf(line.number), text: line.text };
      },
      numberOf: (index) => numberOf(lines.numberOf(index)),
      raw(number) {
        const at = number - firstNumber;
        const line = origin.indexOf(at);
        const end = line < 0 ? at + 1 : (origin[line + 1] ?? physical.length);
        return physical.slice(at, end).join('\n');
      },
    },
  };
}

/** Lines of one paragraph: nothing begins between them and both stand at the same margin. */
function together(before: string, line: string): boolean {
  if (before.trim() === '' || line.trim() === '' || margin(before) < margin(line)) return false;
  const text = line.trimStart();
  return !startsRecord(text) && !continuesRecord(text);
}

function wraps(before: string, line: string, width: number): boolean {
  const length = before.trimEnd().length;
  if (length < SHORTEST || length > WIDEST || !together(before, line)) return false;
  const word = /^\s*(\S+)/.exec(line)?.[1] ?? '';
  return length + 1 + word.length > width;
}

/** The longest line of the paragraph that begins at `index`. */
function widthOf(lines: readonly string[], index: number): number {
  let width = 0;
  for (let at = index; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (at > index && !together(lines[at - 1] ?? '', line)) break;
    width = Math.max(width, line.trimEnd().length);
  }
  return width;
}

function margin(line: string): number {
  return line.length - line.trimStart().length;
}

/** Chinese has no blank between words. */
function join(before: string, line: string): string {
  const head = before.trimEnd();
  const tail = line.trimStart();
  return /\p{Script=Han}$/u.test(head) || /^\p{Script=Han}/u.test(tail) ? head + tail : `${head} ${tail}`;
}
