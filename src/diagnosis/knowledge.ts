import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type LiteralScanner, literalScanner } from './literals.ts';
import {
  type Fault,
  faultSchema,
  type Rule,
  type Shared,
  type Step,
  sharedSchema,
  stepSchema,
} from './schema.ts';

/** A rule with the place it has in the knowledge. `side` says what a match means for the fault. */
export interface PlacedRule {
  index: number;
  fault: Fault;
  side: 'anchor' | 'context' | 'recovery';
  rule: Rule;
}

export interface Knowledge {
  /** Hash over every entry: an incident pins it, so a later edit never changes what was said (PLAN "Clocks"). */
  version: string;
  faults: Map<string, Fault>;
  steps: Map<string, Step>;
  shared: Shared;
  rules: PlacedRule[];
  literals: string[];
  /** For each literal, the rules that ask for it. */
  rulesOfLiteral: number[][];
  scanner: LiteralScanner;
  /** Every file it was read from, by path: what an incident that is pinned to it needs later. */
  files: KnowledgeFiles;
}

/** `faults/oom-heap.yaml` → its text. */
export type KnowledgeFiles = Readonly<Record<string, string>>;

/** A mistake in an entry: which file, which line, what to do. */
export class KnowledgeError extends Error {
  readonly code = 'KNOWLEDGE_INVALID';
  readonly problems: { file: string; line: number; problem: string }[];
  constructor(problems: { file: string; line: number; problem: string }[]) {
    super(problems.map((p) => `${p.file}:${p.line}: ${p.problem}`).join('\n'));
    this.name = 'KnowledgeError';
    this.problems = problems;
  }
}

const ownFolder = fileURLToPath(new URL('../../knowledge', import.meta.url));

/**
 * Reads `faults/*.yaml`, `steps/*.yaml` and `shared.yaml` below a folder.
 * @throws {KnowledgeError} naming file, line and fix for every mistake found, all at once.
 */
export function loadKnowledge(folder = ownFolder): Knowledge {
  return readKnowledge(knowledgeFiles(folder));
}

function knowledgeFiles(folder: string): KnowledgeFiles {
  const files: Record<string, string> = {};
  const take = (file: string): void => {
    files[file] = readFileSync(join(folder, file), 'utf8');
  };
  take('shared.yaml');
  for (const kind of ['steps', 'faults'])
    for (const name of readdirSync(join(folder, kind)).sort())
      if (/\.ya?ml$/.test(name)) take(`${kind}/${name}`);
  return files;
}

/** @throws {KnowledgeError} as `loadKnowledge` does. */
export function readKnowledge(files: KnowledgeFiles): Knowledge {
  const problems: { file: string; line: number; problem: string }[] = [];
  const hash = createHash('sha256');
  const read = <T>(file: string, schema: z.ZodType<T>): T | undefined => {
    const source = files[file] ?? '';
    hash.update(file).update('\0').update(source).update('\0');
    return parseEntry(file, source, schema, problems);
  };
  const all = <T extends { id: string }>(kind: string, schema: z.ZodType<T>): Map<string, T> => {
    const entries = new Map<string, T>();
    for (const file of Object.keys(files)
      .filter((one) => one.startsWith(`${kind}/`))
      .sort()) {
      const name = file.slice(kind.length + 1);
      const entry = read(file, schema);
      if (entry === undefined) continue;
      if (`${entry.id}.yaml` !== name)
        problems.push({ file, line: 1, problem: `the id is "${entry.id}": name the file ${entry.id}.yaml` });
      entries.set(entry.id, entry);
    }
    return entries;
  };
  const shared = read('shared.yaml', sharedSchema);
  const steps = all('steps', stepSchema);
  const faults = all('faults', faultSchema);
  problems.push(...danglingNames(faults, steps, shared, files));
  if (problems.length > 0 || shared === undefined) throw new KnowledgeError(problems);
  return assemble({ version: hash.digest('hex').slice(0, 16), faults, steps, shared }, files);
}

/** The entries alone, without what is computed from them: this can be handed to a thread. */
export type KnowledgeData = Pick<Knowledge, 'version' | 'faults' | 'steps' | 'shared'>;

export function dataOf({ version, faults, steps, shared }: Knowledge): KnowledgeData {
  return { version, faults, steps, shared };
}

/**
 * The same knowledge with further faults and steps; `texts` are the files they stand in. An entry of a name that is
 * known already takes its place.
 */
