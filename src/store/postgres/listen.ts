import pg from 'pg';
import { CHANNEL } from './log.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Hears what other instances write. A broken connection is made anew, and everything is looked at once then:
 * what was said meanwhile was not heard.
 */
export class Listener {
  readonly #url: string;
  readonly #wake: (incident: string | null) => void;
  #client: pg.Client | null = null;
  #pause: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(url: string, wake: (incident: string | null) => void) {
    this.#url = url;
    this.#wake = wake;
    void this.#open();
  }

  async #open(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({ connectionString: this.#url, application_name: 'warroom-listen' });
    this.#client = client;
    let over = false;
    const again = (): void => {
      if (over) return;
      over = true;
      this.#later();
    };
    client.on('notification', (message) => this.#wake(message.payload ?? null));
    client.on('error', again);
    client.on('end', again);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#failures = 0;
      this.#wake(null);
    } catch {
      again();
    }
  }

  #later(): void {
    if (this.#closed) return;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#pause = setTimeout(() => void this.#open(), pause);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    await this.#client?.end().catch(() => {});
  }
}
