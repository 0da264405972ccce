import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A configuration file that cannot be used: one sentence for each mistake, each with its line. */
export class YamlProblem extends Error {
  readonly code = 'bad-file';
  readonly file: string;
  readonly problems: readonly { readonly line: number; readonly what: string }[];

  constructor(file: string, problems: readonly { readonly line: number; readonly what: string }[]) {
    super(problems.map((one) => `${file}:${one.line}: ${one.what}`).join('\n'));
    this.name = 'YamlProblem';
    this.file = file;
    this.problems = problems;
  }
}

/** Parses and checks YAML text; the line of each mistake is found through the path of the value. */
export function readYaml<T>(text: string, schema: z.ZodType<T>, file: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new YamlProblem(
      file,
      document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        what: `not YAML: ${error.message}`,
      })),
    );
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new YamlProblem(
    file,
    parsed.error.issues.map((issue) => ({
      line: lineOf(document, issue.path, lines),
      what: `${issue.path.join('.') || '(file)'}: ${issue.message}`,
    })),
  );
}

function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  lines: LineCounter,
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const start: unknown = node.range[0];
      if (typeof start === 'number') return lines.linePos(start).line;
    }
  }
  return 1;
}
