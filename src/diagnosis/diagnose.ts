import { chartRun, type HeadOf } from './chart.ts';
import { dumpObserver } from './dumps/observe.ts';
import { advice, evidence, explain, masked } from './explain.ts';
import { gcObserver } from './gc/observe.ts';
import type { Knowledge, PlacedRule } from './knowledge.ts';
import { chunkLines, type Lines, lineOf, lineStarts, pasteLines } from './lines.ts';
import { type LiteralScanner, literalScanner } from './literals.ts';
import { newTraces, type RuleTrace, readHits } from './match.ts';
import { measuredTraces } from './measures.ts';
import { observePiece } from './observe.ts';
import { type Ranking, rank } from './rank.ts';
import { signatureOf, tellingLines } from './signature.ts';
import type { Diagnosis } from './types.ts';
import { unwrapped } from './wrapped.ts';

/** Up to this size a text is normalised as a whole; above it, only around hits (FAULTS B). */
const PASTE_BYTES = 1 << 20;

/** What an unknown file says most clearly is looked for at the first of these words in each piece. */
const COMPLAINTS = ['Caused by: ', 'Exception: ', 'ERROR', 'SEVERE', '<Error>', 'FATAL', 'Error: ', '严重'];
const COMPLAINTS_READ = 8;
const COMPLAINTS_BYTES = 1 << 20;
const TELLING_WANTED = 5;
const TELLING_CHARS = 2000;
/** A paste that says nothing this surely is read once more, with its wrapped lines joined. */
const SURE = 0.5;

/** Diagnoses input that arrives in pieces; memory stays flat whatever the size. Cut pieces at line ends. */
export interface DiagnosisRun {
  push(piece: string | Uint8Array): void;
  /** Lines seen so far. */
  lines(): number;
  finish(): Diagnosis;
}

/** @param options `chart`: count each hit by its minute too, which costs time in proportion to the hits. */
export function startDiagnosis(
  knowledge: Knowledge,
  options: { readonly chart?: boolean } = {},
): DiagnosisRun {
  const chart = options.chart === true ? chartRun() : undefined;
  const traces = newTraces(knowledge);
  const telling = tellingLines();
  const observers = [dumpObserver(knowledge.shared), gcObserver()];
  let lineCount = 0;
  let firstText = '';
  /** The text, while it is all there was. */
  let paste: string | undefined;
  const pushPaste = (text: string): void => {
    const first = lineCount + 1;
    paste = first === 1 ? text : undefined;
    const { lines, bytes, starts } = pasteLines(text, first);
    const headOf: HeadOf = (index, chars) => lines.at(index).text.slice(0, chars);
    const hear = chart && listener(chart, (position) => lineOf(starts, position), lines, headOf);
    readHits(knowledge, lines, bytes, (position) => place(starts, position), traces, knowledge.scanner, hear);
    let physical = 0;
    for (let index = 0; index < lines.length; index++) {
      const line = lines.at(index);
      telling.add(line.number, line.text);
      for (const observer of observers) observer.line(line.number, line.text);
      if (firstText === '') firstText = line.text.trim();
      physical = line.number - first + 1;
    }
    lineCount += text.endsWith('\n') ? physical - 1 : physical;
  };
  let scanner: LiteralScanner | undefined;
  const pushChunk = (bytes: Buffer): void => {
    paste = undefined;
    scanner ??= literalScanner(knowledge.literals, bytes);
    const starts = lineStarts(bytes);
    const lines = chunkLines(bytes, starts, lineCount + 1);
    // Most hits of a large file are only counted: their lines are not cut out for it.
    const headOf: HeadOf = (index, chars) => {
      const from = starts.offsets[index] ?? 0;
      return bytes.toString('utf8', from, Math.min(from + chars, starts.offsets[index + 1] ?? bytes.length));
    };
    const hear = chart && listener(chart, (position) => lineOf(starts.offsets, position), lines, headOf);
    readHits(knowledge, lines, bytes, (position) => place(starts.offsets, position), traces, scanner, hear);
    observePiece(observers, bytes, starts, lines);
    // A rule that spoke says more than the most telling line could.
    if (telling.best().length < TELLING_WANTED && !traces.some((trace) => trace.count > 0))
      for (const at of complaints(bytes.subarray(0, COMPLAINTS_BYTES))) {
        const line = lines.at(lineOf(starts.offsets, at));
        telling.add(line.number, line.text.slice(0, TELLING_CHARS));
      }
    if (firstText === '' && lines.length > 0) firstText = lines.at(0).text.trim();
    lineCount += starts.physicalCount;
  };
  return {
    push(piece) {
      if (piece.length === 0) return;
      if (piece.length <= PASTE_BYTES) {
        pushPaste(typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8'));
        return;
      }
      pushChunk(
        typeof piece === 'string'
          ? Buffer.from(piece, 'utf8')
          : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength),
      );
    },
    lines: () => lineCount,
    finish() {
      const observations = observers.flatMap((observer) => observer.finish());
      const measured = measuredTraces(knowledge, observations);
      const asItStands = rank(knowledge, [...traces, ...measured]);
      const joined = paste === undefined || sureness(asItStands) >= SURE ? undefined : unwrapped(paste, 1);
      const again = joined && rank(knowledge, [...read(knowledge, joined), ...measured]);
      const { candidates, nearMisses } =
        again !== undefined && says(knowledge, again, asItStands) ? again : asItStands;
      const tellingEvidence = telling.best().map(({ line, text }) => evidence(line, text));
      return {
        findings: candidates.map((candidate) =>
          explain(knowledge, candidate, candidates, nearMisses, observations),
        ),
        signature: signatureOf(candidates[0], tellingEvidence, firstText),
        telling: tellingEvidence,
        chart:
          chart?.finish(
            candidates.map((candidate) => candidate.fault),
            lineCount,
          ) ?? null,
        measured: observations.map(({ line, says }) => ({ line, says: masked(says) })),
        capture: knowledge.shared.unknown.capture.flatMap((id) => {
          const step = knowledge.steps.get(id);
          return step === undefined ? [] : [advice(knowledge, step, {})];
        }),
        lines: lineCount,
        knowledge: knowledge.version,
      };
    },
  };
}

