import { isGuest } from '../incident/guests.ts';
import type { Incident } from '../incident/state.ts';
import { mayEnter, type Side } from '../incident/visibility.ts';
import type { Config } from './schema.ts';

export function sideOf(config: Pick<Config, 'organisations'>, org: string): Side | null {
  return config.organisations.find((one) => one.id === org)?.side ?? null;
}

/** Whether an incident is an organisation's business, by what the register and the roster know. */
export function isBusinessOf(config: Config, incident: Incident, org: string): boolean {
  const customer = config.systems.find((one) => one.id === incident.system.id)?.org ?? null;
  const orgOf = (person: string) => config.people.find((one) => one.id === person)?.org ?? null;
  return mayEnter(incident, { org, side: sideOf(config, org) }, customer, orgOf);
}

/** Whether an incident is somebody's business. A guest has the one that they came into, which is asked there. */
export function mayRead(
  config: Config,
  incident: Incident,
  { id, org }: { readonly id: string; readonly org: string },
): boolean {
  return !isGuest(id) && isBusinessOf(config, incident, org);
}

/** What an organisation sees of the roster: the customer and we all of it, others their own people. */
export interface RosterEyes {
  readonly all: boolean;
  readonly tier: (tier: number) => boolean;
  readonly person: (id: string | null) => boolean;
}

export function rosterEyes(config: Config, org: string): RosterEyes {
  const side = sideOf(config, org);
  if (side === 'vendor' || side === 'customer') return { all: true, tier: () => true, person: () => true };
  const own = new Set(config.people.filter((one) => one.org === org).map((one) => one.id));
  const tiers = new Set(peopleByTier(config).flatMap(([tier, id]) => (own.has(id) ? [tier] : [])));
  return { all: false, tier: (tier) => tiers.has(tier), person: (id) => id === null || own.has(id) };
}

function peopleByTier(config: Config): readonly (readonly [number, string])[] {
  return [
    ...Object.entries(config.tiers),
    ...Object.entries(config.rotations).map(
      ([tier, one]) => [tier, [...one.people, ...(one.holidays ?? [])]] as const,
    ),
    ...config.overrides.map((one) => [String(one.tier), [one.person]] as const),
    ...config.swaps.map((one) => [String(one.tier), one.people] as const),
  ].flatMap(([tier, ids]) => ids.map((id) => [Number(tier), id] as const));
}

/** Somebody has the turn, of an organisation whose people are not the reader's business. */
type Elsewhere = { readonly person: null; readonly why: 'elsewhere' };

export function turnSeen<T extends { readonly person: string | null; readonly why: string }>(
  eyes: RosterEyes,
  turn: T,
): T | (Omit<T, 'person' | 'why'> & Elsewhere) {
  return eyes.person(turn.person) ? turn : { ...turn, person: null, why: 'elsewhere' };
}

/** The turns of an organisation's own tiers; who follows is told only of its own people. */
export function turnsSeen<
  T extends {
    readonly tier: number;
    readonly person: string | null;
    readonly why: string;
    readonly until: number | null;
    readonly next: string | null;
  },
>(eyes: RosterEyes, turns: readonly T[]) {
  return turns
    .filter((turn) => eyes.tier(turn.tier))
    .map((turn) => turnSeen(eyes, eyes.person(turn.next) ? turn : { ...turn, until: null, next: null }));
}

export function problemsSeen<G extends { readonly tier: number }, D extends { readonly person: string }>(
  eyes: RosterEyes,
  problems: { readonly gaps: readonly G[]; readonly doubles: readonly D[] },
) {
  return {
    gaps: problems.gaps.filter((one) => eyes.tier(one.tier)),
    doubles: problems.doubles.filter((one) => eyes.person(one.person)),
  };
}
