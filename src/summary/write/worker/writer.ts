import { Worker } from 'node:worker_threads';
import type { Document } from '../../document.ts';
import { type DocumentFormat, type DocumentWriter, writeDocument } from '../index.ts';

/** Markdown and HTML of so many sources take a few milliseconds: less than handing them over. */
const IN_PLACE_SOURCES = 500;
/** Word of 10,000 events needs more than 1 GB for a moment. */
const HEAP_MB = 2048;
const LONGEST_MS = 3 * 60_000;
/** Reports are asked for in groups; after that the thread and its fonts need not stay in memory. */
const IDLE_MS = 60_000;

export interface ToThread {
  readonly document: Document;
  readonly format: DocumentFormat;
}

export type FromThread =
  | { readonly kind: 'written'; readonly body: string | Uint8Array }
  | { readonly kind: 'failed'; readonly why: string };

/** The thread that writes broke off, took too long or could not write this document; the room is not affected. */
export class DocumentNotWritten extends Error {
  override readonly name = 'DocumentNotWritten';
}

export interface ThreadWriter {
  /** Rejects with `DocumentNotWritten`; the next document gets a new thread. */
  readonly write: DocumentWriter;
  stop(): Promise<void>;
}

/**
 * Writes Word and PDF in one thread, one document after the other: a long report takes seconds, in which a chat
 * platform wants its answer and a socket its ping.
 */
export function threadWriter(
  options: {
    readonly heapMb?: number;
    readonly longestMs?: number;
    readonly idleMs?: number;
    readonly entry?: URL;
  } = {},
): ThreadWriter {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function thread(): Worker {
    clearTimeout(idle);
    if (worker) return worker;
    const made = new Worker(options.entry ?? new URL('./entry.js', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB },
    });
    made.on('exit', () => {
      if (worker === made) worker = null;
    });
    // A death between two documents is nobody's: the next one starts a new thread.
    made.on('error', () => {});
    worker = made;
    return made;
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  function inThread(message: ToThread): Promise<string | Uint8Array> {
    return new Promise((resolve, reject) => {
      const writing = thread();
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        writing.off('message', answered);
        writing.off('error', broke);
        writing.off('exit', broke);
        settle();
        idle = setTimeout(() => end().catch(() => {}), options.idleMs ?? IDLE_MS).unref();
      };
      const fail = (why: string): void => finish(() => reject(new DocumentNotWritten(why)));
      const answered = (message: FromThread): void =>
        message.kind === 'written' ? finish(() => resolve(message.body)) : fail(message.why);
      const broke = (): void => {
        if (worker === writing) worker = null;
        fail('the thread that writes documents broke off (out of memory or an unexpected exit)');
      };
      const timer = setTimeout(() => {
        fail('writing this document took too long and was stopped');
        end().catch(() => {});
      }, options.longestMs ?? LONGEST_MS);
      writing.on('message', answered);
      writing.on('error', broke);
      writing.on('exit', broke);
      writing.postMessage(message);
    });
  }

  return {
    async write(document, format) {
      const light = format === 'md' || format === 'html';
      if (light && document.sources.length <= IN_PLACE_SOURCES) return writeDocument(document, format);
      const turn = last.then(() => inThread({ document, format }));
      last = turn.catch(() => {});
      return turn;
    },
    stop: end,
  };
}
