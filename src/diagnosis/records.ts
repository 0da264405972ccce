import type { Lines } from './lines.ts';

const RECORD_LINES = 80;
const RECORD_CHARS = 16_384;

const DATE =
  /^[[<(#*"']{0,5}\s?(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/ ][A-Z][a-z]{2}[-/ ]\d{4}|[A-Z][a-z]{2} \d{1,2},? \d{4}|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\d\d:\d\d:\d\d[.,: ]|\d\d\/\d\d\/\d\d)/;
const KERNEL = /^\[\s{0,8}\d{1,9}\.\d{1,9}\]/;
const LEVEL = /^\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|SEVERE|CRITICAL|NOTICE|严重|警告|信息)\]?\b/;
const WEBLOGIC = /^#{0,4}</;
const ODL = /^\[#\|/;
const CONTINUED =
  /^(?:\s+\S|\s*at [\w$.<]|Caused by\b|\s*\.\.\. \d|Suppressed:|There (?:is|are) \d+ nested|--- |Nested Exception|Next exception|原因|\|#\]|\]\])/i;

/** Whether a line opens a new record: a time stamp, a level or a server's own opening bracket stands at its start. */
export function startsRecord(text: string): boolean {
  return DATE.test(text) || KERNEL.test(text) || ODL.test(text) || WEBLOGIC.test(text) || LEVEL.test(text);
}

/** Whether a line belongs to the one before it: a stack frame, a cause, an indented or wrapped line. */
export function continuesRecord(text: string): boolean {
  return CONTINUED.test(text);
}

export interface Span {
  /** First and last line index, both inclusive. */
  from: number;
  to: number;
}

/**
 * The record around a line: WebLogic `<…>`, ODL `[#|…|#]` and `[… [[ … ]]`, a stack trace with its message.
 * In text without record starts (a bare paste), a blank line or an unrelated line ends it.
 */
export function recordAround(lines: Lines, index: number): Span {
  let from = index;
  let blanks = 0;
  while (from > 0 && index - from < RECORD_LINES) {
    const here = lines.at(from).text;
    if (startsRecord(here) && !continuesRecord(here)) break;
    const before = lines.at(from - 1).text;
    if (before.trim() === '') {
      if (++blanks > 1) break;
      if (!continuesRecord(here)) break;
    }
    from--;
  }
  let to = index;
  let size = lines.at(index).text.length;
  while (to + 1 < lines.length && to - index < RECORD_LINES && size < RECORD_CHARS) {
    const next = lines.at(to + 1).text;
    if (startsRecord(next) && !continuesRecord(next)) break;
    if (next.trim() === '' && !(to + 2 < lines.length && continuesRecord(lines.at(to + 2).text))) break;
    size += next.length;
    to++;
  }
  return { from, to };
}

/** The line with what was wrapped off it: two lines on each side, within the record. */
export function lineAround(lines: Lines, index: number): Span {
  let from = index;
  while (from > 0 && index - from < 2 && !startsRecord(lines.at(from).text) && lines.at(from - 1).text !== '')
    from--;
  let to = index;
  while (
    to + 1 < lines.length &&
    to - index < 2 &&
    !startsRecord(lines.at(to + 1).text) &&
    lines.at(to + 1).text !== ''
  )
    to++;
  return { from, to };
}

export function nearAround(lines: Lines, index: number): Span {
  return { from: Math.max(0, index - 12), to: Math.min(lines.length - 1, index + 12) };
}

/** The text of a span; a long line gives only the part around `column`, so that one hit costs a bounded time. */
export function spanText(
  lines: Lines,
  span: Span,
  centre: number,
  column: number,
  lineLimit: number,
): string {
  const parts: string[] = [];
  let size = 0;
  for (let index = span.from; index <= span.to && size < 2 * RECORD_CHARS; index++) {
    let text = lines.at(index).text;
    if (text.length > lineLimit) {
      const start = index === centre ? Math.max(0, column - lineLimit / 2) : 0;
      text = text.slice(start, start + lineLimit);
    }
    size += text.length;
    parts.push(text);
  }
  return parts.join('\n');
}
