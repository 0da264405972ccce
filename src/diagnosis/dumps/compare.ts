import type { Dump, DumpThread } from './read.ts';

/** What tells a thread that works from one that waits for work; the patterns are the knowledge's. */
export interface ThreadKinds {
  idle(stack: string): boolean;
  /** Code of the JDK itself: the frame below it says who is there. */
  platform(call: string): boolean;
  /** Pools that carry the users' requests. */
  serving(pool: string): boolean;
}

export interface Stayed {
  readonly thread: DumpThread;
  readonly at: string;
  readonly line: number;
  readonly top: string;
  readonly serving: boolean;
}

export interface Blocked {
  readonly lock: string;
  readonly owner: DumpThread | null;
  readonly waiting: readonly DumpThread[];
  /** In how many of the dumps at least one of them waited for this owner. */
  readonly times: number;
}

export interface Pool {
  readonly name: string;
  readonly size: number;
  readonly busy: number;
  readonly line: number;
  readonly text: string;
  readonly serving: boolean;
}

export interface Comparison {
  readonly dumps: number;
  readonly threads: number;
  readonly states: ReadonlyMap<string, number>;
  readonly stayed: readonly Stayed[];
  readonly blocked: readonly Blocked[];
  /** Pools in which nobody was free in any of the dumps. */
  readonly allBusy: readonly Pool[];
  readonly deadlocks: readonly (readonly DumpThread[])[];
}

const POOL_FROM = 4;
const RESTS = /^java\.lang\.(?:Thread\.sleep|Object\.wait)/;

/** Compares the dumps in the order they stand; one alone gives states, locks and pools. */
export function compareDumps(dumps: readonly Dump[], kinds: ThreadKinds): Comparison | null {
  const last = dumps.at(-1);
  if (last === undefined) return null;
  const states = new Map<string, number>();
  for (const thread of last.threads)
    if (thread.state !== 'UNKNOWN') states.set(thread.state, (states.get(thread.state) ?? 0) + 1);
  return {
    dumps: dumps.length,
    threads: last.threads.length,
    states,
    stayed: dumps.length < 2 ? [] : stayed(dumps, last, kinds),
    blocked: blocked(dumps, last),
    allBusy: allBusy(dumps, kinds),
    deadlocks: deadlocks(last),
  };
}

function works(thread: DumpThread, kinds: ThreadKinds): boolean {
  return thread.frames.length > 0 && !kinds.idle(thread.frames.map((frame) => frame.call).join('\n'));
}

/** Where a thread is, as its owner would say it: the first frame that is not the JDK's. */
function place(thread: DumpThread, kinds: ThreadKinds): { call: string; line: number } | undefined {
  return thread.frames.find((frame) => !kinds.platform(frame.call)) ?? thread.frames[0];
}

function stayed(dumps: readonly Dump[], last: Dump, kinds: ThreadKinds): Stayed[] {
  const earlier = dumps.slice(0, -1).map((dump) => new Map(dump.threads.map((one) => [one.id, one])));
  const found: Stayed[] = [];
  for (const thread of last.threads) {
    if (!works(thread, kinds)) continue;
    // Whoever only sleeps or waits is news in a pool that serves requests, and ordinary elsewhere.
    if (RESTS.test(thread.frames[0]?.call ?? '') && !kinds.serving(poolOf(thread.name))) continue;
    const here = place(thread, kinds);
    if (here === undefined) continue;
    const always = earlier.every((threads) => {
      const then = threads.get(thread.id);
      return then !== undefined && place(then, kinds)?.call === here.call;
    });
    if (always)
      found.push({
        thread,
        at: here.call,
        line: here.line,
        top: thread.frames[0]?.call ?? here.call,
        serving: kinds.serving(poolOf(thread.name)),
      });
  }
  return found.sort((a, b) => Number(b.serving) - Number(a.serving) || a.line - b.line);
}

function ownersOf(dump: Dump): Map<string, DumpThread> {
  const owners = new Map<string, DumpThread>();
  for (const thread of dump.threads) for (const lock of thread.holds) owners.set(lock, thread);
  return owners;
}

function blocked(dumps: readonly Dump[], last: Dump): Blocked[] {
  const groups = new Map<string, DumpThread[]>();
  for (const thread of last.threads)
    if (thread.waitsFor !== null) {
      const list = groups.get(thread.waitsFor.lock) ?? [];
      list.push(thread);
      groups.set(thread.waitsFor.lock, list);
    }
  const owners = ownersOf(last);
  const found: Blocked[] = [];
  for (const [lock, waiting] of groups) {
    const owner = owners.get(lock) ?? null;
    // An idle pool parks on its queue's condition, which nobody owns.
    if (owner === null && waiting.every((one) => one.state !== 'BLOCKED')) continue;
    if (owner !== null && waiting.length === 1 && waiting[0] === owner) continue;
    const times = dumps.filter((dump) => {
      const holder = ownersOf(dump).get(lock);
      return (
        holder?.id === owner?.id && dump.threads.some((one) => one.waitsFor?.lock === lock && one !== holder)
      );
    }).length;
    found.push({ lock, owner, waiting, times: Math.max(1, times) });
  }
  return found.sort((a, b) => b.waiting.length - a.waiting.length);
}

/** `http-nio-8080-exec-17` and its like are one pool: the last number is the thread's. */
export function poolOf(name: string): string {
  return name
    .replace(/^\[(?:ACTIVE|STUCK|STANDBY)\] /, '')
    .replace(/'\d+'/, "'*'")
    .replace(/\d+(?=\D*$)/, '*');
}

function allBusy(dumps: readonly Dump[], kinds: ThreadKinds): Pool[] {
  const perDump = dumps.map((dump) => {
    const pools = new Map<string, Pool>();
    for (const thread of dump.threads) {
      const name = poolOf(thread.name);
      if (!name.includes('*')) continue;
      const known = pools.get(name);
      pools.set(name, {
        name,
        size: (known?.size ?? 0) + 1,
        busy: (known?.busy ?? 0) + (works(thread, kinds) ? 1 : 0),
        line: known?.line ?? thread.line,
        text: known?.text ?? thread.header,
        serving: kinds.serving(name),
      });
    }
    return pools;
  });
  const final = perDump.at(-1);
  if (final === undefined) return [];
  return [...final.values()]
    .filter((pool) =>
      perDump.every((pools) => {
        const then = pools.get(pool.name);
        return then !== undefined && then.size >= POOL_FROM && then.busy === then.size;
      }),
    )
    .sort((a, b) => Number(b.serving) - Number(a.serving) || b.size - a.size);
}

/** Rings of threads that each wait for the next one's lock. */
function deadlocks(dump: Dump): DumpThread[][] {
  const owners = ownersOf(dump);
  const done = new Set<DumpThread>();
  const rings: DumpThread[][] = [];
  for (const start of dump.threads) {
    const path: DumpThread[] = [];
    const onPath = new Set<DumpThread>();
    let at: DumpThread | undefined = start;
    while (at !== undefined && !done.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = at.waitsFor === null ? undefined : owners.get(at.waitsFor.lock);
    }
    if (at !== undefined && onPath.has(at)) {
      const ring = path.slice(path.indexOf(at));
      if (ring.length > 1) rings.push(ring);
    }
    for (const thread of path) done.add(thread);
  }
  return rings;
}
