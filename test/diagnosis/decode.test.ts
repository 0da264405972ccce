import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inRotatedOrder } from '../../src/diagnosis/decode.ts';
import {
  decode,
  diagnose,
  loadKnowledge,
  readInto,
  startDiagnosis,
  unpack,
} from '../../src/diagnosis/index.ts';

const knowledge = loadKnowledge();
const utf8 = (text: string) => Buffer.from(text, 'utf8');
const FULL = 'java.io.IOException: 设备上没有空间';
/** "设备上没有空间" in GBK, as a Chinese host writes it. */
const GBK = Buffer.concat([
  utf8('java.io.IOException: '),
  Buffer.from([0xc9, 0xe8, 0xb1, 0xb8, 0xc9, 0xcf, 0xc3, 0xbb, 0xd3, 0xd0, 0xbf, 0xd5, 0xbc, 0xe4]),
]);

describe('bytes to text', () => {
  const utf16 = Buffer.from(FULL, 'utf16le');
  it.each<[string, Uint8Array, string]>([
    ['UTF-8', utf8(FULL), 'utf-8'],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(FULL)]), 'utf-8'],
    ['GBK', GBK, 'gb18030'],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'utf-16le'],
    ['UTF-16 without a mark', utf16, 'utf-16le'],
    [
      'UTF-16 big-endian',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
      'utf-16be',
    ],
  ])('%s', (_, bytes, encoding) => {
    const decoded = decode(bytes);
    expect(decoded).toMatchObject({ ok: true, encoding });
    if (decoded.ok) expect(diagnose(decoded.text, knowledge).findings[0]?.fault).toBe('disk-full');
  });
  it('counts broken bytes and goes on', () => {
    const decoded = decode(
      Buffer.concat([utf8(`${'plain text '.repeat(30)}\n`), Buffer.from([0xff, 0xc0]), utf8(FULL)]),
    );
    expect(decoded.ok).toBe(true);
    if (!decoded.ok) return;
    expect(decoded.text).toContain('java.io.IOException');
  });
  it('refuses a binary file, an empty one and a text above the limit, with a way out', () => {
    const binary = decode(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 31));
    expect(binary).toMatchObject({ ok: false, code: 'binary' });
    expect(decode(new Uint8Array())).toMatchObject({ ok: false, code: 'empty' });
    const large = decode(utf8('x'.repeat(2000)), 1000);
    expect(large).toMatchObject({ ok: false, code: 'too-large' });
    if (!large.ok) expect(`${large.zh} ${large.en}`).toMatch(/tail -n/);
  });
});

