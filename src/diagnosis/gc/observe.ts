import type { Observation, Observer } from '../observe.ts';
import { type Pause, readG1Heap, readPause, saysStall } from './read.ts';

/** The share of time is taken over a minute, as an alarm would. */
const WINDOW_SECONDS = 60;
/** Below this span a share says nothing: every start-up collects. */
const SHORTEST_SPAN = 3;
const FEWEST_PAUSES = 5;
const FULLS_COMPARED = 3;
/** G1 of JDK 8 prints the heap some lines below its pause. */
const DETAIL_LINES = 30;

interface Placed {
  readonly line: number;
  readonly text: string;
}

/** GC logs: the share of time in pauses, what a full collection leaves, the longest pause, failures. */
export function gcObserver(): Observer {
  const share = shareOfTime();
  const fulls: (Placed & { after: number; size: number })[] = [];
  let fullCount = 0;
  let longest: (Placed & { pause: Pause }) | null = null;
  let pauses = 0;
  let stalls: (Placed & { count: number }) | null = null;
  let awaiting: (Placed & { pause: Pause }) | null = null;
  let details = 0;

  const leaves = (placed: Placed, heap: Pause['heap']): void => {
    if (heap === null) return;
    fulls.push({ ...placed, after: heap.after, size: heap.size ?? heap.before });
    if (fulls.length > 64) fulls.splice(1, 1);
  };

  return {
    markers: ['GC(', '[GC ', '[Full GC'],
    reading: () => details > 0,
    line(line, text) {
      if (details > 0) details -= 1;
      if (awaiting !== null) {
        const heap = readG1Heap(text);
        if (heap !== null) {
          leaves(awaiting, heap);
          awaiting = null;
          details = 0;
        }
      }
      if (!text.includes('GC')) {
        if (pauses > 0 && saysStall(text)) stalls = { line, text, count: (stalls?.count ?? 0) + 1 };
        return;
      }
      const pause = readPause(text);
      const failed = saysStall(text);
      if (failed) stalls = { line, text, count: (stalls?.count ?? 0) + 1 };
      if (pause === null) return;
      pauses += 1;
      share.add(pause, { line, text });
      if (longest === null || pause.seconds > longest.pause.seconds) longest = { line, text, pause };
      if (!pause.full) return;
      fullCount += 1;
      if (pause.heap !== null) leaves({ line, text }, pause.heap);
      else {
        awaiting = { line, text, pause };
        details = DETAIL_LINES;
      }
    },
    finish() {
      if (pauses === 0) return [];
      return [
        ...share.observe(),
        ...occupancy(fulls, fullCount),
        ...growth(fulls),
        ...(stalls === null ? [] : [stalled(stalls)]),
        ...(longest === null ? [] : [longestPause(longest, pauses, fullCount)]),
      ];
    },
  };
}

interface Share {
  add(pause: Pause, placed: Placed): void;
  observe(): Observation[];
}

function shareOfTime(): Share {
  let window: { at: number; seconds: number }[] = [];
  let first = 0;
  let sum = 0;
  let worst: (Placed & { share: number; span: number; spent: number }) | null = null;
  return {
    add(pause, placed) {
      if (pause.at === null) return;
      const last = window.at(-1);
      // Another JVM's log begins (a rotated file, a restart): its uptime starts anew.
      if (last !== undefined && pause.at < last.at) {
        window = [];
        first = 0;
        sum = 0;
      }
      window.push({ at: pause.at, seconds: pause.seconds });
      sum += pause.seconds;
      for (;;) {
        const oldest = window[first];
        if (oldest === undefined || pause.at - oldest.at <= WINDOW_SECONDS) break;
        sum -= oldest.seconds;
        first += 1;
      }
      if (first > 4096) {
        window = window.slice(first);
        first = 0;
      }
      const oldest = window[first];
      if (oldest === undefined || window.length - first < FEWEST_PAUSES) return;
      const span = pause.at + pause.seconds - oldest.at;
      if (span < SHORTEST_SPAN) return;
      const share = Math.min(100, (100 * sum) / span);
      if (worst === null || share > worst.share) worst = { ...placed, share, span, spent: sum };
    },
    observe() {
      if (worst === null) return [];
      const percent = Math.round(worst.share);
      const figures = `${worst.spent.toFixed(1)}/${worst.span.toFixed(1)} s`;
      return [
        {
          measure: 'gc.share',
          value: worst.share,
          line: worst.line,
          text: worst.text,
          says: {
            zh: `GC 停顿占用时间最高 ${percent} %（${figures}，止于第 ${worst.line} 行）`,
            en: `GC pauses took up to ${percent} % of the time (${figures}, up to line ${worst.line})`,
          },
          facts: { gcShare: `${percent}%` },
        },
      ];
    },
  };
}

