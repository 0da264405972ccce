import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { failure } from './failure.ts';
import { type Said, said } from './payloads.ts';
import type { Memory } from './sender.ts';

/**
 * docs.slack.dev/apis/web-api/rate-limits, "App types and rate limits": conversations.history and
 * conversations.replies give apps that are distributed outside the Marketplace one call a minute of fifteen
 * messages; apps that a workspace built for itself have tier 3.
 */
export const HISTORY_LIMITS = {
  limited: { perMinute: 1, messages: 15 },
  internal: { perMinute: 50, messages: 200 },
} as const;

export interface HistoryLimits {
  readonly perMinute: number;
  readonly messages: number;
}

export interface HistoryDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly limits: HistoryLimits;
  /** Where incidents live now, and since when. */
  readonly rooms: () => Promise<readonly { readonly channel: string; readonly since: number }[]>;
  /** Takes one message that was missed, oldest first. */
  readonly take: (message: Said, channel: string) => Promise<void>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** A gap is read back this far and no further: fifteen a minute is no way to read an archive. */
const MOST_PAGES = 20;
const MOST_THREADS = 20;
/** How often the mark of what was heard is put down; what lies behind it is read twice and kept once. */
const MARK_EVERY = 25;

const threaded = said.extend({ reply_count: z.number().optional(), latest_reply: z.string().optional() });
type Threaded = z.infer<typeof threaded>;

/** Reads what was said in the rooms while nobody listened: slowly, in the background, one call after another. */
export function createHistory(deps: HistoryDeps) {
  const heard = new Map<string, string>();
  const marked = new Map<string, number>();
  let stopped = false;
  let wake: (() => void) | null = null;
  let work: Promise<void> = Promise.resolve();
  let next = 0;

  const mark = (channel: string): string => `heard:${channel}`;

  /** Waits without keeping the process alive; false when the platform was stopped meanwhile. */
  async function rest(ms: number): Promise<boolean> {
    if (ms > 0 && !stopped)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        timer.unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    wake = null;
    return !stopped;
  }

  /** One call at the allowed pace; a 429 is waited out, for as long as Slack says. */
  async function paced<T>(method: string, call: () => Promise<T>): Promise<T | null> {
    for (;;) {
      if (!(await rest(next - Date.now()))) return null;
      next = Date.now() + 60_000 / deps.limits.perMinute;
      try {
        return await call();
      } catch (error) {
        const failed = failure(error, method);
        if (failed.permanent || failed.retryAfterMs === null) {
          deps.log('slack: the history could not be read', { error: failed.error });
          return null;
        }
        next = Date.now() + failed.retryAfterMs;
      }
    }
  }

  async function pages(
    method: string,
    call: (cursor: string | undefined) => Promise<{
      messages?: unknown;
      has_more?: boolean | undefined;
      response_metadata?: { next_cursor?: string | undefined } | undefined;
    }>,
  ): Promise<readonly Threaded[] | null> {
    const found: Threaded[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await paced(method, () => call(cursor));
      if (!answer) return null;
      for (const one of z.array(z.unknown()).catch([]).parse(answer.messages)) {
        const read = threaded.safeParse(one);
        if (read.success) found.push(read.data);
      }
      cursor = answer.response_metadata?.next_cursor;
      if (!answer.has_more || !cursor) break;
    }
    return found;
  }

  async function fill(channel: string, since: number): Promise<void> {
    const oldest = heard.get(channel) ?? (await deps.recall(mark(channel))) ?? (since / 1000).toFixed(6);
    const { messages: limit } = deps.limits;
    const missed = await pages('conversations.history', (cursor) =>
      deps.client.conversations.history({ channel, oldest, limit, ...(cursor ? { cursor } : {}) }),
    );
    if (!missed) return;
    const threads = missed.filter((one) => (one.reply_count ?? 0) > 0).slice(0, MOST_THREADS);
    const all = new Map(missed.map((one) => [one.ts, one]));
    for (const { ts } of threads) {
      const answers = await pages('conversations.replies', (cursor) =>
        deps.client.conversations.replies({ channel, ts, oldest, limit, ...(cursor ? { cursor } : {}) }),
      );
      for (const one of answers ?? []) if (Number(one.ts) > Number(oldest)) all.set(one.ts, one);
    }
    const inOrder = [...all.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
    for (const one of inOrder) await deps.take(one, channel);
    const last = inOrder.at(-1);
    if (last) await put(channel, last.ts);
  }

  async function put(channel: string, ts: string): Promise<void> {
    heard.set(channel, ts);
    marked.set(channel, 0);
    await deps.remember(mark(channel), ts);
  }

  function queue(task: () => Promise<void>): void {
    work = work.then(async () => {
      if (stopped) return;
      await task().catch((error: unknown) => {
        deps.log('slack: the history could not be read', { error: failure(error, 'history').error });
      });
    });
  }

  return {
    /** Something was heard live: reading back begins behind it. */
    async live(channel: string, ts: string): Promise<void> {
      const before = heard.get(channel);
      if (before !== undefined && Number(before) >= Number(ts)) return;
      const since = (marked.get(channel) ?? MARK_EVERY) + 1;
      if (since > MARK_EVERY) return put(channel, ts);
      heard.set(channel, ts);
      marked.set(channel, since);
    },
    /** After the line was down, or at the start: every room. */
    catchUp(): void {
      queue(async () => {
        for (const room of await deps.rooms()) if (!stopped) await fill(room.channel, room.since);
      });
    },
    /** After the bot came into a channel. */
    joined(channel: string): void {
      queue(async () => {
        const room = (await deps.rooms()).find((one) => one.channel === channel);
        if (room) await fill(room.channel, room.since);
      });
    },
    async stop(): Promise<void> {
      stopped = true;
      wake?.();
      await work;
    },
  };
}
