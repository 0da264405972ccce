import chineseDays from 'chinese-days';
import type { Instant } from '../incident/events.ts';
import { instantIn, partsIn } from '../incident/zone.ts';
import type { Config, Rotation } from './schema.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** All tiers that have people, lowest first. */
export function tiersOf(config: Config): readonly number[] {
  return [...new Set([...Object.keys(config.tiers), ...Object.keys(config.rotations)].map(Number))].sort(
    (a, b) => a - b,
  );
}

/**
 * Whom to call in a tier at a moment, in order: an override, the one whose turn it is, the others of the
 * rotation, then the rest of the tier. Nobody is left out: a gap in the rota must not lose a page.
 */
export function callingOrder(config: Config, tier: number, at: Instant, zone: string): readonly string[] {
  const turn = config.rotations[String(tier)];
  const replaced = config.overrides.filter((one) => one.tier === tier && holds(one, at));
  return [
    ...new Set([
      ...replaced.map((one) => one.person),
      ...(turn ? inTurn(config, tier, turn, at, zone) : []),
      ...(turn?.people ?? []),
      ...(config.tiers[String(tier)] ?? []),
    ]),
  ];
}

/** Who has the turn: the first of the answer; empty outside the covered hours. */
function inTurn(config: Config, tier: number, turn: Rotation, at: Instant, zone: string): readonly string[] {
  // One after the other, as they were agreed: a turn that was swapped may be swapped on.
  return config.swaps
    .filter((one) => one.tier === tier && holds(one, at))
    .reduce<readonly string[]>(
      (people, { people: [one, other] }) =>
        people.map((id) => (id === one ? other : id === other ? one : id)),
      plannedTurn(turn, at, zone),
    );
}

function holds(span: { readonly from: string; readonly to: string }, at: Instant): boolean {
  return Date.parse(span.from) <= at && at < Date.parse(span.to);
}

