import { maskSecrets } from '../../secrets/mask.ts';
import { type DiagnosisRun, startDiagnosis } from '../diagnose.ts';
import type { Knowledge } from '../knowledge.ts';
import { readInto } from '../read.ts';
import type { Bilingual } from '../schema.ts';
import type { Diagnosis } from '../types.ts';

const SLICE = 1024 * 1024;
const HEAD_LINES = 80;
const TAIL_LINES = 20;
const LINE_SHOWN = 400;
/** A text up to this is shown whole. */
const WHOLE_LINES = 120;
const WHOLE_CHARS = 20_000;

/** A file as it was dropped, or a long paste. */
export interface Log {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type LogRead =
  | {
      readonly ok: true;
      readonly diagnosis: Diagnosis;
      /** Where each file's lines begin, oldest file first. */
      readonly files: readonly { readonly name: string; readonly firstLine: number }[];
      /** What a room shows of it, masked: the beginning and the end. */
      readonly excerpt: string;
      /** How many secrets were masked in all of it. */
      readonly masked: number;
    }
  | { readonly ok: false; readonly why: Bilingual };

/** `done` of `total` bytes of what was given. */
export type Progress = (done: number, total: number) => void;

/** Reads and diagnoses one log of any size; memory follows the piece in hand, not the log. */
export async function readLog(knowledge: Knowledge, log: Log, progress: Progress): Promise<LogRead> {
  const run = startDiagnosis(knowledge, { chart: true });
  const shown = excerptOf();
  let masked = 0;
  const tapped: DiagnosisRun = {
    ...run,
    push(piece) {
      const text = typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8');
      masked += maskSecrets(text).count;
      shown.add(text);
      run.push(piece);
    },
  };
  async function* pieces() {
    for (let at = 0; at < log.bytes.length; at += SLICE) {
      yield log.bytes.subarray(at, at + SLICE);
      progress(Math.min(at + SLICE, log.bytes.length), log.bytes.length);
    }
  }
  const read = await readInto(tapped, { name: log.name, pieces: pieces() });
  if (!read.ok) return { ok: false, why: { zh: read.zh, en: read.en } };
  return {
    ok: true,
    diagnosis: run.finish(),
    files: read.files,
    excerpt: maskSecrets(shown.text()).text,
    masked,
  };
}

function excerptOf(): { add(text: string): void; text(): string } {
  const head: string[] = [];
  let tail: string[] = [];
  let lines = 0;
  let chars = 0;
  return {
    add(text) {
      chars += text.length;
      const all = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
      lines += all.length;
      for (const line of all) {
        if (head.length >= WHOLE_LINES) break;
        head.push(line);
      }
      tail = [...tail, ...all.slice(-TAIL_LINES)].slice(-TAIL_LINES);
    },
    text() {
      if (lines <= WHOLE_LINES && chars <= WHOLE_CHARS) return head.join('\n');
      const cut = (part: readonly string[]): string => part.map((one) => one.slice(0, LINE_SHOWN)).join('\n');
      return `${cut(head.slice(0, HEAD_LINES))}\n… ${lines} …\n${cut(tail.slice(-Math.max(0, Math.min(TAIL_LINES, lines - HEAD_LINES))))}`;
    },
  };
}