describe('archives', () => {
  it('unpacks a gzip and a zip, oldest rotated file first', () => {
    expect(unpack('server.log.gz', gzipSync(utf8(FULL)))).toMatchObject({
      ok: true,
      files: [{ name: 'server.log' }],
    });
    const zip = zipSync({
      'logs/server.log': utf8('new'),
      'logs/server.log.2': utf8('old'),
      'logs/server.log.1': utf8('mid'),
    });
    const unpacked = unpack('logs.zip', zip);
    expect(unpacked.ok && unpacked.files.map((file) => file.name)).toEqual([
      'logs/server.log.2',
      'logs/server.log.1',
      'logs/server.log',
    ]);
  });
  it('stops a bomb at the limit', () => {
    const bomb = gzipSync(new Uint8Array(8 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(20_000);
    expect(unpack('a.gz', bomb, 1024 * 1024)).toMatchObject({ ok: false, code: 'too-large' });
    const zipBomb = zipSync({ a: new Uint8Array(4 * 1024 * 1024), b: new Uint8Array(4 * 1024 * 1024) });
    expect(unpack('a.zip', zipBomb, 5 * 1024 * 1024)).toMatchObject({ ok: false, code: 'too-large' });
  });
  it('refuses an archive in an archive, a cut one and an empty one', () => {
    expect(unpack('a.gz', gzipSync(gzipSync(utf8(FULL))))).toMatchObject({ ok: false, code: 'nested' });
    expect(unpack('a.zip', zipSync({ 'b.gz': gzipSync(utf8(FULL)) }))).toMatchObject({
      ok: false,
      code: 'nested',
    });
    expect(unpack('a.gz', gzipSync(utf8(FULL.repeat(500))).subarray(0, 30))).toMatchObject({
      ok: false,
      code: 'damaged',
    });
    expect(unpack('a.zip', zipSync({}))).toMatchObject({ ok: false });
  });
  it('takes the kind from the first bytes, not from the name', () => {
    expect(unpack('server.log', gzipSync(utf8(FULL)))).toMatchObject({
      ok: true,
      files: [{ name: 'server.log' }],
    });
    expect(unpack('lie.gz', utf8(FULL))).toMatchObject({ ok: true, files: [{ name: 'lie.gz' }] });
  });
});

describe('reading into a run', () => {
  async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const read = async (bytes: Uint8Array, size: number) => {
    const run = startDiagnosis(knowledge);
    const result = await readInto(run, { name: 'server.log', pieces: pieces(bytes, size) });
    return { result, diagnosis: run.finish() };
  };
  it('gives the same answer and the same line however the bytes arrive', async () => {
    const text = `${'2024-01-01 10:00:00 INFO served /a in 3 ms\n'.repeat(60_000)}${FULL}\n${'more\n'.repeat(10)}`;
    for (const size of [7001, 1 << 20]) {
      const { diagnosis } = await read(utf8(text), size);
      expect(diagnosis.findings[0]?.fault).toBe('disk-full');
      expect(diagnosis.findings[0]?.evidence[0]?.line).toBe(60_001);
      expect(diagnosis.lines).toBe(60_011);
    }
  });
  it('reads GBK and gzip from a stream, and refuses a picture', async () => {
    expect((await read(GBK, 5)).diagnosis.findings[0]?.fault).toBe('disk-full');
    expect((await read(gzipSync(GBK), 9)).diagnosis.findings[0]?.fault).toBe('disk-full');
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.alloc(4000)]);
    expect((await read(png, 512)).result).toMatchObject({ ok: false, code: 'binary' });
  });
  it('takes no document for a packed log', async () => {
    const markup = utf8('<?xml version="1.0"?><w:document/>');
    const word = zipSync({ '[Content_Types].xml': markup, 'word/document.xml': markup });
    expect((await read(word, 512)).result).toMatchObject({ ok: false, code: 'binary' });
    const packed = zipSync({ 'server.log': GBK, 'word/document.xml': markup });
    expect((await read(packed, 512)).diagnosis.findings[0]?.fault).toBe('disk-full');
  });
});

describe('rotated files', () => {
  it.each([
    ['counted', ['server.log.2', 'server.log.1', 'server.log']],
    ['counted and packed', ['server.log.10.gz', 'server.log.2.gz', 'server.log.1', 'server.log']],
    ['dated', ['server.log.2026-02-27', 'server.log.2026-03-01.gz', 'server.log']],
    ['dated in the middle', ['app.2025-12-31.log', 'app.2026-01-01.log', 'app.log']],
    ['dated without hyphens', ['catalina.out-20251231', 'catalina.out-20260101.gz', 'catalina.out']],
    [
      'dated to the second',
      ['server.log_2026-03-01T06-24-32', 'server.log_2026-03-01T18-00-01', 'server.log'],
    ],
    [
      'dated and counted',
      ['app-2026-03-01.0.log', 'app-2026-03-01.1.log', 'app-2026-03-02.0.log', 'app.log'],
    ],
    ['counted upwards by WebLogic', ['s1.log00001', 's1.log00002', 's1.log']],
    ['in folders', ['n1/server.log.1', 'n1/server.log', 'n2/server.log.1', 'n2/server.log']],
  ])('%s: the oldest first, the one still written last', (_, inOrder) => {
    for (const shuffled of [[...inOrder].reverse(), [...inOrder].sort(), [...inOrder].sort().reverse()])
      expect(inRotatedOrder(shuffled.map((name) => ({ name }))).map(({ name }) => name)).toEqual(inOrder);
  });
});
