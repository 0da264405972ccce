import { z } from 'zod';

/**
 * One thing somebody said. `at` is ISO 8601, with or without an offset, or null when nobody knows; `ts` and
 * `thread_ts` are Slack's own keys and tell threads apart.
 */
export const messageSchema = z.object({
  at: z.string().nullish().default(null),
  author: z.string().nullish().default(null),
  text: z.string(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
});

export type Message = z.input<typeof messageSchema>;

/** A statement and the indexes of the messages that say it. */
export interface Fact<T = string> {
  value: T;
  cites: number[];
}

export interface TimelineEntry extends Fact {
  /** When it happened, as the message states it; null when the message carries no time. */
  at: string | null;
  kind: string;
}

/** What the messages state, and nothing else; a fact nobody stated is null (the interface of `warroom summarize`). */
export interface Summary {
  started: Fact | null;
  detected: Fact | null;
  mitigated: Fact | null;
  resolved: Fact | null;
  cause: Fact | null;
  impact: Fact | null;
  actions: Fact[];
  timeline: TimelineEntry[];
}
