import type { Observation, Observer } from '../observe.ts';
import { compilePattern } from '../pattern.ts';
import type { Shared } from '../schema.ts';
import { type Blocked, type Comparison, compareDumps, type Stayed, type ThreadKinds } from './compare.ts';
import { dumpReader } from './read.ts';

const NAMES_SHOWN = 3;
const STAYED_SHOWN = 3;
const NUMERALS = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];

/** Thread dumps in a text, in one paste, one file or the files of an archive, compared with each other. */
export function dumpObserver(shared: Shared): Observer {
  const reader = dumpReader();
  return {
    markers: reader.markers,
    reading: reader.reading,
    line: reader.line,
    finish: () => {
      const found = compareDumps(reader.dumps(), kindsOf(shared));
      return found === null ? [] : tell(found, reader.dumps().at(-1)?.line ?? 1);
    },
  };
}

function kindsOf(shared: Shared): ThreadKinds {
  const idle = compilePattern(shared.dumps.idle);
  const platform = compilePattern(shared.dumps.platform);
  const serving = compilePattern(shared.dumps.serving);
  return {
    idle: (stack) => idle.test(stack),
    platform: (call) => platform.test(call),
    serving: (pool) => serving.test(pool),
  };
}

function tell(found: Comparison, line: number): Observation[] {
  const observations: Observation[] = [];
  for (const ring of found.deadlocks.slice(0, NAMES_SHOWN)) {
    const first = ring[0];
    const names = ring.map((thread) => quoted(thread.name));
    if (first?.waitsFor)
      observations.push({
        measure: 'dump.deadlock',
        value: ring.length,
        line: first.waitsFor.line,
        text: first.waitsFor.text,
        says: {
          zh: `死锁：${[...names, names[0]].join(' 等 ')}`,
          en: `deadlock: ${[...names, names[0]].join(' waits for ')}`,
        },
        facts: { thread: first.name },
      });
  }
  // Blocked threads stay because another stays: the one that holds the lock is told.
  const waiting = new Set(found.blocked.flatMap((group) => group.waiting.map((thread) => thread.id)));
  const causes = found.stayed.filter((one) => !waiting.has(one.thread.id));
  const served = found.stayed.filter((one) => one.serving).length;
  for (const one of causes.slice(0, STAYED_SHOWN))
    observations.push(stayedAt(one, found.dumps, served, causes.length));
  for (const group of found.blocked.slice(0, STAYED_SHOWN)) observations.push(blockedBy(group, found.dumps));
  for (const pool of found.allBusy.slice(0, NAMES_SHOWN))
    observations.push({
      measure: pool.serving ? 'dump.serving-pool-busy' : 'dump.pool-busy',
      value: pool.size,
      line: pool.line,
      text: pool.text,
      says: {
        zh: `线程池 ${pool.name} ${pool.busy}/${pool.size} 全忙${found.dumps > 1 ? `（${times(found.dumps)}快照都是）` : ''}`,
        en: `pool ${pool.name} has ${pool.busy} of ${pool.size} threads busy${found.dumps > 1 ? ` in all ${found.dumps} dumps` : ''}`,
      },
      facts: { threadPool: pool.name, threads: String(pool.size) },
    });
  const states = [...found.states].sort((a, b) => b[1] - a[1]).map(([state, count]) => `${state} ${count}`);
  observations.push({
    measure: 'dump.threads',
    value: found.threads,
    line,
    text: '',
    says: {
      zh: `${found.dumps > 1 ? `线程快照 ${found.dumps} 份，最后一份` : '线程快照：'} ${found.threads} 个线程：${states.join(' · ')}`,
      en: `${found.dumps > 1 ? `${found.dumps} thread dumps; the last has` : 'Thread dump:'} ${found.threads} threads: ${states.join(' · ')}`,
    },
    facts: {},
  });
  return observations;
}

function stayedAt(one: Stayed, dumps: number, served: number, all: number): Observation {
  const { thread } = one;
  const under =
    one.top === one.at ? '' : { zh: `，栈顶 ${bare(one.top)}`, en: `, top frame ${bare(one.top)}` };
  return {
    measure: one.serving ? 'dump.serving-stayed' : 'dump.stayed',
    value: one.serving ? Math.max(1, served) : all,
    line: one.line,
    text: `${thread.name}: at ${one.at}`,
    says: {
      zh: `线程 ${quoted(thread.name)} 在${times(dumps)}快照中都停在 ${one.at}（${thread.state}${under === '' ? '' : under.zh}）`,
      en: `thread ${quoted(thread.name)} stood at ${one.at} in all ${dumps} dumps (${thread.state}${under === '' ? '' : under.en})`,
    },
    facts: { thread: thread.name, frame: one.at, dumps: String(dumps) },
  };
}

function blockedBy(group: Blocked, dumps: number): Observation {
  const names = group.waiting.slice(0, NAMES_SHOWN).map((thread) => quoted(thread.name));
  const count = group.waiting.length;
  const more = count > names.length ? { zh: ' 等', en: ', …' } : { zh: '', en: '' };
  const often =
    dumps > 1
      ? { zh: `（${dumps} 次快照中 ${group.times} 次）`, en: ` (in ${group.times} of ${dumps} dumps)` }
      : { zh: '', en: '' };
  const owner = group.owner;
  const first = group.waiting[0];
  const at = owner?.frames[0]?.call;
  return {
    measure: 'dump.blocked',
    value: count,
    line: first?.waitsFor?.line ?? first?.line ?? 1,
    text: first?.waitsFor?.text ?? '',
    says:
      owner === null
        ? {
            zh: `${count} 个线程在等锁 ${group.lock}，快照里看不到持有者：${names.join('、')}${more.zh}${often.zh}`,
            en: `${count} threads wait for lock ${group.lock}, whose owner the dump does not show: ${names.join(', ')}${more.en}${often.en}`,
          }
        : {
            zh: `线程 ${quoted(owner.name)} 持有锁 ${group.lock}，挡住 ${count} 个线程：${names.join('、')}${more.zh}${often.zh}${at === undefined ? '' : `；它正在 ${at}`}`,
            en: `thread ${quoted(owner.name)} holds lock ${group.lock} and blocks ${count} threads: ${names.join(', ')}${more.en}${often.en}${at === undefined ? '' : `; it is at ${at}`}`,
          },
    facts: owner === null ? { lock: group.lock } : { lock: group.lock, lockOwner: owner.name },
  };
}

function times(count: number): string {
  return `${NUMERALS[count] ?? count}次`;
}

function quoted(name: string): string {
  return `"${name.length > 80 ? `${name.slice(0, 80)}…` : name}"`;
}

/** A call without its file and line. */
function bare(call: string): string {
  return call.replace(/\([^)]*\)$/, '');
}
