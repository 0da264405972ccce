import type { Knowledge, PlacedRule } from './knowledge.ts';
import type { Lines } from './lines.ts';
import { LINE_LIMIT } from './normalise.ts';
import { compilePattern, matches } from './pattern.ts';
import { lineAround, nearAround, recordAround, type Span, spanText } from './records.ts';
import type { Bilingual, Comparison, Scope, Shared } from './schema.ts';

type SharedGuard = Shared['guards'][number];

/** After so many matches a rule is certain; further hits are counted, not read. */
const SATURATED = 64;
/** Fewer do when the best of them was spoken against by nothing. */
const SATURATED_CLEAN = 16;
/** After so many refusals a rule reads a line only when a line of the same shape was not refused before. */
const REFUSALS_READ = 200;
const SHAPES_KEPT = 20_000;
const KEPT = 6;
/** A refusal was given with this much text in view to the right; reading again before its end would say the same. */
const REFUSAL_HOLDS = LINE_LIMIT / 4;

/** One place where a rule spoke. */
export interface Match {
  rule: PlacedRule;
  /** Physical line, 1-based over the whole input. */
  line: number;
  text: string;
  /** First line of the record, to tell which matches stand in one record. */
  record: number;
  recordText: string;
  nearText: string;
  weight: number;
  guards: { id: string; weight: number; because: Bilingual }[];
  facts: Record<string, string>;
}

/** A hit that a guard cancelled: a near miss worth telling. */
export interface NearMiss {
  rule: PlacedRule;
  line: number;
  text: string;
  because: Bilingual | undefined;
}

export interface RuleTrace {
  rule: PlacedRule;
  matches: Match[];
  best: Match | undefined;
  last: Match | undefined;
  count: number;
  nearMisses: NearMiss[];
  refusals: number;
  refusedShapes: Set<number>;
  /** The rule has said what it has to say up to here: one line counts once, however many literals stand in it. */
  seenUntil: number;
}

export function newTraces(knowledge: Knowledge): RuleTrace[] {
  return knowledge.rules.map((rule) => ({
    rule,
    matches: [],
    best: undefined,
    last: undefined,
    count: 0,
    nearMisses: [],
    refusals: 0,
    refusedShapes: new Set(),
    seenUntil: -1,
  }));
}

/**
 * Reads a batch of lines around the literals' hits and adds what the rules say to `traces`.
 * `positionOf` gives a hit's line index and column.
 */
export function readHits(
  knowledge: Knowledge,
  lines: Lines,
  bytes: Uint8Array,
  positionOf: (position: number) => { index: number; column: number },
  traces: RuleTrace[],
  scanner = knowledge.scanner,
  heard?: (rule: PlacedRule, position: number) => void,
): void {
  /** For each rule that is certain already, its latest hit: it gives the last line and time. */
  const latest = new Map<RuleTrace, number>();
  for (const trace of traces) trace.seenUntil = -1;
  scanner.scan(bytes, (position, literal) => {
    let place: { index: number; column: number } | undefined;
    let shape: number | undefined;
    let digitless: number | undefined;
    let lineEnd: number | undefined;
    for (const ruleIndex of knowledge.rulesOfLiteral[literal] ?? []) {
      const trace = traces[ruleIndex];
      if (trace === undefined || position < trace.seenUntil) continue;
      if (saturated(trace)) {
        trace.count += 1;
        heard?.(trace.rule, position);
        lineEnd ??= endOfLine(bytes, position);
        trace.seenUntil = lineEnd;
        latest.set(trace, position);
        continue;
      }
      const byShape = trace.refusals > REFUSALS_READ;
      if (byShape) {
        // For a rule that compares numbers, lines that differ in those numbers say different things.
        if (trace.rule.rule.compare.length > 0) shape = shapeAt(bytes, position, true);
        else shape = digitless ??= shapeAt(bytes, position);
        if (trace.refusedShapes.has(shape)) continue;
      }
      place ??= positionOf(position);
      lineEnd ??= endOfLine(bytes, position);
      if (readOne(knowledge, lines, trace, place)) {
        trace.seenUntil = lineEnd;
        heard?.(trace.rule, position);
      } else {
        trace.seenUntil = Math.min(lineEnd, position + REFUSAL_HOLDS);
        if (byShape && shape !== undefined && trace.refusedShapes.size < SHAPES_KEPT)
          trace.refusedShapes.add(shape);
      }
    }
  });
  for (const [trace, position] of latest)
    if (readOne(knowledge, lines, trace, positionOf(position))) trace.count -= 1;
}

