import { asStoreError, isRace, isUnreachable } from './connect.ts';

/** More in one transaction makes each of them wait longer than the round trips that it saves. */
const MOST = 500;
/** A job that loses this many races in a row has found a fault, not a race. */
const MOST_RACES = 10;

interface Waiting<Job, Answer> {
  readonly job: Job;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Jobs that come while one transaction is under way share the next one: a round trip and a disk flush cost the
 * same for one job and for hundreds. Nobody gets an answer before the commit. When a batch fails, each of its
 * jobs runs by itself, so that only the culprit hears of it.
 */
export class Batch<Job, Answer> {
  readonly #run: (jobs: readonly Job[]) => Promise<readonly Answer[]>;
  readonly #where: string;
  #waiting: Waiting<Job, Answer>[] = [];
  #draining: Promise<void> | null = null;

  constructor(where: string, run: (jobs: readonly Job[]) => Promise<readonly Answer[]>) {
    this.#where = where;
    this.#run = run;
  }

  do(job: Job): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#draining !== null) await this.#draining;
  }

  async #drain(): Promise<void> {
    // What is asked for in the same turn of the event loop belongs together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST);
      await this.#together(batch);
    }
    this.#draining = null;
  }

  async #together(batch: readonly Waiting<Job, Answer>[]): Promise<void> {
    try {
      const answers = await this.#run(batch.map((one) => one.job));
      answers.forEach((answer, index) => {
        batch[index]?.resolve(answer);
      });
    } catch (error) {
      if (isUnreachable(error)) for (const one of batch) one.reject(asStoreError(error, this.#where));
      else for (const one of batch) await this.#alone(one);
    }
  }

  async #alone(one: Waiting<Job, Answer>): Promise<void> {
    for (let races = 0; ; races += 1) {
      try {
        for (const answer of await this.#run([one.job])) one.resolve(answer);
        return;
      } catch (error) {
        if (isRace(error) && races < MOST_RACES) continue;
        one.reject(asStoreError(error, this.#where));
        return;
      }
    }
  }
}
