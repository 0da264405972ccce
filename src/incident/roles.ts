import type { Directory } from './directory.ts';
import type { Actor } from './events.ts';
import { guestActor, isGuest } from './guests.ts';
import type { Incident, Page, State } from './state.ts';
import { mayEnter } from './visibility.ts';

export const ROLES = [
  'emergency-lead',
  'system-owner',
  'component-owner',
  'incident-lead',
  'duty-engineer',
  'vendor-engineer',
  'customer-staff',
  'observer',
] as const;
/**
 * What a person is in one incident; one person may be several at a time. `observer` is everybody who may enter, so
 * that what an observer may do everybody in the room may do.
 */
export type Role = (typeof ROLES)[number];

const APPROVING = ['emergency-lead', 'system-owner', 'component-owner'] as const;

/**
 * Whether the incident exists for somebody. An account that belongs to no registered organisation can only speak
 * from a conversation the incident lives in: it watches from there.
 */
export function isInside(
  person: Pick<Actor, 'id' | 'org'>,
  incident: Incident,
  directory: Directory,
): boolean {
  if (isGuest(person.id)) {
    const link = incident.guests.find((one) => guestActor(one, '').id === person.id);
    if (!link || link.revoked) return false;
  }
  const known = directory.organisations[person.org];
  if (!known) return true;
  const orgOf = (id: string): string | null => directory.people[id]?.org ?? null;
  return mayEnter(incident, { org: person.org, side: known.side }, directory.customer, orgOf);
}

/**
 * The roles of a person in an incident, in the order of the table; none for whom it does not exist. Before there is
 * an incident everybody is at the door of it (`state` null).
 */
export function rolesOf(
  person: Pick<Actor, 'id' | 'org'>,
  state: State,
  directory: Directory,
): readonly Role[] {
  if (state && !isInside(person, state, directory)) return [];
  return ROLES.filter((role) => holds(role, person, state, directory));
}

function holds(role: Role, person: Pick<Actor, 'id' | 'org'>, state: State, directory: Directory): boolean {
  const side = directory.organisations[person.org]?.side ?? null;
  switch (role) {
    case 'emergency-lead':
    case 'system-owner':
    case 'component-owner':
      return namedFor(role, directory).includes(person.id);
    case 'incident-lead':
      return state !== null && leadingPerson(state, directory) === person.id;
    case 'duty-engineer':
      return isDuty(person.id, side, state, directory);
    case 'vendor-engineer':
      return side === 'partner' || side === 'integrator' || (side === 'vendor' && isGuest(person.id));
    case 'customer-staff':
      return side === 'customer' && !isGuest(person.id);
    case 'observer':
      return true;
    default: {
      const unknown: never = role;
      throw new Error(`unknown role ${JSON.stringify(unknown)}`);
    }
  }
}

/** On one of our tiers, or one of our people who was called to this incident: whoever is called has to be able to work. */
function isDuty(
  person: string,
  side: Directory['organisations'][string]['side'] | null,
  state: State,
  directory: Directory,
): boolean {
  if (Object.values(directory.tiers).some((people) => people.includes(person))) return true;
  return side === 'vendor' && (state?.pages.some((page) => page.person === person) ?? false);
}

function namedFor(role: (typeof APPROVING)[number], directory: Directory): readonly string[] {
  const named = directory.approvers[role];
  return named ? [...(named.holder === null ? [] : [named.holder]), ...named.deputies] : [];
}

/** Calls that pass the lead on; hand-overs of before they were marked have no other sign. */
const PASSING: readonly string[] = ['reopened', 'handoff'];

/**
 * Who leads now: whoever answered a tier's call first; then whoever took the incident over, answered a hand-over, or
 * answered the call that followed a re-opening, the last of them. The one who hands over leads until the other one
 * answers. Once the lead was handed to another organisation (plan L19) it is one of theirs: whoever of them answered
 * any call first, then as before. Null while nobody has answered.
 */
export function leadingPerson(state: Incident, directory: Directory): string | null {
  const { lead: org } = state;
  let lead: string | null = null;
  for (const page of answeredInOrder(state)) {
    const by = page.answeredBy?.person ?? page.person;
    if (org !== null && directory.people[by]?.org !== org) continue;
    const passes =
      page.handoff === true || page.answeredBy?.route === 'taken' || PASSING.includes(page.because);
    if (passes || (lead === null && (page.tier !== null || org !== null))) lead = by;
  }
  return lead;
}

function answeredInOrder(state: Incident): readonly Page[] {
  return state.pages
    .filter((page) => page.status === 'acknowledged' && page.answeredAt !== null)
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0));
}

/** The people who hold a role now, by id, those to be asked first in front; empty for the roles that are a crowd. */
export function holdersOf(role: Role, state: State, directory: Directory): readonly string[] {
  switch (role) {
    case 'emergency-lead':
    case 'system-owner':
    case 'component-owner':
      return namedFor(role, directory);
    case 'incident-lead': {
      const lead = state === null ? null : leadingPerson(state, directory);
      return lead === null ? [] : [lead];
    }
    case 'duty-engineer':
      return directory.tiers[1] ?? [];
    case 'vendor-engineer':
    case 'customer-staff':
    case 'observer':
      return [];
    default: {
      const unknown: never = role;
      throw new Error(`unknown role ${JSON.stringify(unknown)}`);
    }
  }
}