function sureness(ranking: Ranking): number {
  return ranking.candidates[0]?.confidence ?? 0;
}

/** Whether the joined lines say more, and a guard had not told the text as code or talk line by line. */
function says(knowledge: Knowledge, joined: Ranking, asItStands: Ranking): boolean {
  const fault = joined.candidates[0]?.fault;
  const { guards } = knowledge.shared;
  return (
    sureness(joined) > sureness(asItStands) &&
    !asItStands.nearMisses.some(
      ({ rule, because }) => rule.fault === fault || guards.some((guard) => guard.because === because),
    )
  );
}

function read(knowledge: Knowledge, text: NonNullable<ReturnType<typeof unwrapped>>): RuleTrace[] {
  const traces = newTraces(knowledge);
  readHits(knowledge, text.lines, text.bytes, (position) => place(text.starts, position), traces);
  return traces;
}

/** Diagnoses one text; the same text and knowledge give the same answer, and no I/O happens. */
export function diagnose(text: string, knowledge: Knowledge): Diagnosis {
  const run = startDiagnosis(knowledge);
  run.push(text);
  return run.finish();
}

function listener(
  chart: ReturnType<typeof chartRun>,
  indexOf: (position: number) => number,
  lines: Lines,
  headOf: HeadOf,
): (rule: PlacedRule, position: number) => void {
  chart.piece();
  return ({ side, fault }, position) => {
    if (side !== 'anchor') return;
    const index = indexOf(position);
    chart.heard(fault, lines.numberOf(index), index, headOf);
  };
}

function place(starts: readonly number[], position: number): { index: number; column: number } {
  const index = lineOf(starts, position);
  return { index, column: position - (starts[index] ?? 0) };
}

function complaints(bytes: Buffer): number[] {
  const found: number[] = [];
  for (const word of COMPLAINTS) {
    let at = bytes.indexOf(word);
    for (let count = 0; at >= 0 && count < COMPLAINTS_READ; count++) {
      found.push(at);
      at = bytes.indexOf(word, at + word.length);
    }
  }
  return found;
}
