/** Lines of a log with the number that the first of them has in the whole file. */
export interface LogPart {
  readonly startLine: number;
  readonly lines: readonly string[];
}

export interface LogExcerpt {
  /** The file's name and size where it came as a file. */
  readonly title: string | null;
  readonly parts: readonly LogPart[];
}

const FILE_SIGN = '📎 ';
const GAP = /^… (\d+) …$/;

/**
 * A log as the talk keeps it: a file begins with a line that names it, and a long one has lost its middle, for
 * which a line with the number of all lines stands. Line numbers are those of the whole file, because the
 * findings name them.
 */
export function readLog(text: string): LogExcerpt {
  const all = text.replace(/\n$/, '').split('\n');
  const title = all[0]?.startsWith(FILE_SIGN) ? all[0] : null;
  const lines = title === null ? all : all.slice(1);
  const gap = lines.findIndex((line) => GAP.test(line));
  const total = gap < 0 ? null : Number(GAP.exec(lines[gap] ?? '')?.[1]);
  if (gap < 0 || total === null || total < lines.length - 1) {
    return { title, parts: [{ startLine: 1, lines }] };
  }
  const tail = lines.slice(gap + 1);
  return {
    title,
    parts: [
      { startLine: 1, lines: lines.slice(0, gap) },
      { startLine: total - tail.length + 1, lines: tail },
    ],
  };
}
