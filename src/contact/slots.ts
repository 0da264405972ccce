import { type Contact, routeOf } from '../roster/schema.ts';
import type { ContactMethod, Sent } from './port.ts';

/** Calls that one gateway or platform may leave unanswered at a time. */
const MOST_AT_ONCE = 64;
/** How long a page waits for its turn before the next way is tried. */
const PATIENCE_MS = 3_000;

interface Time {
  now(): number;
  at(when: number, run: () => unknown): () => void;
}

/**
 * Gives every route room of its own, so that pages by one that hangs leave room for pages by all the others: who
 * finds no room in time goes on to the next way, and comes back later.
 */
export function withSlots(send: ContactMethod, time: Time): ContactMethod {
  const busy = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  async function enter(route: string): Promise<boolean> {
    const found = busy.get(route) ?? 0;
    if (found < MOST_AT_ONCE) {
      busy.set(route, found + 1);
      return true;
    }
    return new Promise((resolve) => {
      const queue = waiting.get(route) ?? [];
      waiting.set(route, queue);
      const entered = (): void => {
        takeBack();
        resolve(true);
      };
      const takeBack = time.at(time.now() + PATIENCE_MS, () => {
        queue.splice(queue.indexOf(entered), 1);
        resolve(false);
      });
      queue.push(entered);
    });
  }

  function leave(route: string): void {
    const next = waiting.get(route)?.shift();
    // The room goes from hand to hand; it is given back when nobody waits for it.
    if (next) next();
    else busy.set(route, (busy.get(route) ?? 1) - 1);
  }

  return async (contact: Contact, call): Promise<Sent> => {
    const route = routeOf(contact);
    if (!(await enter(route)))
      return {
        ok: false,
        permanent: false,
        retryAfterMs: null,
        detail: `busy: ${MOST_AT_ONCE} calls wait for an answer`,
      };
    try {
      return await send(contact, call);
    } finally {
      leave(route);
    }
  };
}