function saturated(trace: RuleTrace): boolean {
  return trace.count >= (trace.best?.guards.length === 0 ? SATURATED_CLEAN : SATURATED);
}

function readOne(
  knowledge: Knowledge,
  lines: Lines,
  trace: RuleTrace,
  place: { index: number; column: number },
): boolean {
  const { rule } = trace.rule;
  const { index, column } = place;
  const line = lines.at(index);
  const view = viewer(lines, index, column);
  const outcome = judge(knowledge, trace.rule, view);
  if (outcome === undefined || outcome.kind === 'near-miss') {
    trace.refusals += 1;
    if (outcome !== undefined && trace.nearMisses.length < KEPT)
      trace.nearMisses.push({
        rule: trace.rule,
        line: line.number,
        text: line.text,
        because: outcome.because,
      });
    return false;
  }
  const span = view.span('record');
  const match: Match = {
    rule: trace.rule,
    line: line.number,
    text: lines.raw(line.number).slice(0, LINE_LIMIT * 4),
    record: lines.at(span.from).number,
    recordText: view.text('record'),
    nearText: trace.count < KEPT ? view.text('near') : '',
    weight:
      Math.round((rule.weight + outcome.guards.reduce((sum, guard) => sum + guard.weight, 0)) * 1000) / 1000,
    guards: outcome.guards,
    facts: { ...rule.facts, ...outcome.facts },
  };
  if (match.text.length > 2000) match.text = line.text.slice(Math.max(0, column - 200), column + 400);
  trace.count += 1;
  if (trace.matches.length < KEPT) trace.matches.push(match);
  if (trace.best === undefined || match.weight > trace.best.weight) trace.best = match;
  trace.last = match;
  return true;
}

interface View {
  line: string;
  head: string;
  span(scope: Scope): Span;
  text(scope: Scope): string;
}

function viewer(lines: Lines, index: number, column: number): View {
  const spans: Partial<Record<Scope, Span>> = {};
  const texts: Partial<Record<Scope, string>> = {};
  const span = (scope: Scope): Span => {
    spans[scope] ??= spanOf(scope, lines, index);
    return spans[scope];
  };
  const text = (scope: Scope): string => {
    texts[scope] ??= spanText(lines, span(scope), index, column, LINE_LIMIT);
    return texts[scope];
  };
  const whole = lines.at(index).text;
  const start = whole.length > LINE_LIMIT ? Math.max(0, column - LINE_LIMIT / 2) : 0;
  return {
    line: whole.slice(start, start + LINE_LIMIT),
    get head() {
      return lines.at(span('record').from).text.slice(0, LINE_LIMIT);
    },
    span,
    text,
  };
}

function spanOf(scope: Scope, lines: Lines, index: number): Span {
  switch (scope) {
    case 'hit':
      return { from: index, to: index };
    case 'line':
      return lineAround(lines, index);
    case 'record':
      return recordAround(lines, index);
    case 'near':
      return nearAround(lines, index);
    default:
      return scope satisfies never;
  }
}

type Outcome =
  | { kind: 'match'; guards: Match['guards']; facts: Record<string, string> }
  | { kind: 'near-miss'; because: Bilingual | undefined };

function judge(knowledge: Knowledge, placed: PlacedRule, view: View): Outcome | undefined {
  const { rule } = placed;
  let facts: Record<string, string> = {};
  let matchedLine: string | undefined;
  if (rule.pattern !== undefined) {
    const compiled = compilePattern(rule.pattern);
    const text = view.text(rule.scope);
    if (!compiled.test(text)) return undefined;
    const matcher = compiled.matcher(text);
    // Around the hit first: the lines beside it may say the same of other numbers.
    const hit = rule.scope === 'hit' ? 0 : Math.max(0, text.indexOf(view.line));
    if (!matcher.find(hit) && !(hit > 0 && matcher.find(0))) return undefined;
    facts = namedGroups(matcher.namedGroups, (name) => matcher.group(name));
    if (rule.scope === 'line') matchedLine = lineAt(text, matcher.start());
  }
  for (const need of rule.needs)
    if (!matches(need.pattern, view.text(need.scope ?? rule.scope))) return undefined;
  if (!rule.compare.every((comparison) => holds(comparison, facts))) return undefined;
  for (const guard of rule.not)
    if (matches(guard.pattern, view.text(guard.scope ?? rule.scope)))
      return { kind: 'near-miss', because: guard.because };
  const guards: Match['guards'] = [];
  if (placed.side === 'anchor') {
    const { line } = view;
    for (const guard of knowledge.shared.guards) {
      if (rule.ignoreGuards.includes(guard.id)) continue;
      const where = guard.on === 'line' ? line : guard.on === 'head' ? view.head : view.text('near');
      // A wrapped message may have begun on the line before the hit: either line can give the text away as code.
      const elsewhere = guard.on === 'line' && matchedLine !== undefined && matchedLine !== line;
      if (guardSpeaks(guard, where) || (elsewhere && matches(guard.pattern, matchedLine ?? '')))
        guards.push({ id: guard.id, weight: guard.weight, because: guard.because });
    }
    const weight = guards.reduce((sum, guard) => sum + guard.weight, rule.weight);
    if (weight < 0.05) return { kind: 'near-miss', because: guards[0]?.because };
  }
  return { kind: 'match', guards, facts };
}

