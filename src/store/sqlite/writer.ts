import type Database from 'better-sqlite3';
import { asStoreError } from './open.ts';

interface Job {
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes that were asked for in the same turn of the event loop share one durable commit. Nobody gets an
 * answer before that commit, so nothing acknowledged can be lost; a job that throws undoes only itself.
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
    const written: Job[] = [];
    try {
      this.#raw.exec('begin immediate');
      for (const job of jobs) this.#runOne(job, written);
      this.#raw.exec('commit');
    } catch (error) {
      if (this.#raw.inTransaction) this.#raw.exec('rollback');
      for (const job of jobs) job.failed(error);
      return;
    }
    for (const job of written) job.done();
  }

  #runOne(job: Job, written: Job[]): void {
    this.#raw.exec('savepoint job');
    try {
      job.run();
      written.push(job);
    } catch (error) {
      // A full disk ends the whole transaction by itself; then there is no savepoint to go back to.
      if (!this.#raw.inTransaction) throw error;
      this.#raw.exec('rollback to job');
      job.failed(error);
    }
    this.#raw.exec('release job');
  }
}
