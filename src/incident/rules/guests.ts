import type { Decision } from '../commands.ts';
import { closedBecause, GUEST_HOURS, guestActor, MOST_GUESTS } from '../guests.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';
import { invitedBy } from './organisations.ts';

const HOUR = 60 * 60_000;
const LONGEST_NAME = 40;

/** Whoever gets a link is in the room with their company, as by an invitation. */
export function issueGuestLink({ state, body, command, env }: Case<'issue-guest-link'>): Decision {
  if (!env.directory.organisations[body.org]) return refuse('unknown-organisation', { org: body.org });
  if (!(body.hours > 0 && body.hours <= GUEST_HOURS.most))
    return refuse('guest-hours', { most: String(GUEST_HOURS.most) }, ['issue-guest-link']);
  const held = state.guests.filter((one) => one.org === body.org && !one.revoked && one.until > env.now);
  if (held.length >= MOST_GUESTS) return refuse('too-many-guests', { most: String(MOST_GUESTS) });
  return accept(
    ...invitedBy(state, body.org, env),
    stated(command, env, {
      type: 'GuestLinkIssued',
      link: `G${state.guests.length + 1}`,
      org: body.org,
      until: env.now + body.hours * HOUR,
    }),
  );
}

/** One browser, once: whoever comes first gives a name and has the link from then on. */
export function openGuestLink({ state, body, command, env }: Case<'open-guest-link'>): Decision {
  const name = body.name.replace(/\s+/g, ' ').trim();
  const found = state.guests.find((one) => one.link === body.link);
  const closed = closedBecause(state, body.link, env.now);
  if (!found || closed) return closed ? { ok: false, refusal: closed } : refuse('no-such-link');
  if (name === '' || name.length > LONGEST_NAME) return refuse('guest-name', { most: String(LONGEST_NAME) });
  const by = guestActor(found, name);
  const guest = { ...command, by };
  return accept(
    stated(guest, env, { type: 'GuestLinkOpened', link: body.link, name }),
    stated(guest, env, { type: 'PersonJoined', person: by.id, name, org: by.org, post: null }),
  );
}

/** One link by its name, or all links of an organisation. */
export function revokeGuestLinks({ state, body, command, env }: Case<'revoke-guest-links'>): Decision {
  if (!body.reason.trim())
    return refuse('reason-missing', { what: 'revoke-guest-links' }, ['revoke-guest-links']);
  const named = linksNamed(state, body.what).filter((one) => one.until > env.now);
  if (named.length === 0) return refuse('no-such-link', { link: body.what });
  return accept(
    ...named.map(({ link }) => stated(command, env, { type: 'GuestLinkRevoked', link, reason: body.reason })),
  );
}

/** What a company leaves behind when it is removed: none of its links opens any more. */
export function linksEndedBy({ state, body, env }: Case<'remove-organisation'>) {
  return linksNamed(state, body.org).map(({ link }) =>
    consequence(env, { type: 'GuestLinkRevoked', link, reason: body.reason }),
  );
}

function linksNamed(state: Incident, what: string) {
  const wanted = what.trim();
  return state.guests.filter(
    (one) => !one.revoked && (one.link.toLowerCase() === wanted.toLowerCase() || one.org === wanted),
  );
}
