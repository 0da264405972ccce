import { z } from 'zod';
import type { Store } from '../store/port.ts';

/** How fast a platform may be spoken to. Data of the platform; counts are messages in any sixty seconds. */
export interface Quota {
  /** In one conversation. */
  readonly perMinute: number;
  /** In all conversations of the platform together; by each instance for itself. */
  readonly overallPerMinute?: number | undefined;
}

export interface Pace {
  /** The moment from which one more message may go into this lane; a moment that is not past is not taken. */
  admit(lane: string, now: number): Promise<number>;
}

const MINUTE = 60_000;
const MOMENT = z.coerce.number().finite();

/**
 * When the message after the next one would be on time, had every message taken its share of the minute. A
 * quarter of the quota may come at once and the rest is spread, so that no sixty seconds hold more than the
 * quota, however they are laid.
 */
function reserve(
  free: number,
  now: number,
  perMinute: number,
): { readonly at: number; readonly free: number } {
  const burst = Math.max(1, Math.floor(perMinute / 4));
  const share = MINUTE / Math.max(1, perMinute - burst);
  const from = Math.max(free, now);
  const at = from - (burst - 1) * share;
  return at > now ? { at: Math.ceil(at), free } : { at: now, free: from + share };
}

/**
 * Holds each lane to the quota of its platform before anything is sent. A conversation's place in time is kept in
 * the store: whoever leases the lane's head is the only one to touch it, so the quota of a conversation holds
 * across instances and restarts.
 */
export function createPace(
  store: Pick<Store, 'getNote' | 'putNote'>,
  quotaOf: (platform: string) => Quota | null,
): Pace {
  const overall = new Map<string, number>();
  return {
    async admit(lane, now) {
      const [kind, platform = ''] = lane.split(':');
      const quota = kind === 'room' ? quotaOf(platform) : null;
      if (!quota) return now;
      const key = `pace:${lane}`;
      const kept = MOMENT.safeParse((await store.getNote(key)) ?? 0);
      const own = reserve(kept.success ? kept.data : 0, now, quota.perMinute);
      // Read and taken in one turn of the event loop: other lanes of the platform ask at the same time.
      const whole =
        quota.overallPerMinute === undefined
          ? { at: now, free: now }
          : reserve(overall.get(platform) ?? 0, now, quota.overallPerMinute);
      if (own.at > now || whole.at > now) return Math.max(own.at, whole.at);
      overall.set(platform, whole.free);
      await store.putNote(key, String(own.free));
      return now;
    },
  };
}