export function withEntries(
  base: Knowledge,
  entries: {
    readonly faults: readonly Fault[];
    readonly steps: readonly Step[];
    readonly texts: KnowledgeFiles;
  },
): Knowledge {
  const faults = new Map([...base.faults, ...entries.faults.map((one) => [one.id, one] as const)]);
  const steps = new Map([...base.steps, ...entries.steps.map((one) => [one.id, one] as const)]);
  const hash = createHash('sha256').update(base.version);
  for (const [file, text] of Object.entries(entries.texts)) hash.update(`\0${file}\0${text}`);
  const files = { ...base.files, ...entries.texts };
  const version = hash.digest('hex').slice(0, 16);
  return assemble({ version, faults, steps, shared: base.shared }, files);
}

/** One fault by itself, with the guards that hold for all: what it alone makes of a text. */
export function onlyFault(base: Knowledge, fault: Fault): Knowledge {
  return assemble({ ...dataOf(base), faults: new Map([[fault.id, fault]]) });
}

/** Checks one entry's text; mistakes are added to `problems` with file and line. */
export function parseEntry<T>(
  file: string,
  source: string,
  schema: z.ZodType<T>,
  problems: { file: string; line: number; problem: string }[],
): T | undefined {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  for (const error of document.errors)
    problems.push({ file, line: error.linePos?.[0].line ?? 1, problem: error.message.split('\n')[0] ?? '' });
  if (document.errors.length > 0) return undefined;
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    let path = [...issue.path];
    let node: unknown = document.getIn(path, true);
    // A missing field has no node of its own: its parent's line is the place to add it.
    while (node === undefined && path.length > 0) {
      path = path.slice(0, -1);
      node = document.getIn(path, true);
    }
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    problems.push({
      file,
      line: counter.linePos(offset).line,
      problem: `${issue.path.join('.')}: ${issue.message}`,
    });
  }
  return undefined;
}

function danglingNames(
  faults: Map<string, Fault>,
  steps: Map<string, Step>,
  shared: Shared | undefined,
  files: KnowledgeFiles,
) {
  const problems: { file: string; line: number; problem: string }[] = [];
  const lineOf = (file: string, name: string): number => {
    const lines = (files[file] ?? '').split('\n');
    return (
      1 +
      Math.max(
        0,
        lines.findIndex((line) => line.split(/[^\w-]+/).includes(name)),
      )
    );
  };
  for (const fault of faults.values()) {
    const file = `faults/${fault.id}.yaml`;
    for (const step of [...fault.steps, ...(fault.startupSteps ?? []), ...fault.capture])
      if (!steps.has(step))
        problems.push({
          file,
          line: lineOf(file, step),
          problem: `no step "${step}": add steps/${step}.yaml`,
        });
    // An entry that is there and cannot be read has said so itself.
    for (const other of [...fault.explains, ...fault.otherwise.flatMap((o) => o.fault ?? [])])
      if (!faults.has(other) && files[`faults/${other}.yaml`] === undefined)
        problems.push({ file, line: lineOf(file, other), problem: `no fault "${other}" to refer to` });
  }
  for (const step of shared?.unknown.capture ?? [])
    if (!steps.has(step))
      problems.push({
        file: 'shared.yaml',
        line: lineOf('shared.yaml', step),
        problem: `no step "${step}"`,
      });
  return problems;
}

/** Entries with their rules placed and their literals ready to be searched for. */
export function assemble(
  { version, faults, steps, shared }: KnowledgeData,
  files: KnowledgeFiles = {},
): Knowledge {
  const rules: PlacedRule[] = [];
  for (const fault of faults.values())
    for (const [side, list] of [
      ['anchor', fault.anchors],
      ['context', fault.context],
      ['recovery', fault.recovery],
    ] as const)
      for (const rule of list) rules.push({ index: rules.length, fault, side, rule });
  const indexOf = new Map<string, number>();
  const rulesOfLiteral: number[][] = [];
  for (const { index, rule } of rules)
    for (const literal of rule.literals) {
      const key = literal.toLowerCase();
      const at = indexOf.get(key) ?? indexOf.size;
      indexOf.set(key, at);
      rulesOfLiteral[at] = [...(rulesOfLiteral[at] ?? []), index];
    }
  const literals = [...indexOf.keys()];
  return {
    version,
    faults,
    steps,
    shared,
    rules,
    literals,
    rulesOfLiteral,
    scanner: literalScanner(literals),
    files,
  };
}
