import { Gunzip, Unzip, UnzipInflate } from 'fflate';

/** Most bytes one text may have, unpacked; a paste or a file above it is refused with a way out. */
export const TEXT_LIMIT = 50 * 1024 * 1024;
const ARCHIVE_ENTRIES = 200;
const BINARY_SHARE = 0.1;

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

export type Decoded =
  | { ok: true; text: string; encoding: Encoding; damaged: number }
  | { ok: false; code: 'binary' | 'too-large' | 'empty'; zh: string; en: string };

export type Unpacked =
  | { ok: true; files: { name: string; bytes: Uint8Array }[]; skipped: string[] }
  | { ok: false; code: 'too-large' | 'damaged' | 'nested' | 'empty'; zh: string; en: string };

/**
 * Bytes to text: UTF-8, UTF-16 with or without a mark, GBK/GB18030. Broken bytes are replaced and counted.
 * A binary file is refused: its text would only be noise.
 */
export function decode(bytes: Uint8Array, limit = TEXT_LIMIT): Decoded {
  if (bytes.length === 0)
    return {
      ok: false,
      code: 'empty',
      zh: '文件是空的。请确认选对了文件。',
      en: 'The file is empty. Check that it is the right one.',
    };
  if (bytes.length > limit) return tooLarge(limit);
  const encoding = guess(bytes);
  if (encoding === undefined) return BINARY;
  const text = new TextDecoder(encoding).decode(bytes);
  let damaged = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0 && damaged < 1000; at = text.indexOf('\ufffd', at + 1))
    damaged += 1;
  return { ok: true, text, encoding, damaged };
}

export const BINARY = {
  ok: false,
  code: 'binary',
  zh: '这是二进制文件，不是日志文本。请提供 .log、.txt，或它们的 .gz/.zip。',
  en: 'This is a binary file, not a log. Give a .log or .txt, or one of those as .gz or .zip.',
} as const;

function guess(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 65_536);
  let zeroEven = 0;
  let zeroOdd = 0;
  let control = 0;
  let high = 0;
  sample.forEach((byte, index) => {
    if (byte === 0) index % 2 === 0 ? zeroEven++ : zeroOdd++;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27) control++;
    else if (byte >= 0x80) high++;
  });
  if (zeroOdd > sample.length * 0.3 && zeroEven < sample.length * 0.02) return 'utf-16le';
  if (zeroEven > sample.length * 0.3 && zeroOdd < sample.length * 0.02) return 'utf-16be';
  if (zeroEven + zeroOdd + control > sample.length * BINARY_SHARE) return undefined;
  if (high === 0 || validUtf8(sample)) return 'utf-8';
  const utf8 = replaced('utf-8', sample);
  const gbk = replaced('gb18030', sample);
  if (Math.min(utf8, gbk) > sample.length * BINARY_SHARE) return undefined;
  return gbk < utf8 ? 'gb18030' : 'utf-8';
}

function validUtf8(sample: Uint8Array): boolean {
  // The sample may end within a character: streaming mode does not call that an error.
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function replaced(encoding: Encoding, sample: Uint8Array): number {
  let count = 0;
  for (const char of new TextDecoder(encoding).decode(sample)) if (char === '\ufffd') count += 1;
  return count;
}

function tooLarge(limit: number): { ok: false; code: 'too-large'; zh: string; en: string } {
  const megabytes = Math.round(limit / 1024 / 1024);
  return {
    ok: false,
    code: 'too-large',
    zh: `超过 ${megabytes} MB。请只取故障前后的部分（例如 tail -n 20000 server.log），或用命令行 warroom diagnose 读整个文件。`,
    en: `Larger than ${megabytes} MB. Take the part around the fault (tail -n 20000 server.log), or read the whole file with warroom diagnose on the command line.`,
  };
}

export const DAMAGED = {
  ok: false,
  code: 'damaged',
  zh: '压缩包已损坏或不完整。请重新打包后再传。',
  en: 'The archive is damaged or incomplete. Pack it again and send it anew.',
} as const;

export const NESTED = {
  ok: false,
  code: 'nested',
  zh: '压缩包里还是压缩包。请解开一层后再传。',
  en: 'The archive holds another archive. Unpack one layer and send that.',
} as const;

/** Whether bytes are a gzip or zip file, by their first bytes: names lie. */
export function archiveKind(bytes: Uint8Array): 'gz' | 'zip' | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gz';
  if (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    (bytes[2] === 3 || bytes[2] === 5) &&
    (bytes[3] === 4 || bytes[3] === 6)
  )
    return 'zip';
  return undefined;
}

/**
 * Unpacks a .gz or .zip in memory and stops at the limit, so that a bomb costs no more than an honest file.
 * Anything else comes back as the one file it is. An archive within an archive is refused.
 */
export function unpack(name: string, bytes: Uint8Array, limit = TEXT_LIMIT): Unpacked {
  const kind = archiveKind(bytes);
  if (kind === undefined)
    return bytes.length > limit ? tooLarge(limit) : { ok: true, files: [{ name, bytes }], skipped: [] };
  try {
    return kind === 'gz' ? gunzip(name, bytes, limit) : unzip(bytes, limit);
  } catch (error) {
    if (error instanceof Overflow) return tooLarge(limit);
    return DAMAGED;
  }
}

