import { z } from 'zod';
import { type HandoverFacts, handoverNote, type ShiftText } from '../effects/announce/handover.ts';
import { noteRow } from '../effects/outbox.ts';
import type { Clock } from '../engine/clock.ts';
import type { Instant } from '../incident/events.ts';
import type { Language, Plan } from '../incident/plan.ts';
import { isBusinessOf } from '../roster/access.ts';
import { changesBetween, type Shift, type TurnChange, tiersOf } from '../roster/oncall.ts';
import type { Config } from '../roster/schema.ts';
import type { Store } from '../store/port.ts';
import { clockTime } from '../words/time.ts';
import type { Swapped } from './live-roster.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A change that is further back than this was handed over by other means. */
const OLDEST = DAY;
/** Looked at anew at least so often: nothing may be in sight that was not there before. */
const LONGEST_SLEEP = 6 * HOUR;
const MOST_TEXTS = 50;
const MOST_CHARACTERS = 2000;

const textsShape = z.array(z.object({ at: z.number(), text: z.string() }));
const changeShape = z.object({
  tier: z.number(),
  at: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  notes: z.record(
    z.enum(['zh', 'en']),
    z.object({ headline: z.string(), lines: z.array(z.string()).readonly() }),
  ),
});
export type LastHandover = z.infer<typeof changeShape>;

export interface HandoverDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** As it stands now, with what people have swapped. */
  readonly roster: () => Config;
  readonly zone: string;
  readonly plan: (version: string) => Promise<Plan>;
  readonly tierTitle: (tier: number, language: Language) => string;
  readonly nameOf: (person: string) => string;
  /** Called after rows were written. */
  readonly kick: () => void;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface Handover {
  start(): void;
  stop(): void;
  /** Keeps a text for the next change of turn; answers with when that is, null when none is in sight. */
  leave(person: string, text: string): Promise<Instant | null>;
  /** Tells both that their turns are exchanged. */
  swapped(me: string, other: string, swap: Extract<Swapped, { ok: true }>): Promise<void>;
  /** The roster is another one now. */
  rearm(): void;
  /** What waits for the next change of a tier. */
  waiting(tier: number): Promise<readonly ShiftText[]>;
  /** The note of the last change of each tier. */
  last(): Promise<readonly LastHandover[]>;
}

/**
 * At every change of turn the one who goes and the one who comes get a note: what is open, what is due next, what
 * was left for them. Each instance writes it; the row's key lets only one of them stay. What changed while nobody
 * was running is made up for at the next start.
 */
