import type { Message } from '../../src/summary/index.ts';

/** A room on one morning: clock, author and words of each message. */
export const room = (...lines: readonly [string, string, string][]): Message[] =>
  lines.map(([clock, author, text]) => ({ at: `2026-05-06T${clock}:00+08:00`, author, text }));