function occupancy(
  fulls: readonly (Placed & { after: number; size: number })[],
  count: number,
): Observation[] {
  const latest = fulls.slice(-FULLS_COMPARED);
  const last = latest.at(-1);
  if (latest.length < FULLS_COMPARED || last === undefined || last.size === 0) return [];
  const kept = latest.map((full) => Math.round((100 * full.after) / Math.max(1, full.size)));
  const list = kept.map((percent) => `${percent} %`);
  return [
    {
      measure: 'gc.full-occupancy',
      value: Math.min(...kept),
      line: last.line,
      text: last.text,
      says: {
        zh: `${count} 次 Full GC，最后三次之后堆仍占 ${list.join('、')}（${megabytes(last.after)}/${megabytes(last.size)}）`,
        en: `${count} full GCs; after the last three the heap was still ${list.join(', ')} full (${megabytes(last.after)} of ${megabytes(last.size)})`,
      },
      facts: { heapAfterFull: megabytes(last.after), heapSize: megabytes(last.size), fullGcs: String(count) },
    },
  ];
}

function growth(fulls: readonly (Placed & { after: number; size: number })[]): Observation[] {
  const first = fulls[0];
  const last = fulls.at(-1);
  if (first === undefined || last === undefined || fulls.length < FULLS_COMPARED || first.after === 0)
    return [];
  const rise = (100 * (last.after - first.after)) / first.after;
  if (rise < 5) return [];
  return [
    {
      measure: 'gc.full-growth',
      value: rise,
      line: last.line,
      text: last.text,
      says: {
        zh: `Full GC 之后的堆从 ${megabytes(first.after)} 涨到 ${megabytes(last.after)}：收不回的内存在增加`,
        en: `the heap after a full GC rose from ${megabytes(first.after)} to ${megabytes(last.after)}: what cannot be freed is growing`,
      },
      facts: {},
    },
  ];
}

function stalled(stalls: Placed & { count: number }): Observation {
  return {
    measure: 'gc.stalls',
    value: stalls.count,
    line: stalls.line,
    text: stalls.text,
    says: {
      zh: `分配失败/疏散失败 ${stalls.count} 次：回收跟不上分配`,
      en: `${stalls.count} allocation or evacuation failures: collecting does not keep up`,
    },
    facts: {},
  };
}

function longestPause(
  { pause, line, text }: Placed & { pause: Pause },
  pauses: number,
  fulls: number,
): Observation {
  const length =
    pause.seconds >= 1 ? `${pause.seconds.toFixed(1)} s` : `${Math.round(pause.seconds * 1000)} ms`;
  return {
    measure: 'gc.longest-pause',
    value: pause.seconds,
    line,
    text,
    says: {
      zh: `GC 停顿 ${pauses} 次（Full ${fulls} 次），最长 ${length}：${pause.what}`,
      en: `${pauses} GC pauses (${fulls} full), the longest ${length}: ${pause.what}`,
    },
    facts: { longestPause: length },
  };
}

function megabytes(bytes: number): string {
  return bytes >= 10 * 1024 ** 3
    ? `${Math.round(bytes / 1024 ** 3)} GB`
    : `${Math.round(bytes / 1024 ** 2)} MB`;
}
