import { parentPort, workerData } from 'node:worker_threads';
import { assemble, type KnowledgeData } from '../knowledge.ts';
import { type Log, readLog } from './log.ts';
import type { FromThread } from './reader.ts';

/** Runs in a thread of its own: one log, then the thread ends and its memory with it. */
const { knowledge, log }: { knowledge: KnowledgeData; log: Log } = workerData;

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

const read = await readLog(assemble(knowledge), log, (done, total) =>
  tell({ kind: 'progress', done, total }),
);
tell({ kind: 'read', read });