function plannedTurn(turn: Rotation, at: Instant, zone: string): readonly string[] {
  if (!covers(turn, at, zone)) return [];
  const people = turn.holidays && isHoliday(shiftStart(turn, at, zone), zone) ? turn.holidays : turn.people;
  const first = turnNumber(turn, at, zone) % people.length;
  return [...people.slice(first), ...people.slice(0, first)];
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

export function covers(turn: Pick<Rotation, 'hours'>, at: Instant, zone: string): boolean {
  if (!turn.hours) return true;
  const local = partsIn(zone, at);
  const now = local.hour * 60 + local.minute;
  const [from, to] = [minutesOf(turn.hours.from), minutesOf(turn.hours.to)];
  return from <= to ? from <= now && now < to : now >= from || now < to;
}

/** The local day a shift belongs to: before the hand-over it is still yesterday's. */
function shiftStart(turn: Rotation, at: Instant, zone: string): Instant {
  const local = partsIn(zone, at);
  const before = local.hour * 60 + local.minute < minutesOf(turn.handover);
  return before ? at - DAY : at;
}

/** Shifts since the rotation began, counted in local calendar days so that daylight saving moves nothing. */
function turnNumber(turn: Rotation, at: Instant, zone: string): number {
  const day = partsIn(zone, shiftStart(turn, at, zone));
  const days = Math.round(
    (Date.UTC(day.year, day.month - 1, day.day) - Date.parse(`${turn.since}T00:00:00Z`)) / DAY,
  );
  const turns = Math.floor(days / (turn.every === 'day' ? 1 : 7));
  const size = turn.people.length * (turn.holidays?.length ?? 1);
  return ((turns % size) + size) % size;
}

export function isHoliday(at: Instant, zone: string): boolean {
  const { year, month, day } = partsIn(zone, at);
  return !chineseDays.getDayDetail(
    `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  ).work;
}

export interface Shift {
  readonly tier: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly person: string | null;
  readonly why: 'turn' | 'override' | 'swap' | 'gap';
}

/** Who has the turn over a span, as shifts; a gap is a shift of nobody. */
export function shifts(
  config: Config,
  tier: number,
  from: Instant,
  to: Instant,
  zone: string,
): readonly Shift[] {
  const turn = config.rotations[String(tier)];
  const all: Shift[] = [];
  const edges = edgesOf(config, tier, from, to, zone);
  for (const [index, at] of [from, ...edges].entries()) {
    const next = edges[index] ?? to;
    const replaced = config.overrides.find((one) => one.tier === tier && holds(one, at));
    const planned = turn ? (plannedTurn(turn, at, zone)[0] ?? null) : null;
    const person =
      replaced?.person ??
      (turn ? (inTurn(config, tier, turn, at, zone)[0] ?? null) : (config.tiers[String(tier)]?.[0] ?? null));
    const why = replaced
      ? 'override'
      : person === null
        ? 'gap'
        : turn && person !== planned
          ? 'swap'
          : 'turn';
    const last = all.at(-1);
    if (last && last.person === person && last.why === why) all[all.length - 1] = { ...last, to: next };
    else all.push({ tier, from: at, to: next, person, why });
  }
  return all;
}

/** The moments within a span at which the turn of a tier may change, soonest first. */
function edgesOf(config: Config, tier: number, from: Instant, to: Instant, zone: string): readonly Instant[] {
  const turn = config.rotations[String(tier)];
  const times = turn ? [turn.handover, ...(turn.hours ? [turn.hours.from, turn.hours.to] : [])] : [];
  const found = [...config.overrides, ...config.swaps]
    .filter((one) => one.tier === tier)
    .flatMap((one) => [Date.parse(one.from), Date.parse(one.to)]);
  for (let day = from - DAY; times.length > 0 && day < to + DAY; day += DAY) {
    const local = partsIn(zone, day);
    for (const time of times) {
      const minutes = minutesOf(time);
      const at = instantIn(zone, {
        ...local,
        hour: Math.floor(minutes / 60),
        minute: minutes % 60,
        second: 0,
      });
      // Where the clocks go forward over a hand-over, it is seen an hour later.
      found.push(at, at + 60 * MINUTE);
    }
  }
  return [...new Set(found)].filter((at) => at > from && at < to).sort((a, b) => a - b);
}

const LOOK_AHEAD = 15 * DAY;

export interface TurnChange {
  readonly tier: number;
  readonly at: Instant;
  readonly from: string | null;
  readonly to: string | null;
  /** When the shift that ends here began, as far back as is looked. */
  readonly since: Instant;
  /** Until when the next one has it; null where no change is in sight. */
  readonly until: Instant | null;
}

/** Every change of turn after `from`, up to and with `to`, soonest first. */
export function changesBetween(
  config: Config,
  from: Instant,
  to: Instant,
  zone: string,
): readonly TurnChange[] {
  return tiersOf(config)
    .flatMap((tier) => {
      const runs = turnsOf(config, tier, from - LOOK_AHEAD, to + LOOK_AHEAD, zone);
      return runs.flatMap((run, index) => {
        const before = runs[index - 1];
        if (!before || run.from <= from || run.from > to) return [];
        const until = index < runs.length - 1 ? run.to : null;
        return [{ tier, at: run.from, from: before.person, to: run.person, since: before.from, until }];
      });
    })
    .sort((a, b) => a.at - b.at || a.tier - b.tier);
}

/** Shifts by person alone: whether it was their turn or a swap makes no change. */
function turnsOf(
  config: Config,
  tier: number,
  from: Instant,
  to: Instant,
  zone: string,
): readonly Omit<Shift, 'why' | 'tier'>[] {
  const runs: Omit<Shift, 'why' | 'tier'>[] = [];
  for (const one of shifts(config, tier, from, to, zone)) {
    const last = runs.at(-1);
    if (last && last.person === one.person) runs[runs.length - 1] = { ...last, to: one.to };
    else runs.push({ from: one.from, to: one.to, person: one.person });
  }
  return runs;
}

/** For each tier: who has the turn at a moment, until when, and who follows; null where no change is in sight. */
export function turnsAt(
  config: Config,
  at: Instant,
  zone: string,
): readonly {
  readonly tier: number;
  readonly person: string | null;
  readonly why: Shift['why'];
  readonly until: Instant | null;
  readonly next: string | null;
}[] {
  return tiersOf(config).map((tier) => {
    const why = shifts(config, tier, at, at + 1, zone)[0]?.why ?? 'gap';
    const [now, next] = turnsOf(config, tier, at, at + LOOK_AHEAD, zone);
    return {
      tier,
      person: now?.person ?? null,
      why,
      until: next ? (now?.to ?? null) : null,
      next: next?.person ?? null,
    };
  });
}

/** Times at which nobody who could be called has the turn, and times at which one person has it in two tiers. */
export function rosterProblems(
  config: Config,
  from: Instant,
  days: number,
  zone: string,
): {
  readonly gaps: readonly Shift[];
  readonly doubles: readonly {
    readonly person: string;
    readonly tiers: readonly number[];
    readonly from: Instant;
  }[];
} {
  const to = from + days * DAY;
  const byTier = tiersOf(config).map((tier) => shifts(config, tier, from, to, zone));
  const gaps = byTier.flat().filter((one) => one.why === 'gap' || !canBeCalled(config, one));
  const doubles = byTier.flatMap((mine, index) =>
    mine.flatMap((one) =>
      byTier
        .slice(index + 1)
        .flat()
        .filter(
          (other) =>
            other.person !== null &&
            other.person === one.person &&
            other.from < one.to &&
            one.from < other.to,
        )
        .map((other) => ({
          person: one.person ?? '',
          tiers: [one.tier, other.tier],
          from: Math.max(one.from, other.from),
        })),
    ),
  );
  return { gaps, doubles };
}

/** Without a rotation the next of the list is called at once, so that one who can be is enough. */
function canBeCalled(config: Config, { tier, person, why }: Shift): boolean {
  const listed = why === 'turn' && !config.rotations[String(tier)];
  const people = listed ? (config.tiers[String(tier)] ?? []) : [person];
  return config.people.some((one) => people.includes(one.id) && one.contacts.length > 0);
}
