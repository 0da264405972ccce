import type Database from 'better-sqlite3';
import { asStoreError } from './open.ts';

interface Job {
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes that were asked for in the same turn of the event loop share one durable commit. Nobody gets an
 * answer before that commit, so nothing acknowledged can be lost; a job that throws undoes only itself. Work is
 * done a second time when another one of its turn failed, so it changes nothing but the database.
 */
export class Writer {
  readonly #raw: Database.Database;
  readonly #where: string;
  #waiting: Job[] = [];
  #scheduled = false;

  constructor(raw: Database.Database, where: string) {
    this.#raw = raw;
    this.#where = where;
  }

  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let answer: { readonly value: T } | null = null;
      this.#waiting.push({
        run: () => {
          answer = { value: work() };
        },
        done: () => {
          if (answer) resolve(answer.value);
        },
        failed: (error) => reject(asStoreError(error, this.#where)),
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  /** Commits what waits, at once: also what closing the store does last. */
  flush(): void {
    const jobs = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    if (jobs.length === 0) return;
    let atFault = false;
    try {
      this.#commit(() => {
        atFault = true;
        for (const job of jobs) job.run();
        atFault = false;
      });
    } catch (error) {
      // A file that is locked or full fails everybody alike; asking again for each would only take longer.
      if (atFault && jobs.length > 1) this.#apart(jobs);
      else for (const job of jobs) job.failed(error);
      return;
    }
    for (const job of jobs) job.done();
  }

  #commit(work: () => void): void {
    this.#raw.exec('begin immediate');
    try {
      work();
      this.#raw.exec('commit');
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#raw.inTransaction) this.#raw.exec('rollback');
      throw error;
    }
  }

  /** Something failed, which is rare: once more, each for itself, so that only the one at fault hears of it. */
  #apart(jobs: readonly Job[]): void {
    for (const job of jobs) {
      try {
        this.#commit(job.run);
        job.done();
      } catch (error) {
        job.failed(error);
      }
    }
  }
}
