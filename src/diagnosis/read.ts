import { archiveKind, decode, type Encoding, inRotatedOrder, unpack } from './decode.ts';
import type { DiagnosisRun } from './diagnose.ts';

/** Piece that is read, scanned and forgotten; memory follows it, not the file. */
const PIECE = 4 * 1024 * 1024;
/** Bytes an archive may have when unpacked: it is unpacked in memory. */
const ARCHIVE_LIMIT = 256 * 1024 * 1024;

export type Source = { name: string; pieces: AsyncIterable<Uint8Array> };
export type ReadResult =
  | { ok: true; files: { name: string; firstLine: number }[] }
  | {
      ok: false;
      name: string;
      code: 'binary' | 'empty' | 'too-large' | 'damaged' | 'nested';
      zh: string;
      en: string;
    };

/** Feeds one source, plain or packed, into a run. `lines` tells how many lines the run has seen so far. */
export async function readInto(run: DiagnosisRun, source: Source): Promise<ReadResult> {
  const { name } = source;
  const iterator = source.pieces[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  const more = async (): Promise<void> => {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else head = Buffer.concat([head, next.value]);
  };
  while (!ended && head.length < PIECE) await more();
  if (archiveKind(head) !== undefined) return readArchive(run, name, head, iterator, ended);
  const first = decode(head.subarray(0, 65_536));
  if (!first.ok) return { ...first, name };
  const firstLine = run.lines() + 1;
  const feed = feeder(run, first.encoding);
  while (!ended) {
    feed(head, false);
    head = Buffer.alloc(0);
    while (!ended && head.length < PIECE) await more();
  }
  feed(head, true);
  return { ok: true, files: [{ name, firstLine }] };
}

async function readArchive(
  run: DiagnosisRun,
  name: string,
  head: Buffer,
  iterator: AsyncIterator<Uint8Array>,
  ended: boolean,
): Promise<ReadResult> {
  const parts: Uint8Array[] = [head];
  let size = head.length;
  while (!ended && size <= ARCHIVE_LIMIT) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(next.value);
    size += next.value.length;
  }
  const unpacked = unpack(name, Buffer.concat(parts), ARCHIVE_LIMIT);
  if (!unpacked.ok) {
    if (unpacked.code !== 'too-large') return { ...unpacked, name };
    const megabytes = ARCHIVE_LIMIT / 1024 / 1024;
    return {
      ok: false,
      name,
      code: 'too-large',
      zh: `解压后超过 ${megabytes} MB。请先解压，再直接诊断其中的 .log 文件（大小不限）。`,
      en: `Larger than ${megabytes} MB once unpacked. Unpack it first and diagnose the .log files themselves (any size).`,
    };
  }
  const files: { name: string; firstLine: number }[] = [];
  let refused: ReadResult | undefined;
  for (const file of inRotatedOrder(unpacked.files)) {
    const text = decode(file.bytes, ARCHIVE_LIMIT);
    if (!text.ok) {
      refused ??= { ...text, name: `${name}:${file.name}` };
      continue;
    }
    files.push({ name: file.name, firstLine: run.lines() + 1 });
    feeder(run, text.encoding)(file.bytes, true);
  }
  return files.length === 0 && refused !== undefined ? refused : { ok: true, files };
}

/** Cuts pieces at line ends, so that a line and most records stay whole; carries the rest to the next piece. */
function feeder(run: DiagnosisRun, encoding: Encoding): (bytes: Uint8Array, last: boolean) => void {
  let rest: Uint8Array = Buffer.alloc(0);
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  return (bytes, last) => {
    const utf8 =
      decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: !last }), 'utf8');
    const all = rest.length === 0 ? utf8 : Buffer.concat([rest, utf8]);
    for (let from = 0; from < all.length; ) {
      const limit = Math.min(all.length, from + PIECE);
      const end = limit === all.length && last ? limit : lineEnd(all, from, limit);
      if (end === from) {
        rest = all.subarray(from);
        return;
      }
      run.push(all.subarray(from, end));
      from = end;
    }
    rest = Buffer.alloc(0);
  };
}

/** After the last line break before `limit`; a line longer than a piece is cut where the piece ends. */
function lineEnd(bytes: Uint8Array, from: number, limit: number): number {
  const at = bytes.lastIndexOf(10, limit - 1);
  if (at >= from) return at + 1;
  return limit - from >= PIECE ? limit : from;
}
