import type { webApi } from '@slack/bolt';
import { nameOf } from '../name.ts';
import { slackCode } from './failure.ts';
import { tsIn } from './names.ts';

/** Messages whose thread is known without asking. */
const KEPT = 5000;

/** The parent is gone, or takes no answers: what answers it is said for itself. */
const NO_THREAD = new Set([
  'thread_not_found',
  'message_not_found',
  'cannot_reply_to_message',
  'invalid_thread_ts',
]);

/**
 * What answers a message stands in the thread of the message that began it, never in one of an answer
 * (docs.slack.dev/reference/methods/chat.postMessage, `thread_ts`).
 */
export function createThreads(client: webApi.WebClient) {
  const roots = new Map<string, string>();

  function note(channel: string, ts: string, thread: string | null): void {
    roots.set(nameOf(channel, ts), thread ?? ts);
    const [oldest] = roots.keys();
    if (roots.size > KEPT && oldest !== undefined) roots.delete(oldest);
  }

  /** Of what was said or heard lately: the thread it stands in, or begins. */
  const known = (channel: string, ts: string): string | null => roots.get(nameOf(channel, ts)) ?? null;

  /** Null where the name means nothing in the channel, or no longer does. */
  async function rootOf(channel: string, message: string | undefined): Promise<string | null> {
    const ts = tsIn(channel, message ?? '');
    if (ts === null) return null;
    const lately = known(channel, ts);
    if (lately !== null) return lately;
    try {
      const { messages } = await client.conversations.replies({ channel, ts, limit: 1 });
      const found = messages?.find((one) => one.ts === ts) ?? messages?.[0];
      note(channel, ts, found?.thread_ts ?? null);
      return found?.thread_ts ?? ts;
    } catch (error) {
      // Nothing but a missing message says that there is no thread; Slack itself un-threads what has no parent.
      return NO_THREAD.has(slackCode(error) ?? '') ? null : ts;
    }
  }

  /** Sends into the thread; where that is no more, into the channel. */
  async function within<T>(thread: string | null, send: (thread: string | null) => Promise<T>): Promise<T> {
    try {
      return await send(thread);
    } catch (error) {
      if (thread === null || !NO_THREAD.has(slackCode(error) ?? '')) throw error;
      return send(null);
    }
  }

  return { note, known, rootOf, within };
}
export type Threads = ReturnType<typeof createThreads>;
