import { gzipSync, zipSync } from 'fflate';

/** A random source that gives the same numbers for the same seed, so that a paste that hurt can be made again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 0x100000000;
  };
}

/** Shapes that made log readers crash, hang or lie; `n` is how often the shape repeats. */
const SHAPES: readonly ((n: number) => string)[] = [
  (n) => '<'.repeat(n),
  (n) => '[['.repeat(n),
  (n) => '{"a":'.repeat(n),
  (n) => '('.repeat(n) + ')'.repeat(n),
  (n) => 'a.'.repeat(n),
  (n) => `${'a'.repeat(n)}!`,
  (n) => `${' '.repeat(n)}x`,
  (n) => '\t'.repeat(n),
  (n) => 'Caused by: '.repeat(n),
  (n) => 'java.lang.OutOfMemoryError: '.repeat(n),
  (n) => 'Full thread dump '.repeat(n),
  (n) => `"t" #1 prio=5 os_prio=0 tid=0x1 nid=0x1 ${'x '.repeat(n)}`,
  (n) => `"${'a'.repeat(n)}" #1 prio=5 tid=0x`,
  (n) => `\tat ${'a.'.repeat(n)}b(`,
  (n) => '- locked <0x'.repeat(n),
  (n) => '[Full GC 1K->1K('.repeat(n),
  (n) => '[GC [PSYoungGen: '.repeat(n),
  (n) => `GC(1) Pause Full ${'('.repeat(n)}`,
  (n) => `[${'9'.repeat(n)}.1s] GC(1) Pause Young 1M->1M(1M) 1ms`,
  (n) => '2026-03-01 10:00:00'.repeat(n),
  (n) => '2014-8-11 下午04时'.repeat(n),
  (n) => '####<'.repeat(n),
  (n) => 'password=='.repeat(n),
  (n) => 'jdbc:oracle:thin:'.repeat(n),
  (n) => 'license '.repeat(n),
  (n) => 'wait millis 1, active 1, maxActive '.repeat(n),
  (n) => '"ActiveCount":1,'.repeat(n),
  (n) => 'Limits: memory: '.repeat(n),
  (n) => '\\n\\tat '.repeat(n),
  (n) => '&lt;'.repeat(n),
  (n) => '\u001b[31m'.repeat(n),
  (n) => '\r'.repeat(n),
  (n) => '\n'.repeat(n),
  (n) => '\0'.repeat(n),
  (n) => '\ud800'.repeat(n),
  (n) => '\udfff\ud83d'.repeat(n),
  (n) => '\u202e\u2066'.repeat(n),
  (n) => '\ufeff'.repeat(n),
  (n) => '死锁线程池满'.repeat(n),
  (n) => '> > > '.repeat(n),
  (n) => '```\n'.repeat(n),
];
export const SHAPE_COUNT = SHAPES.length;

export function shape(which: number, n: number): string {
  return SHAPES[which % SHAPES.length]?.(n) ?? '';
}

export interface Hostile {
  readonly what: 'text' | 'bytes';
  readonly text: string;
  readonly bytes: Uint8Array;
}

/**
 * One hostile paste or file: shapes and true log lines mixed, cut, repeated and broken; sometimes packed, packed
 * twice or cut off. Most are small, a few are large: one in `large` has up to a megabyte.
 */
export function hostile(random: () => number, lines: readonly string[], large = 400): Hostile {
  const below = (n: number) => Math.floor(random() * n);
  const many = below(large) === 0 ? 60_000 : 400;
  const parts = Array.from({ length: 1 + below(8) }, () => {
    if (below(2) === 0) return shape(below(SHAPES.length), 1 + below(many));
    const line = lines[below(lines.length)] ?? '';
    const cut = line.slice(below(line.length), line.length - below(3));
    return below(4) === 0 ? cut.repeat(1 + below(20)) : cut;
  });
  const text = parts.join(['\n', ' ', '\r\n', ''][below(4)] ?? '\n');
  if (below(3) > 0) return { what: 'text', text, bytes: new Uint8Array() };
  let bytes: Uint8Array = Buffer.from(text, below(5) === 0 ? 'utf16le' : 'utf8');
  for (let flips = below(6); flips > 0 && bytes.length > 0; flips--) bytes[below(bytes.length)] = below(256);
  const packing = below(6);
  if (packing === 1) bytes = gzipSync(bytes);
  if (packing === 2) bytes = zipSync({ 'server.log.1': bytes, 'server.log': Buffer.from(text) });
  if (packing === 3) bytes = gzipSync(gzipSync(bytes));
  if (packing === 4) bytes = zipSync({ 'a.zip': zipSync({ 'b.log': bytes }) });
  if (packing > 0 && below(4) === 0) bytes = bytes.subarray(0, below(bytes.length + 1));
  return { what: 'bytes', text: '', bytes };
}