export function createHandover(deps: HandoverDeps): Handover {
  const { store, clock, roster, zone } = deps;
  let cancel: (() => void) | null = null;
  let running = false;

  async function look(): Promise<void> {
    try {
      const now = clock.now();
      const done = await doneUntil(now);
      const changes = changesBetween(roster(), done, now, zone);
      for (const change of changes) await tell(change);
      await store.putNote('handover:done', String(now));
      if (changes.length > 0) deps.kick();
    } catch (error) {
      deps.log('hand-over failed', { error: String(error) });
    }
    arm();
  }

  async function doneUntil(now: Instant): Promise<Instant> {
    const kept = z.coerce.number().safeParse((await store.getNote('handover:done')) ?? now);
    return Math.max(now - OLDEST, Math.min(now, kept.success ? kept.data : now));
  }

  function arm(): void {
    cancel?.();
    if (!running) return;
    const now = clock.now();
    cancel = clock.at(nextLook(now), look);
  }

  /** A roster that cannot be read must not end the watch on it, let alone the process. */
  function nextLook(now: Instant): Instant {
    try {
      return changesBetween(roster(), now, now + LONGEST_SLEEP, zone)[0]?.at ?? now + LONGEST_SLEEP;
    } catch (error) {
      deps.log('hand-over not planned', { error: String(error) });
      return now + HOUR;
    }
  }

  async function tell(change: TurnChange): Promise<void> {
    const facts = await factsOf(change);
    const of = (language: Language, incidents = facts.incidents) =>
      handoverNote({ ...facts, incidents, tierTitle: deps.tierTitle(change.tier, language) }, language);
    const people = [...new Set([change.from, change.to])].filter((one) => one !== null);
    const rows = people.map((person) => {
      const known = roster().people.find((one) => one.id === person);
      // A turn may be another company's, which learns of its own incidents and of no others.
      const theirs = facts.incidents.filter((one) => isBusinessOf(roster(), one.incident, known?.org ?? ''));
      const { headline, lines } = of(known?.language ?? 'zh', theirs);
      return noteRow({
        person,
        subject: headline,
        text: [headline, ...lines].join('\n'),
        key: `handover:${change.tier}:${change.at}:${person}`,
        notBefore: clock.now(),
      });
    });
    await store.enqueue(rows, clock.now());
    const { tier, at, from, to } = change;
    const kept: LastHandover = { tier, at, from, to, notes: { zh: of('zh'), en: of('en') } };
    await store.putNote(`handover:last:${tier}`, JSON.stringify(kept));
  }

  async function factsOf(change: TurnChange): Promise<HandoverFacts> {
    const all = await store.incidents({ limit: 200 });
    const mattering = all.filter(
      (one) => one.status !== 'closed' || one.followUps.some((it) => isAhead(it.due, change.at)),
    );
    const incidents = await Promise.all(
      mattering.map(async (incident) => ({ incident, plan: await deps.plan(incident.pinned.planVersion) })),
    );
    const { at, from, to, until } = change;
    const texts = (await textsFor(change.tier)).filter((one) => one.at >= change.since && one.at < at);
    return { tierTitle: '', at, from, to, until, incidents, texts, nameOf: deps.nameOf, zone };
  }

  /** Of those who belong to the tier, and of those who belong to none. */
  async function textsFor(tier: number): Promise<readonly ShiftText[]> {
    const found = await Promise.all(
      roster()
        .people.filter((one) => belongs(roster(), one.id, tier))
        .map(async (one) => (await textsOf(one.id)).map((text) => ({ by: one.id, ...text }))),
    );
    return found.flat().sort((a, b) => a.at - b.at);
  }

  async function textsOf(person: string): Promise<z.infer<typeof textsShape>> {
    const kept = await store.getNote(`handover:text:${person}`);
    return kept === null ? [] : textsShape.parse(JSON.parse(kept));
  }

  return {
    start() {
      running = true;
      cancel = clock.at(clock.now(), look);
    },
    stop() {
      running = false;
      cancel?.();
    },
    async leave(person, text) {
      const now = clock.now();
      const before = await textsOf(person);
      const kept = [...before, { at: now, text: [...text].slice(0, MOST_CHARACTERS).join('') }].slice(
        -MOST_TEXTS,
      );
      await store.putNote(`handover:text:${person}`, JSON.stringify(kept));
      const ahead = changesBetween(roster(), now, now + 15 * DAY, zone);
      return ahead.find((one) => belongs(roster(), person, one.tier))?.at ?? null;
    },
    async swapped(me, other, { tier, mine, theirs }) {
      const now = clock.now();
      const span = (one: Shift): string =>
        `${clockTime(one.from, zone, now)}–${clockTime(one.to, zone, now)}`;
      const rows = [me, other].map((person) => {
        const language = roster().people.find((one) => one.id === person)?.language ?? 'zh';
        const [a, b] = [deps.nameOf(me), deps.nameOf(other)];
        const text = {
          zh: `【战情室】换班 ${deps.tierTitle(tier, 'zh')}：${span(mine)} 由 ${b} 值，${span(theirs)} 由 ${a} 值（${a} 提出）`,
          en: `[warroom] turns swapped, ${deps.tierTitle(tier, 'en')}: ${span(mine)} ${b}, ${span(theirs)} ${a} (asked by ${a})`,
        }[language];
        const key = `swap:${tier}:${mine.from}:${theirs.from}:${now}:${person}`;
        return noteRow({ person, subject: text, text, key, notBefore: now });
      });
      await store.enqueue(rows, now);
      deps.kick();
      arm();
    },
    rearm: arm,
    async waiting(tier) {
      const now = clock.now();
      const since =
        changesBetween(roster(), now - 15 * DAY, now, zone).findLast((one) => one.tier === tier)?.at ?? 0;
      return (await textsFor(tier)).filter((one) => one.at >= since);
    },
    async last() {
      const kept = await Promise.all(tiersOf(roster()).map((tier) => store.getNote(`handover:last:${tier}`)));
      return kept.flatMap((one) => {
        const read = changeShape.safeParse(one === null ? null : JSON.parse(one));
        return read.success ? [read.data] : [];
      });
    },
  };
}

function isAhead(due: string | null, at: Instant): boolean {
  const day = due === null ? Number.NaN : Date.parse(due);
  return day >= at - DAY;
}

function belongs(config: Config, person: string, tier: number): boolean {
  const of = (one: number): boolean =>
    (config.tiers[String(one)] ?? []).includes(person) ||
    (config.rotations[String(one)]?.people ?? []).includes(person) ||
    [...config.overrides, ...config.swaps].some(
      (it) => it.tier === one && ('person' in it ? it.person === person : it.people.includes(person)),
    );
  return of(tier) || !tiersOf(config).some(of);
}
