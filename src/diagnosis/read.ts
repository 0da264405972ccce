import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import {
  archiveKind,
  BINARY,
  DAMAGED,
  decode,
  type Encoding,
  inRotatedOrder,
  NESTED,
  unpack,
} from './decode.ts';
import type { DiagnosisRun } from './diagnose.ts';
import { continuesRecord, startsRecord } from './records.ts';

/** Piece that is read, scanned and forgotten; memory follows it, not the file. */
const PIECE = 4 * 1024 * 1024;
/** Bytes a .zip may have when unpacked: its files are read in the order of time, so it is unpacked in memory. */
const ARCHIVE_LIMIT = 256 * 1024 * 1024;
/** A .gz is read as it is unpacked. Logs shrink ten- to fiftyfold; what shrinks more than this is a bomb. */
const GZIP_LIMIT = 4 * 1024 * 1024 * 1024;
const GZIP_RATIO = 300;
const GUESSED_FROM = 65_536;
/** How far back from the end of a piece the beginning of the last record is looked for. */
const RECORD_BYTES = 65_536;
const LINE_HEAD = 160;
/** ECMA-376, part 2: every package has it. */
const OFFICE = '[Content_Types].xml';

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
  let ended = false;
  /** At least a piece, or what is left; joined once, however small the parts come. */
  const more = async (): Promise<Uint8Array[]> => {
    const parts: Uint8Array[] = [];
    for (let size = 0; !ended && size < PIECE; ) {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else {
        parts.push(next.value);
        size += next.value.length;
      }
    }
    return parts;
  };
  const head = joined(await more());
  const kind = archiveKind(head);
  if (kind === 'zip') return readZip(run, name, head, iterator, ended);
  if (kind === 'gz') return readGzip(run, name, head, iterator, ended);
  const first = decode(head.subarray(0, GUESSED_FROM));
  if (!first.ok) return { ...first, name };
  const firstLine = run.lines() + 1;
  const feed = feeder(run, first.encoding);
  let parts: Uint8Array[] = [head];
  while (!ended) {
    feed(parts, false);
    parts = await more();
  }
  feed(parts, true);
  return { ok: true, files: [{ name, firstLine }] };
}

/** Unpacks and reads at once: neither the packed nor the unpacked file is ever whole in memory. */
async function readGzip(
  run: DiagnosisRun,
  name: string,
  head: Buffer,
  iterator: AsyncIterator<Uint8Array>,
  ended: boolean,
): Promise<ReadResult> {
  const firstLine = run.lines() + 1;
  const gunzip = createGunzip();
  async function* packed() {
    yield head;
    while (!ended) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  // Kept aside: a pipeline that is left early reports that it was left, not why.
  let refused: (ReadResult & { ok: false }) | undefined;
  const refuse = (result: ReadResult & { ok: false }): Error => {
    refused = result;
    return new Error(result.code);
  };
  const read = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    let feed: ReturnType<typeof feeder> | undefined;
    let parts: Uint8Array[] = [];
    let waiting = 0;
    let size = 0;
    const begin = (): ReturnType<typeof feeder> => {
      const held = joined(parts);
      if (archiveKind(held) !== undefined) throw refuse({ ...NESTED, name });
      const first = decode(held.subarray(0, GUESSED_FROM));
      if (!first.ok) throw refuse({ ...first, name });
      return feeder(run, first.encoding);
    };
    for await (const piece of pieces) {
      size += piece.length;
      const bomb = size > ARCHIVE_LIMIT && size > GZIP_RATIO * gunzip.bytesWritten;
      if (size > GZIP_LIMIT || bomb) throw refuse(tooLarge(name, GZIP_LIMIT));
      parts.push(piece);
      waiting += piece.length;
      if (waiting < PIECE) continue;
      feed ??= begin();
      feed(parts, false);
      parts = [];
      waiting = 0;
    }
    feed ??= begin();
    feed(parts, true);
  };
  try {
    await pipeline(Readable.from(packed()), gunzip, read);
  } catch (error) {
    if (refused !== undefined) return refused;
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      return { ...DAMAGED, name };
    throw error;
  }
  return { ok: true, files: [{ name: name.replace(/\.gz$/i, ''), firstLine }] };
}

