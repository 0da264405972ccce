import { z } from 'zod';
import type { Instant } from '../incident/events.ts';
import { type Shift, shifts, tiersOf } from '../roster/oncall.ts';
import { type Config, swapSchema } from '../roster/schema.ts';
import type { Store } from '../store/port.ts';

const NOTE = 'roster:swaps';
const DAY = 86_400_000;
const AROUND = 15 * DAY;
const KEPT_DAYS = 60;
const MOST_TRIES = 5;

export type Swapped =
  | { readonly ok: true; readonly tier: number; readonly mine: Shift; readonly theirs: Shift }
  | {
      readonly ok: false;
      readonly why: 'no-common-tier' | 'not-my-turn' | 'not-their-turn' | 'past';
      readonly tier: number | null;
    };

export interface LiveRoster {
  /** The configuration with what people have swapped since. */
  current(): Config;
  /** Another instance may have written. */
  refresh(): Promise<void>;
  /** The turn of one person at a moment for that of another at another one. */
  swap(me: string, other: string, mine: Instant, theirs: Instant, now: Instant): Promise<Swapped>;
}

const kept = z.array(swapSchema);

/** The roster of the file, and the swaps that people made by command: kept in the store, the same everywhere. */
export async function createLiveRoster(store: Store, config: Config, zone: string): Promise<LiveRoster> {
  let swaps: z.infer<typeof kept> = [];
  // One object until it changes: what is resolved from it is kept by it.
  let roster = config;
  const refresh = async (): Promise<void> => {
    const found = await store.getNote(NOTE);
    swaps = found === null ? [] : kept.parse(JSON.parse(found));
    roster = swaps.length === 0 ? config : { ...config, swaps: [...config.swaps, ...swaps] };
  };
  await refresh();
  const current = (): Config => roster;

  const turnAt = (roster: Config, tier: number, at: Instant): Shift | undefined =>
    shifts(roster, tier, at - AROUND, at + AROUND, zone).find((one) => one.from <= at && at < one.to);

  function agree(me: string, other: string, mine: Instant, theirs: Instant, now: Instant): Swapped {
    const roster = current();
    const tier = tiersOf(roster).find((one) => {
      const people = roster.rotations[String(one)]?.people ?? [];
      return people.includes(me) && people.includes(other) && me !== other;
    });
    if (tier === undefined) return { ok: false, why: 'no-common-tier', tier: null };
    const own = turnAt(roster, tier, mine);
    const their = turnAt(roster, tier, theirs);
    if (own?.person !== me) return { ok: false, why: 'not-my-turn', tier };
    if (their?.person !== other) return { ok: false, why: 'not-their-turn', tier };
    if (own.to <= now || their.to <= now) return { ok: false, why: 'past', tier };
    return { ok: true, tier, mine: own, theirs: their };
  }

  return {
    current,
    refresh,
    async swap(me, other, mine, theirs, now) {
      await refresh();
      const agreed = agree(me, other, mine, theirs, now);
      if (!agreed.ok) return agreed;
      const made = [agreed.mine, agreed.theirs].map((one) => ({
        tier: agreed.tier,
        // What has begun stays as it was until now; turns begin on a whole second.
        from: new Date(Math.max(one.from, now - (now % 1000))).toISOString(),
        to: new Date(one.to).toISOString(),
        people: [me, other] satisfies [string, string],
        reason: 'swap',
      }));
      // Two instances may write at once: whoever does not find the own swap afterwards writes again.
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const young = swaps.filter((one) => Date.parse(one.to) > now - KEPT_DAYS * DAY);
        await store.putNote(NOTE, JSON.stringify([...young, ...made]));
        await refresh();
        if (made.every((one) => swaps.some((it) => it.from === one.from && it.people[0] === me))) break;
      }
      return agreed;
    },
  };
}