/** What each guard said last: several rules hit one line one after the other, and ask the same of it. */
const lastAsked = new WeakMap<SharedGuard, { text: string; said: boolean }>();

function guardSpeaks(guard: SharedGuard, text: string): boolean {
  const last = lastAsked.get(guard);
  if (last !== undefined && last.text === text) return last.said;
  const said = matches(guard.pattern, text);
  lastAsked.set(guard, { text, said });
  return said;
}

function lineAt(text: string, position: number): string {
  const end = text.indexOf('\n', position);
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, end < 0 ? text.length : end);
}

function namedGroups(
  names: Record<string, number>,
  group: (name: string) => string | null,
): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const name of Object.keys(names)) {
    const value = group(name);
    // A pattern with alternatives writes one fact under `pool` and `pool2`; a group name may stand once only.
    if (value !== null && value !== undefined && value !== '')
      facts[name.replace(/\d+$/, '')] ??= value.trim();
  }
  return facts;
}

const UNITS: Record<string, number> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A number as logs print it: `1,582`, `512M`, `25.5`. Not a number when there is none. */
export function numberOf(text: string | undefined): number {
  const found = /^\s*([\d,]*\.?\d+)\s*([kmg])?/i.exec(text ?? '');
  if (found === null) return Number.NaN;
  return Number((found[1] ?? '').replaceAll(',', '')) * (UNITS[(found[2] ?? '').toLowerCase()] ?? 1);
}

function holds(comparison: Comparison, facts: Record<string, string>): boolean {
  const left = numberOf(facts[comparison.left]);
  const right =
    (typeof comparison.right === 'number' ? comparison.right : numberOf(facts[comparison.right])) *
    comparison.times;
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  switch (comparison.op) {
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    default:
      return comparison.op satisfies never;
  }
}

function endOfLine(bytes: Uint8Array, position: number): number {
  const end = bytes.indexOf(10, position);
  return end < 0 ? bytes.length : end;
}

const SHAPE_BEFORE = 96;
const SHAPE_AFTER = 160;

const NEWLINE = 1;
const DIGIT = 2;
const HEX_LETTER = 3;
const KIND = new Uint8Array(256);
KIND[10] = NEWLINE;
for (let byte = 48; byte <= 57; byte++) KIND[byte] = DIGIT;
for (let byte = 97; byte <= 102; byte++) KIND[byte] = KIND[byte - 32] = HEX_LETTER;

/**
 * A number that two lines share when they differ in their digits only (and in the hexadecimal letters beside them):
 * lines of one shape say the same thing. Read from the bytes, since most of them are refused.
 * With `numbersCount` the digits after `position` are part of the shape.
 */
function shapeAt(bytes: Uint8Array, position: number, numbersCount = false): number {
  const first = Math.max(0, position - SHAPE_BEFORE);
  let from = position;
  while (from > first && bytes[from - 1] !== 10) from -= 1;
  const end = Math.min(bytes.length, position + SHAPE_AFTER);
  const foldedUntil = numbersCount ? position : end;
  let hash = 0x811c9dc5;
  let sum = 0;
  let inNumber = false;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    const kind = KIND[byte] as number;
    if (kind !== 0) {
      if (kind === NEWLINE) break;
      if ((kind === DIGIT || inNumber) && at < foldedUntil) {
        inNumber = true;
        continue;
      }
    }
    inNumber = false;
    hash = Math.imul(hash ^ byte, 0x01000193);
    sum = (sum + hash) | 0;
  }
  return (sum >>> 11) * 0x100000000 + (hash >>> 0);
}