class Overflow extends Error {}

/** Feeding small pieces bounds what one call can inflate before the limit is checked. */
const PIECE = 16_384;

function collector(limit: number): { take(chunk: Uint8Array): void; size(): number; bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  let size = 0;
  return {
    take(chunk) {
      size += chunk.length;
      if (size > limit) throw new Overflow();
      parts.push(chunk);
    },
    size: () => size,
    bytes: () => Buffer.concat(parts),
  };
}

function gunzip(name: string, bytes: Uint8Array, limit: number): Unpacked {
  const out = collector(limit);
  let complete = false;
  const stream = new Gunzip((chunk, final) => {
    out.take(chunk);
    complete ||= final;
  });
  for (let at = 0; at < bytes.length; at += PIECE)
    stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
  const inner = out.bytes();
  if (!complete) return DAMAGED;
  if (archiveKind(inner) !== undefined) return NESTED;
  return { ok: true, files: [{ name: name.replace(/\.gz$/i, ''), bytes: inner }], skipped: [] };
}

function unzip(bytes: Uint8Array, limit: number): Unpacked {
  const files: { name: string; bytes: Uint8Array }[] = [];
  const skipped: string[] = [];
  let total = 0;
  let nested = false;
  let failed = false;
  let overflow = false;
  let open = 0;
  const reader = new Unzip((file) => {
    if (file.name.endsWith('/')) return;
    if (files.length + open >= ARCHIVE_ENTRIES || file.name.startsWith('__MACOSX/')) {
      skipped.push(file.name);
      return;
    }
    open += 1;
    const out = collector(limit);
    file.ondata = (error, chunk, final) => {
      if (error !== null) {
        failed = true;
        return;
      }
      total += chunk.length;
      // Thrown here, it would reach this callback again as an error of the archive.
      overflow ||= total > limit;
      if (!overflow) out.take(chunk);
      if (!final) return;
      open -= 1;
      const inner = out.bytes();
      if (archiveKind(inner) !== undefined) nested = true;
      files.push({ name: file.name, bytes: inner });
    };
    file.start();
  });
  reader.register(UnzipInflate);
  for (let at = 0; at < bytes.length; at += PIECE) {
    reader.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    if (overflow) return tooLarge(limit);
  }
  if (nested) return NESTED;
  if (failed || open > 0) return DAMAGED;
  if (files.length === 0)
    return { ok: false, code: 'empty', zh: '压缩包里没有文件。', en: 'There is no file in the archive.' };
  return { ok: true, files: inRotatedOrder(files), skipped };
}

const ROTATION_DATE =
  /[-_.]?((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[T_-]([0-2]\d)(?:[-_.:]?([0-5]\d))?(?:[-_.:]?([0-5]\d))?)?(?!\d)/;

/**
 * Oldest first: `server.log.2`, `server.log.1`, `server.log`; dated names by their date, the undated one (still
 * being written) last. Line numbers and "first seen" then follow time.
 */
export function inRotatedOrder<T extends { name: string }>(files: readonly T[]): T[] {
  const keyed = files.map((file) => ({ file, key: rotation(file.name) }));
  keyed.sort(
    (a, b) =>
      compare(a.key.stem, b.key.stem) ||
      compare(a.key.date, b.key.date) ||
      b.key.age - a.key.age ||
      compare(a.file.name, b.file.name),
  );
  return keyed.map(({ file }) => file);
}

interface Rotation {
  readonly stem: string;
  /** Digits of the date in the name; the file without one is the newest. */
  readonly date: string;
  /** Larger is older. */
  readonly age: number;
}

function rotation(name: string): Rotation {
  const slash = name.lastIndexOf('/') + 1;
  const folder = name.slice(0, slash);
  const bare = name.slice(slash).replace(/\.gz$/i, '');
  const dated = ROTATION_DATE.exec(bare);
  if (dated !== null) {
    const rest = `${bare.slice(0, dated.index)}${bare.slice(dated.index + dated[0].length)}`;
    // Within one day a logging library counts upwards.
    const part = /[.-](\d{1,4})(?=\.[a-z]{2,4}$|$)/i.exec(rest);
    const stem = part === null ? rest : rest.replace(part[0], '');
    return { stem: folder + stem, date: dated.slice(1).join(''), age: -Number(part?.[1] ?? 0) };
  }
  const counted = /^(.*?\.(?:log|out|txt|err))\.?(\d{1,5})$/i.exec(bare);
  if (counted === null) return { stem: folder + bare, date: NEWEST, age: 0 };
  const [, stem = bare, number = '0'] = counted;
  // WebLogic counts upwards in five digits (`AdminServer.log00002`), everybody else downwards.
  const upwards = /\.log\d{5}$/i.test(bare);
  return { stem: folder + stem, date: NEWEST, age: upwards ? 100_000 - Number(number) : Number(number) };
}

const NEWEST = '9999';

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
