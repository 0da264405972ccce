import type { IncidentEvent } from '../events.ts';
import type { Moment } from '../plan.ts';
import type { Incident, MomentMark } from '../state.ts';

/** The invited organisation a person acts for; null for the customer, us, and whoever was never invited. */
export function guestOrg(state: Incident, org: string): string | null {
  return state.organisations.some((one) => one.org === org) ? org : null;
}

/** The moments of whoever acts: an invited organisation's own, everybody else's are the incident's. */
export function momentsOf(state: Incident, org: string): Incident['moments'] {
  const guest = guestOrg(state, org);
  return guest === null ? state.moments : (state.orgMoments[guest] ?? {});
}

export function mark(state: Incident, moment: Moment, event: IncidentEvent): Incident {
  return { ...state, moments: { ...state.moments, [moment]: at(event) } };
}

/**
 * An invited organisation's people travel, arrive and advise for their own organisation: it ends no promise of ours.
 * The first human contact is everybody's (plan L131), whoever makes it.
 */
export function markBy(state: Incident, moment: Moment, org: string, event: IncidentEvent): Incident {
  const guest = guestOrg(state, org);
  if (guest === null) return mark(state, moment, event);
  const own = ownMark(state, guest, moment, event);
  const shared = moment === 'first-contact' && !state.moments['first-contact'];
  return shared ? mark(own, moment, event) : own;
}

/** Answering a call or coming in is an organisation's first response, where it has given none. */
export function responded(state: Incident, org: string, event: IncidentEvent): Incident {
  const guest = guestOrg(state, org);
  if (guest === null || state.orgMoments[guest]?.['first-contact']) return state;
  return ownMark(state, guest, 'first-contact', event);
}

function ownMark(state: Incident, org: string, moment: Moment, event: IncidentEvent): Incident {
  const own = { ...state.orgMoments[org], [moment]: at(event) };
  return { ...state, orgMoments: { ...state.orgMoments, [org]: own } };
}

function at(event: IncidentEvent): MomentMark {
  return { at: event.occurred, position: event.position };
}

export function withdrawn(state: Incident, moment: Moment): Incident {
  const { [moment]: _gone, ...moments } = state.moments;
  const status = moment === 'restored' && state.status === 'restored' ? 'open' : state.status;
  return { ...state, status, moments };
}

/** Undone by whoever stated it: an organisation's own time, and the incident's where it was the same statement. */
export function withdrawnBy(state: Incident, moment: Moment, org: string): Incident {
  const guest = guestOrg(state, org);
  const own = guest === null ? undefined : state.orgMoments[guest]?.[moment];
  if (guest === null || own === undefined) return withdrawn(state, moment);
  const { [moment]: _gone, ...rest } = state.orgMoments[guest] ?? {};
  const next = { ...state, orgMoments: { ...state.orgMoments, [guest]: rest } };
  return state.moments[moment]?.position === own.position ? withdrawn(next, moment) : next;
}
