/**
 * One connection for one client id: with two of them DingTalk gives each message to either, and one that dies takes what
 * it was given with it. Time is cut into windows; whoever claims a window holds the connection in it, and claims the
 * next one before it begins. A claim is given once, so that two never hold the same window.
 */
export interface LeaseOptions {
  readonly now: () => number;
  /** True exactly once for a key, among all instances. */
  readonly claim: (key: string) => Promise<boolean>;
  readonly windowMs: number;
  readonly gained: () => Promise<void>;
  readonly lost: () => Promise<void>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

export function createLease(options: LeaseOptions) {
  const { windowMs } = options;
  let held: number | null = null;
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  /** The holder renews for the last third of its window; the others ask once a window has begun without a holder. */
  async function step(): Promise<void> {
    const now = options.now();
    const present = Math.floor(now / windowMs);
    if (held !== null) {
      if (held < present) {
        // This machine slept, or the store was away: what was claimed has run out.
        held = (await options.claim(String(present))) ? present : null;
        if (held === null) return options.lost();
      }
      const late = now - present * windowMs >= (windowMs * 2) / 3;
      if (held === present && late) {
        if (await options.claim(String(present + 1))) held = present + 1;
      }
      return;
    }
    if (!(await options.claim(String(present)))) return;
    held = present;
    await options.gained();
  }

  function next(): void {
    if (!running) return;
    timer = setTimeout(() => {
      turn = step()
        .catch((error: unknown) => {
          options.log('dingtalk: the lease could not be renewed', { error: String(error).slice(0, 200) });
        })
        .finally(next);
    }, windowMs / 6);
    timer.unref();
  }

  return {
    async start(): Promise<void> {
      running = true;
      await step();
      next();
    },
    async stop(): Promise<void> {
      running = false;
      clearTimeout(timer);
      await turn;
    },
  };
}
