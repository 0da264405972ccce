import {
  type Diagnosis,
  diagnose,
  type Finding,
  type Knowledge,
  type StepAdvice,
} from '../diagnosis/index.ts';
import { reasonWords } from '../diagnosis/reasons.ts';
import { IN_PROCESS_BYTES, type LogReader } from '../diagnosis/worker/reader.ts';
import type { AdvisedStep, DiagnosedFault, LogChart } from '../incident/events.ts';
import type { Words } from '../incident/plan.ts';
import { shapeOf } from '../learning/shape.ts';
import { maskSecrets } from '../secrets/mask.ts';
import { excerpt } from './masking.ts';

/** Below this a finding is a guess, and the room is not told guesses. */
const SHOWN_FROM = 0.3;
/** Fewer lines than this are seen at a glance; a picture of them would say less. */
const PICTURE_FROM_LINES = 60;

export interface Examination {
  readonly findings: readonly DiagnosedFault[];
  readonly signature: string;
  /** Of a log that no entry knows: its clearest lines, and what to capture. */
  readonly telling: readonly { readonly line: number; readonly text: string }[];
  readonly capture: DiagnosedFault['capture'];
  /** By these the log is found again. */
  readonly words: readonly string[];
  readonly lines: number;
  /** How many secrets were masked in the text. */
  readonly masked: number;
  /** Errors per minute by fault; null for a log that is seen at a glance. */
  readonly chart: LogChart | null;
  /** What the room shows of it. */
  readonly excerpt: string;
}

export type Examined =
  | { readonly ok: true; readonly found: Examination }
  | { readonly ok: false; readonly why: Words; readonly noLog?: boolean | undefined };

type Files = readonly { readonly name: string; readonly firstLine: number }[];

/** Diagnosis reads the raw text in memory; what leaves here is masked and small enough for an event. */
export function examiner(knowledge: Knowledge, reader: LogReader) {
  return {
    /** A paste always gets an answer; a long one is read in a thread. */
    async text(text: string, progress: (done: number, total: number) => void): Promise<Examined> {
      if (text.length <= IN_PROCESS_BYTES) {
        const found = diagnose(text, knowledge);
        return {
          ok: true,
          found: examination(found, [], maskSecrets(text).count, excerpt(text)),
        };
      }
      return this.file({ name: 'paste', bytes: Buffer.from(text, 'utf8') }, progress);
    },
    async file(
      log: { readonly name: string; readonly bytes: Uint8Array },
      progress: (done: number, total: number) => void,
    ): Promise<Examined> {
      const read = await reader.read(knowledge, log, progress);
      if (!read.ok) return read;
      return { ok: true, found: examination(read.diagnosis, read.files, read.masked, read.excerpt) };
    },
  };
}

function examination(found: Diagnosis, files: Files, masked: number, shown: string): Examination {
  const findings = found.findings
    .filter((one) => one.confidence >= SHOWN_FROM)
    .slice(0, 5)
    .map((finding) => asEvent(finding, found.measured, files));
  const telling = found.telling.map(({ line, text }) => ({
    line,
    text: maskSecrets(text).text.slice(0, 400),
  }));
  // Of a long file only its ends are shown: what speaks in its middle is compared as well.
  const spoke = [...telling, ...findings.flatMap((one) => one.evidence)].map((one) => one.text);
  return {
    findings,
    telling: findings.length > 0 ? [] : telling,
    capture:
      findings.length > 0 ? [] : found.capture.map((one) => ({ title: one.title, commands: one.commands })),
    words: shapeOf([...spoke, shown].join('\n')),
    signature: maskSecrets(found.signature).text.slice(0, 600),
    lines: found.lines,
    masked,
    chart: found.lines >= PICTURE_FROM_LINES ? found.chart : null,
    excerpt: shown,
  };
}

function asEvent(finding: Finding, measured: Diagnosis['measured'], files: Files): DiagnosedFault {
  const own = finding.measured.length > 0 ? finding.measured : measured;
  return {
    fault: finding.fault,
    title: finding.title,
    cause: finding.cause,
    confidence: Math.round(finding.confidence * 100) / 100,
    phase: finding.phase,
    evidence: finding.evidence.slice(0, 6).map((one) => ({
      line: one.line,
      text: maskSecrets(one.text).text.slice(0, 400),
      ...inFile(one.line, files),
    })),
    measured: own.slice(0, 6).map(({ says }) => says),
    facts: Object.fromEntries(
      Object.entries(finding.facts).map(([name, value]) => [name, maskSecrets(String(value)).text]),
    ),
    capture: finding.capture.map((one) => ({ title: one.title, commands: one.commands })),
    steps: finding.steps.map(asStep),
    ruledOut: finding.ruledOut.map((one) => one.because),
    mustNot: finding.mustNot,
    otherwise: finding.otherwise.slice(0, 3).map(({ because, check }) => ({ because, check: check ?? null })),
    reasons: finding.reasons.slice(0, 12).map((one) => reasonWords(one, placeOf(one.line ?? 0, files))),
    later: finding.permanent,
  };
}

function placeOf(line: number, files: Files): string {
  const { file, fileLine } = inFile(line, files);
  return file === undefined ? `L${line}` : `${file}:${fileLine}`;
}

/** In an archive of several files a line is found again only by its file. */
function inFile(line: number, files: Files): { file?: string; fileLine?: number } {
  if (files.length < 2) return {};
  const file = files.findLast(({ firstLine }) => firstLine <= line);
  return file === undefined ? {} : { file: maskSecrets(file.name).text, fileLine: line - file.firstLine + 1 };
}

export function asStep(step: StepAdvice): AdvisedStep {
  return {
    id: step.id,
    title: step.title,
    commands: step.commands,
    risk: step.risk,
    approver: step.approver,
    rollback: step.rollback ?? null,
  };
}
