import { Worker } from 'node:worker_threads';
import { archiveKind } from '../decode.ts';
import { dataOf, type Knowledge } from '../knowledge.ts';
import type { Bilingual } from '../schema.ts';
import { type Log, type LogRead, type Progress, readLog } from './log.ts';

/** Up to this size reading takes less time than starting a thread; the chat does not feel it. */
export const IN_PROCESS_BYTES = 512 * 1024;
/** A thread may need this much; more is a log that should be read on the command line. */
const HEAP_MB = 1024;
const LONGEST_MS = 5 * 60_000;

export type FromThread =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'read'; readonly read: LogRead };

export interface LogReader {
  /** Never throws: a thread that dies is an answer too. */
  read(knowledge: Knowledge, log: Log, progress: Progress): Promise<LogRead>;
}

const DIED: Bilingual = {
  zh: '这份日志没有读完：读取它的线程中断了（内存不足或意外退出），房间不受影响。请只取故障前后的部分再传（tail -n 20000 server.log），或在服务器上用 warroom diagnose 文件名。',
  en: 'This log was not read to its end: the thread that read it broke off (out of memory or an unexpected exit); the room is not affected. Send the part around the fault (tail -n 20000 server.log), or run warroom diagnose FILE on the server.',
};
const TOO_LONG: Bilingual = {
  zh: '读这份日志超过 5 分钟，已停止。请只取故障前后的部分再传，或在服务器上用 warroom diagnose 文件名。',
  en: 'Reading this log took more than 5 minutes and was stopped. Send the part around the fault, or run warroom diagnose FILE on the server.',
};

/**
 * Small logs are read where they arrive; large and packed ones in a thread, one after the other, so that the room
 * answers while 100 MB are read and two uploads never take both cores.
 */
export function logReader(
  options: { readonly heapMb?: number; readonly longestMs?: number; readonly inProcessBytes?: number } = {},
): LogReader {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async read(knowledge, log, progress) {
      const small = log.bytes.length <= (options.inProcessBytes ?? IN_PROCESS_BYTES);
      // A small archive can hold a large file.
      if (small && archiveKind(log.bytes) === undefined) return readLog(knowledge, log, () => {});
      const turn = last.then(() => inThread(knowledge, log, progress, options));
      last = turn;
      return turn;
    },
  };
}

function inThread(
  knowledge: Knowledge,
  log: Log,
  progress: Progress,
  options: { readonly heapMb?: number; readonly longestMs?: number },
): Promise<LogRead> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./entry.js', import.meta.url), {
      workerData: { knowledge: dataOf(knowledge), log },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB },
    });
    const timer = setTimeout(() => finish({ ok: false, why: TOO_LONG }), options.longestMs ?? LONGEST_MS);
    let over = false;
    const finish = (read: LogRead): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      resolve(read);
      worker.terminate().catch(() => {});
    };
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'progress') progress(message.done, message.total);
      else finish(message.read);
    });
    worker.on('error', () => finish({ ok: false, why: DIED }));
    worker.on('exit', () => finish({ ok: false, why: DIED }));
  });
}
