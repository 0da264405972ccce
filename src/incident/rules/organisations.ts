import type { Fact, Place } from '../events.ts';
import { isSamePlace } from '../place.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';
import { linksEndedBy } from './guests.ts';

/** Another company joins the room (联防联控, plan L247–310); who was removed comes back by a new invitation. */
export function inviteOrganisation({ state, body, command, env }: Case<'invite-organisation'>) {
  const known = env.directory.organisations[body.org];
  if (!known) return refuse('unknown-organisation', { org: body.org }, ['invite-organisation']);
  // The customer and we are in it by themselves.
  if (known.side === 'vendor' || body.org === env.directory.customer) return accept();
  if (state.organisations.some((one) => one.org === body.org && one.removedAt === null)) return accept();
  return accept(stated(command, env, { type: 'OrganisationInvited', org: body.org }));
}

/** From now on nothing reaches them: their conversations are cut off with the same decision. */
export function removeOrganisation(given: Case<'remove-organisation'>) {
  const { state, body, command, env } = given;
  if (!body.reason.trim())
    return refuse('reason-missing', { what: 'remove-organisation' }, ['remove-organisation']);
  const known = state.organisations.find((one) => one.org === body.org && one.removedAt === null);
  if (!known) return refuse('not-in-room', { org: env.directory.organisations[body.org]?.name ?? body.org });
  if (state.lead === body.org)
    return refuse('leads-already', { org: env.directory.organisations[body.org]?.name ?? body.org }, [
      'hand-lead',
    ]);
  const theirs = state.places.filter((place) => place.org === body.org && place.platform !== 'web');
  const called = state.pages.filter(
    (page) => page.status === 'open' && (page.org ?? env.directory.people[page.person]?.org) === body.org,
  );
  return accept(
    stated(command, env, { type: 'OrganisationRemoved', org: body.org, reason: body.reason }),
    ...linksEndedBy(given),
    ...called.map((page) =>
      consequence(env, {
        type: 'PageWithdrawn',
        page: page.id,
        person: page.person,
        because: 'organisation-removed',
      }),
    ),
    ...theirs.map((place) =>
      consequence(env, { type: 'PlaceUnlinked', place, because: 'organisation-removed' }),
    ),
  );
}

export function unlinkPlace({ state, body, command, env }: Case<'unlink-place'>) {
  const known = placeIn(state, body.place);
  if (!known) return accept();
  return accept(stated(command, env, { type: 'PlaceUnlinked', place: known, because: body.because }));
}

/** Somebody of another organisation is in a conversation that was thought to be one organisation's own. */
export function sharePlace({ state, body, env }: Case<'share-place'>) {
  const known = placeIn(state, body.place);
  if (known?.audience !== 'org') return accept();
  return accept(consequence(env, { type: 'PlaceShared', place: known }));
}

/** Whoever is called from another company is in the room with their company. */
export function invitedBy(state: Incident | null, org: string, env: Case<'page'>['env']): readonly Fact[] {
  const side = env.directory.organisations[org]?.side;
  if (side !== 'partner' && side !== 'integrator') return [];
  if (state?.organisations.some((one) => one.org === org && one.removedAt === null)) return [];
  return [consequence(env, { type: 'OrganisationInvited', org })];
}

function placeIn(state: Incident, place: Place): Place | undefined {
  return state.places.find((one) => isSamePlace(one, place));
}
