import type { Refusal } from './commands.ts';
import type { Actor, Instant } from './events.ts';
import type { Incident } from './state.ts';

/** A link into the web room of one incident, for one person of one organisation; its token lies elsewhere, digested. */
export interface GuestLink {
  /** `G1`: how people name it. */
  readonly link: string;
  readonly org: string;
  readonly until: Instant;
  /** Who opened it, and said so; null until then. Afterwards it opens nowhere else. */
  readonly name: string | null;
  readonly revoked: boolean;
}

/** Hours that a link may be good for: an emergency's, not a subscription. */
export const GUEST_HOURS = { most: 168, usual: 24 } as const;
/** An organisation that needs more people than this belongs on the roster. */
export const MOST_GUESTS = 20;

const GUEST = 'guest:';

/** Somebody who came by a link acts under this id, with the name they gave and the organisation of the link. */
export function guestActor(link: Pick<GuestLink, 'link' | 'org'>, name: string): Actor {
  return { id: GUEST + link.link, name, org: link.org };
}

/** No person of a roster has such an id. */
export function isGuest(person: string): boolean {
  return person.startsWith(GUEST);
}

/** Names of people, with those whom no roster knows: they are called as they said when they came in. */
export function namesIn(incident: Incident, nameOf: (person: string) => string): (person: string) => string {
  return (person) =>
    isGuest(person)
      ? (incident.participants.find((one) => one.person === person)?.name ?? nameOf(person))
      : nameOf(person);
}

/** Why a link opens nothing for somebody who comes with it now; null when it would. */
export function closedBecause(incident: Incident, link: string, now: Instant): Refusal | null {
  const found = incident.guests.find((one) => one.link === link);
  if (!found) return { code: 'no-such-link', params: { link }, possible: [] };
  const code = found.revoked
    ? 'link-revoked'
    : found.until <= now
      ? 'link-too-old'
      : found.name !== null
        ? 'link-used'
        : null;
  return code === null ? null : { code, params: {}, possible: [] };
}

/** A link that holds: neither revoked nor too old, and its organisation is not out of the room. */
export function holdingLink(incident: Incident, link: string, now: Instant): GuestLink | null {
  const found = incident.guests.find((one) => one.link === link);
  if (!found || found.revoked || found.until <= now) return null;
  const org = incident.organisations.find((one) => one.org === found.org);
  return org?.removedAt == null ? found : null;
}
