/** One thread as a dump shows it. */
export interface DumpThread {
  /** The same in every dump of one process: the JVM's own id, else the name. */
  readonly id: string;
  readonly name: string;
  readonly line: number;
  readonly header: string;
  state: string;
  /** Top first, cut: `com.acme.Dao.load(Dao.java:42)`. */
  readonly frames: { readonly call: string; readonly line: number }[];
  waitsFor: { readonly lock: string; readonly line: number; readonly text: string } | null;
  readonly holds: Set<string>;
}

export interface Dump {
  readonly line: number;
  readonly threads: DumpThread[];
}

const HEADER =
  /^"([^\n]{0,300})" (?:#\d+ |\[\d+\] |daemon |prio=\d+ |os_prio=-?\d+ ){1,5}[^\n]{0,300}?\b(?:tid|nid)=/;
const TID = /\btid=(0x[0-9a-f]{1,16})/;
const STATE = /^\s{0,8}java\.lang\.Thread\.State: ([A-Z_]{3,20})/;
const FRAME = /^\s{0,8}at ([\w$.<>/@ -]{1,400}\([^)]{0,200}\))/;
const WAITS =
  /^\s{0,8}- (?:waiting to lock|waiting to re-lock in wait\(\)|parking to wait for) +<(0x[0-9a-f]{1,16})>/;
const RESTS_ON = /^\s{0,8}- waiting on <(0x[0-9a-f]{1,16})>/;
const LOCKED = /^\s{0,8}- locked <(0x[0-9a-f]{1,16})>/;
const OWNS = /^\s{0,8}- <(0x[0-9a-f]{1,16})> \(a /;
const START = /Full thread dump /;
/** The JVM repeats the stacks of a deadlock without their headers; they are not further threads. */
const REPEATED = /Java-level deadlock/;
const PART =
  /^\s*$|^0x|^_java_thread_list|^Threads class SMR|^[\s}]|^JNI global|^=+$|^Found |^"|^Java stack information/;

const FRAMES_KEPT = 16;
const FRAME_CHARS = 240;
const THREADS_KEPT = 5000;
const DUMPS_KEPT = 10;
const STRANGE_LINES = 12;

/** Takes the dumps out of a text, line by line; keeps the last ten, so that memory is bounded. */
export interface DumpReader {
  readonly markers: readonly string[];
  reading(): boolean;
  line(number: number, text: string): void;
  dumps(): readonly Dump[];
}

export function dumpReader(): DumpReader {
  const dumps: Dump[] = [];
  let thread: DumpThread | null = null;
  let seen = new Set<string>();
  let strange = STRANGE_LINES;
  let repeating = false;
  let resting = new Set<string>();

  const begin = (line: number): Dump => {
    const dump: Dump = { line, threads: [] };
    dumps.push(dump);
    if (dumps.length > DUMPS_KEPT) dumps.shift();
    thread = null;
    seen = new Set();
    repeating = false;
    return dump;
  };

  const open = (number: number, text: string, name: string): void => {
    const id = TID.exec(text)?.[1] ?? name.replace(/^\[(?:ACTIVE|STUCK|STANDBY)\] /, '');
    // A dump whose first line was not copied begins where a thread comes round again.
    const last = dumps.at(-1);
    const dump = last === undefined || seen.has(id) ? begin(number) : last;
    seen.add(id);
    resting = new Set();
    thread = {
      id,
      name,
      line: number,
      header: text.slice(0, FRAME_CHARS),
      state: 'UNKNOWN',
      frames: [],
      waitsFor: null,
      holds: new Set(),
    };
    if (dump.threads.length < THREADS_KEPT) dump.threads.push(thread);
  };

  return {
    markers: ['Full thread dump ', 'java.lang.Thread.State: '],
    reading: () => strange < STRANGE_LINES,
    line(number, text) {
      if (START.test(text)) {
        begin(number);
        strange = 0;
        return;
      }
      const head = text.startsWith('"') ? HEADER.exec(text) : null;
      if (head !== null) {
        repeating = false;
        strange = 0;
        open(number, text, head[1] ?? '');
        return;
      }
      if (strange >= STRANGE_LINES) return;
      strange = PART.test(text) ? 0 : strange + 1;
      repeating ||= REPEATED.test(text);
      if (thread === null || repeating) return;
      detail(thread, resting, number, text);
    },
    dumps: () => dumps.filter((dump) => dump.threads.length > 0),
  };
}

function detail(thread: DumpThread, resting: Set<string>, number: number, text: string): void {
  const state = STATE.exec(text)?.[1];
  if (state !== undefined) {
    thread.state = state;
    return;
  }
  const call = FRAME.exec(text)?.[1];
  if (call !== undefined) {
    if (thread.frames.length < FRAMES_KEPT)
      thread.frames.push({ call: plainCall(call).slice(0, FRAME_CHARS), line: number });
    return;
  }
  const rests = RESTS_ON.exec(text)?.[1];
  if (rests !== undefined) resting.add(rests);
  const waits = WAITS.exec(text)?.[1];
  if (waits !== undefined) thread.waitsFor ??= { lock: waits, line: number, text };
  const held = LOCKED.exec(text)?.[1] ?? OWNS.exec(text)?.[1];
  // `Object.wait()` prints the monitor as locked although it was given back.
  if (held !== undefined && !resting.has(held)) thread.holds.add(held);
}

/** Without the module and its version, which differ between machines and say nothing. */
function plainCall(call: string): string {
  return call
    .replace(/^[\w.@+-]{1,80}\/(?:\/)?(?=[\w$.]{1,200}\()/, '')
    .replace(/\((?:[\w.@+-]{1,80}\/)(?=[^)]{1,120}\))/, '(');
}
