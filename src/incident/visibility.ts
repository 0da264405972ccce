import type { Actor, Place } from './events.ts';
import type { Incident } from './state.ts';

/** Whose an organisation is: the plan's customer, we, and whoever else works on the incident (plan L247–310). */
export const SIDES = ['customer', 'vendor', 'partner', 'integrator'] as const;
export type Side = (typeof SIDES)[number];

/** A stream of talk: everybody's, the customer's and ours, one organisation's own. */
export type Stream = 'joint' | 'customer+vendor' | `org:${string}`;

/** How a note is meant: for all, for the customer and us, for one's own organisation. */
export type Audience = 'joint' | 'shared' | 'own';

/** An organisation as the rules see it. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly side: Side;
}

/** Who may read what, decided here and nowhere else: what all may read, and what is one's own. */
export function streamsOf(org: string, side: Side | null): readonly Stream[] {
  const shared = side === 'customer' || side === 'vendor' ? (['customer+vendor'] as const) : [];
  return ['joint', ...shared, `org:${org}`];
}

/**
 * What a conversation of a chat platform may show. Only one in which nobody else is (the invitation said so, and
 * nobody of another organisation spoke there) gets more than what all may read.
 */
export function streamsOfPlace(place: Place, side: Side | null): readonly Stream[] {
  return place.audience === 'org' ? streamsOf(place.org, side) : ['joint'];
}

/** Where a note belongs. Who is neither the customer nor we has no stream with the two: it stays their own. */
export function streamFor(audience: Audience, author: Pick<Actor, 'org'>, side: Side | null): Stream {
  switch (audience) {
    case 'joint':
      return 'joint';
    case 'shared':
      return side === 'customer' || side === 'vendor' ? 'customer+vendor' : `org:${author.org}`;
    case 'own':
      return `org:${author.org}`;
    default: {
      const unknown: never = audience;
      throw new Error(`unknown audience ${JSON.stringify(unknown)}`);
    }
  }
}

/** A stream by the name under which it was kept; what is no stream of talk is nobody's to read. */
export function streamNamed(name: string): Stream {
  if (name === 'joint' || name === 'customer+vendor') return name;
  if (name.startsWith('org:')) return `org:${name.slice('org:'.length)}`;
  throw new Error(`corrupt-log: no stream of talk is called ${name}`);
}

/**
 * Whether an incident is an organisation's business. We serve all of them; a customer has its own systems and what
 * it reported; everybody else comes by invitation, by a call, or by having reported it, and leaves by removal.
 */
export function mayEnter(
  incident: Incident,
  reader: { readonly org: string; readonly side: Side | null },
  /** The organisation whose system is in trouble; null where the register does not know it. */
  customer: string | null,
  /** Whose people somebody belongs to; null for whom the roster does not know. */
  orgOf: (person: string) => string | null = () => null,
): boolean {
  const { org, side } = reader;
  if (side === 'vendor' || org === customer) return true;
  const invited = incident.organisations.find((one) => one.org === org);
  if (invited) return invited.removedAt === null;
  return (
    incident.reporter.org === org ||
    incident.participants.some((one) => one.org === org) ||
    incident.pages.some((one) => orgOf(one.person) === org)
  );
}

/** Whether several organisations beside the customer and us are in it: then what is said crosses to other companies. */
export function isJoint(incident: Incident): boolean {
  return incident.organisations.some((one) => one.removedAt === null);
}