function tooLarge(name: string, limit: number): ReadResult & { ok: false } {
  const megabytes = limit / 1024 / 1024;
  return {
    ok: false,
    name,
    code: 'too-large',
    zh: `解压后超过 ${megabytes} MB，或压缩比异常。请先解压，再直接诊断其中的 .log 文件（大小不限）。`,
    en: `Larger than ${megabytes} MB once unpacked, or packed beyond belief. Unpack it first and diagnose the .log files themselves (any size).`,
  };
}

async function readZip(
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
    return unpacked.code === 'too-large' ? tooLarge(name, ARCHIVE_LIMIT) : { ...unpacked, name };
  }
  // Word, Excel and PowerPoint pack their documents as .zip; their markup is no log.
  if (unpacked.files.some((one) => one.name === OFFICE)) return { ...BINARY, name };
  const files: { name: string; firstLine: number }[] = [];
  let refused: ReadResult | undefined;
  for (const file of inRotatedOrder(unpacked.files)) {
    const text = decode(file.bytes, ARCHIVE_LIMIT);
    if (!text.ok) {
      refused ??= { ...text, name: `${name}:${file.name}` };
      continue;
    }
    files.push({ name: file.name, firstLine: run.lines() + 1 });
    feeder(run, text.encoding)([file.bytes], true);
  }
  return files.length === 0 && refused !== undefined ? refused : { ok: true, files };
}

function joined(parts: readonly Uint8Array[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    : Buffer.concat(parts);
}

/** Cuts pieces where a record begins, so that it stays whole; what is left waits for what follows it. */
function feeder(run: DiagnosisRun, encoding: Encoding): (parts: Uint8Array[], last: boolean) => void {
  const queue = byteQueue();
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  return (parts, last) => {
    const utf8 =
      decoder === undefined ? parts : [Buffer.from(decoder.decode(joined(parts), { stream: !last }), 'utf8')];
    for (const part of utf8) queue.add(part);
    // What is less than a piece waits for what follows it: its last record may not be over.
    while (queue.size() >= PIECE || (last && queue.size() > 0)) {
      const bytes = queue.front(Math.min(queue.size(), PIECE));
      const end = last && bytes.length === queue.size() ? bytes.length : recordEnd(bytes, 0, bytes.length);
      run.push(bytes.subarray(0, end));
      queue.drop(end);
    }
  };
}

interface ByteQueue {
  size(): number;
  add(part: Uint8Array): void;
  /** The first bytes in one; they hold until the next call. */
  front(count: number): Uint8Array;
  drop(count: number): void;
}

/** Parts in the order they came: each byte is copied once at most, into the same room again and again. */
function byteQueue(): ByteQueue {
  const parts: Uint8Array[] = [];
  let size = 0;
  let room: Buffer | undefined;
  return {
    size: () => size,
    add(part) {
      if (part.length === 0) return;
      parts.push(part);
      size += part.length;
    },
    front(count) {
      const [first] = parts;
      if (first !== undefined && first.length >= count) return first.subarray(0, count);
      room ??= Buffer.allocUnsafe(PIECE);
      let filled = 0;
      for (const part of parts) {
        if (filled === count) break;
        const taken = part.subarray(0, count - filled);
        room.set(taken, filled);
        filled += taken.length;
      }
      return room.subarray(0, filled);
    },
    drop(count) {
      size -= count;
      let left = count;
      let whole = 0;
      for (const part of parts) {
        if (part.length > left) break;
        left -= part.length;
        whole += 1;
      }
      // At once: taken off one by one, a million small parts would be moved a million times.
      parts.splice(0, whole);
      const first = parts[0];
      if (first !== undefined && left > 0) parts[0] = first.subarray(left);
    },
  };
}

/** Before the last record that begins in this piece; where none is found, after the last line. */
function recordEnd(bytes: Uint8Array, from: number, limit: number): number {
  const end = lineEnd(bytes, from, limit);
  const farthest = Math.max(from, end - RECORD_BYTES);
  for (let at = end; at > farthest; ) {
    const start = bytes.lastIndexOf(10, at - 2) + 1;
    if (start <= farthest) break;
    const text = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + start,
      Math.min(LINE_HEAD, at - start),
    ).toString();
    if (startsRecord(text) && !continuesRecord(text)) return start;
    at = start;
  }
  return end;
}

/** After the last line break before `limit`; a line longer than a piece is cut where the piece ends. */
function lineEnd(bytes: Uint8Array, from: number, limit: number): number {
  const at = bytes.lastIndexOf(10, limit - 1);
  if (at >= from) return at + 1;
  return limit - from >= PIECE ? limit : from;
}
