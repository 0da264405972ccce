/** One collection's pause, of either kind of log. */
export interface Pause {
  /** Seconds since the JVM started, or since the epoch where the log gives the time of day alone. */
  readonly at: number | null;
  readonly seconds: number;
  readonly full: boolean;
  readonly what: string;
  /** Heap in bytes; null where the line does not say. */
  readonly heap: { readonly before: number; readonly after: number; readonly size: number | null } | null;
}

const LOOKED_AT = 1000;
const UNIFIED =
  /\bGC\((\d{1,9})\) (Pause [^\n]{0,120}?|Garbage Collection \([^)]{0,40}\)) ?(?:(\d{1,9}(?:\.\d{1,3})?[BKMG])(?:\(\d{1,3}%\))?->(\d{1,9}(?:\.\d{1,3})?[BKMG])(?:\((\d{1,9}(?:\.\d{1,3})?[BKMG%])\))? ?)?(\d{1,9}(?:[.,]\d{1,6})?)(ms|s)\s*$/;
const UPTIME = /\[(\d{1,9}[.,]\d{1,3})s\]|\[(\d{1,12})ms\]/;
const CLOCK = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{3}(?:Z|[+-]\d\d:?\d\d))/;
const CLASSIC = /\[(Full GC|GC)(?: pause)?([^[\n]{0,80})/;
const CLASSIC_UPTIME = /(?:^|[\s:])(\d{1,9}[.,]\d{3}): \[(?:Full )?GC/;
/** `[PSYoungGen: …]`, `[Metaspace: …]`, `[Times: …]`: parts; what remains speaks of the whole heap. */
const PART = /\[[A-Z][A-Za-z0-9 -]{1,30}: [^[\]\n]{0,200}\]/g;
const PREFIXED_PART = /\d{1,9}[.,]\d{3}: (?=\[)/g;
const HEAP = /(\d{1,9}(?:\.\d{1,3})?[BKMG])->(\d{1,9}(?:\.\d{1,3})?[BKMG])\((\d{1,9}(?:\.\d{1,3})?[BKMG])\)/;
const SECONDS = /(\d{1,6}[.,]\d{1,9}) secs\]/g;
const G1_HEAP =
  /\bHeap: (\d{1,9}(?:\.\d{1,3})?[BKMG])\((\d{1,9}(?:\.\d{1,3})?[BKMG])\)->(\d{1,9}(?:\.\d{1,3})?[BKMG])\((\d{1,9}(?:\.\d{1,3})?[BKMG])\)/;
const STALL =
  /Allocation Stall \(|To-space exhausted|to-space (?:exhausted|overflow)|Evacuation Failure|promotion failed|concurrent mode failure/;

const UNIT: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Reads the pause a line tells: unified logging (JDK 9 and later) or `-XX:+PrintGCDetails` (JDK 8 and earlier). */
export function readPause(text: string): Pause | null {
  const line = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  return line.includes('GC(') ? unified(line) : classic(line);
}

/** The heap line that G1 of JDK 8 prints some lines below the pause. */
export function readG1Heap(text: string): Pause['heap'] {
  const found = G1_HEAP.exec(text.slice(0, LOOKED_AT));
  return found === null ? null : { before: bytes(found[1]), after: bytes(found[3]), size: bytes(found[4]) };
}

/** Words with which a collector says that it could not keep up. */
export function saysStall(text: string): boolean {
  return STALL.test(text.slice(0, LOOKED_AT));
}

function unified(line: string): Pause | null {
  const found = UNIFIED.exec(line);
  if (found === null) return null;
  const [, , what = '', before, after, size, length = '0', unit] = found;
  // A whole ZGC or Shenandoah cycle runs beside the program: only its pauses stop it.
  if (!what.startsWith('Pause')) return null;
  return {
    at: timeOf(line),
    seconds: number(length) / (unit === 'ms' ? 1000 : 1),
    full: what.startsWith('Pause Full'),
    what: what.trim(),
    heap:
      before === undefined || after === undefined
        ? null
        : {
            before: bytes(before),
            after: bytes(after),
            size: size === undefined || size.endsWith('%') ? null : bytes(size),
          },
  };
}

function timeOf(line: string): number | null {
  const uptime = UPTIME.exec(line);
  if (uptime?.[1] !== undefined) return number(uptime[1]);
  if (uptime?.[2] !== undefined) return Number(uptime[2]) / 1000;
  const clock = CLOCK.exec(line)?.[1];
  return clock === undefined ? null : clockSeconds(clock);
}

function clockSeconds(clock: string): number | null {
  const at = Date.parse(clock.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? null : at / 1000;
}

function classic(line: string): Pause | null {
  const found = CLASSIC.exec(line);
  if (found === null) return null;
  const uptime = CLASSIC_UPTIME.exec(line)?.[1];
  const clock = CLOCK.exec(line)?.[1];
  // Parts stand within parts (`[Times: …]` beside, CMS inside): take them off from the inside out.
  let whole = line.slice(found.index).replace(PREFIXED_PART, '');
  for (let round = 0; round < 3; round++) whole = whole.replace(PART, ' ');
  const seconds = [...whole.matchAll(SECONDS)].at(-1)?.[1];
  if (seconds === undefined) return null;
  const heap = HEAP.exec(whole);
  const what = `${found[1]}${(found[2] ?? '').replace(/\s*\d.*$/, '')}`.trim();
  return {
    at: uptime !== undefined ? number(uptime) : clock === undefined ? null : clockSeconds(clock),
    seconds: number(seconds),
    full: found[1] === 'Full GC',
    what,
    heap: heap === null ? null : { before: bytes(heap[1]), after: bytes(heap[2]), size: bytes(heap[3]) },
  };
}

function number(text: string): number {
  return Number(text.replace(',', '.'));
}

function bytes(text: string | undefined): number {
  const value = text ?? '0B';
  return Number(value.slice(0, -1)) * (UNIT[value.slice(-1)] ?? 1);
}
