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
const HEAD_BYTES = 128 * 1024;
const TAIL_BYTES = 32 * 1024;

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
      /** How many secrets were masked in what is shown; the rest is read and kept nowhere. */
      readonly masked: number;
    }
  /** `noLog`: a picture, a document, a dump: nobody who hands it over expects a diagnosis. */
  | { readonly ok: false; readonly why: Bilingual; readonly noLog?: boolean };

/** `done` of `total` bytes of what was given. */
export type Progress = (done: number, total: number) => void;

/** Reads and diagnoses one log of any size; memory follows the piece in hand, not the log. */
export async function readLog(knowledge: Knowledge, log: Log, progress: Progress): Promise<LogRead> {
  const run = startDiagnosis(knowledge, { chart: true });
  const shown = excerptOf();
  const tapped: DiagnosisRun = {
    ...run,
    push(piece) {
      shown.add(
        typeof piece === 'string'
          ? Buffer.from(piece)
          : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength),
      );
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
  if (!read.ok) return { ok: false, why: { zh: read.zh, en: read.en }, noLog: read.code === 'binary' };
  const masked = maskSecrets(shown.text(run.lines()));
  return {
    ok: true,
    diagnosis: run.finish(),
    files: read.files,
    excerpt: masked.text,
    masked: masked.count,
  };
}

/** The beginning and the end of what goes by, without a look at what lies between. */
function excerptOf(): { add(piece: Buffer): void; text(lines: number): string } {
  let head = '';
  let tail = '';
  let size = 0;
  return {
    add(piece) {
      size += piece.length;
      if (head.length < HEAD_BYTES) head += piece.toString('utf8', 0, HEAD_BYTES);
      // A piece ends where a line does.
      tail = `${tail}${piece.toString('utf8', Math.max(0, piece.length - TAIL_BYTES))}`.slice(-TAIL_BYTES);
    },
    text(lines) {
      if (lines <= WHOLE_LINES && size <= WHOLE_CHARS) return head.replace(/\n$/, '');
      const cut = (part: readonly string[]): string => part.map((one) => one.slice(0, LINE_SHOWN)).join('\n');
      const left = Math.max(0, Math.min(TAIL_LINES, lines - HEAD_LINES));
      const first = head.split('\n').slice(0, Math.min(lines, HEAD_LINES));
      const last = tail.replace(/\n$/, '').split('\n').slice(-TAIL_LINES);
      return `${cut(first)}\n… ${lines} …\n${cut(last.slice(last.length - left))}`;
    },
  };
}
