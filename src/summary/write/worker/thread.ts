import { parentPort } from 'node:worker_threads';
import { writeDocument } from '../index.ts';
import type { FromThread, ToThread } from './writer.ts';

/** Runs in a thread of its own: one document after the other, as they are asked for. */
function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', ({ document, format }: ToThread) => {
  writeDocument(document, format).then(
    (body) => tell({ kind: 'written', body }),
    (error: unknown) => tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
