import { setTimeout as wait } from 'node:timers/promises';
import type { Failed } from './port.ts';

const TRIES = 3;
const WAIT_MS = 1000;
/** Nobody looks at an answer that comes later, and a desk that stops waits for what is under way. */
const LONGEST_MS = 30_000;

/**
 * Whether an answer is to be tried again, after the wait that the platform asked for. Answers do not go through the
 * outbox, which would wait and try again by itself.
 */
export async function anotherTry(
  failed: Pick<Failed, 'permanent' | 'retryAfterMs'>,
  tries: number,
): Promise<boolean> {
  const pause = failed.retryAfterMs ?? WAIT_MS;
  if (failed.permanent || tries >= TRIES || pause > LONGEST_MS) return false;
  await wait(pause);
  return true;
}
