import type { EventOf, IncidentEvent } from '../events.ts';
import { isSamePlace } from '../place.ts';
import type { Incident } from '../state.ts';

type Body = EventOf<
  | 'PostNeeded'
  | 'LevelRaised'
  | 'LeadHandedOver'
  | 'OrganisationInvited'
  | 'OrganisationRemoved'
  | 'PlaceUnlinked'
  | 'PlaceShared'
>;

/** Which companies are in the room, and where each of them is reached. */
export function foldOrganisations(state: Incident, event: IncidentEvent, body: Body): Incident {
  switch (body.type) {
    case 'OrganisationInvited':
      return {
        ...state,
        organisations: [
          ...state.organisations.filter((one) => one.org !== body.org),
          { org: body.org, since: event.occurred, invitedBy: event.by.id, removedAt: null },
        ],
      };
    case 'OrganisationRemoved':
      return {
        ...state,
        organisations: state.organisations.map((one) =>
          one.org === body.org ? { ...one, removedAt: event.occurred } : one,
        ),
        // What they were asked for is not asked of them any more.
        needs: state.needs.filter((one) => one.org !== body.org || one.answeredAt !== null),
      };
    case 'PostNeeded':
      return {
        ...state,
        needs: [
          ...state.needs.filter((one) => one.post !== body.post || one.org !== body.org),
          {
            post: body.post,
            org: body.org,
            by: event.by.id,
            reason: body.reason,
            since: event.occurred,
            raise: body.raise,
            answeredAt: null,
            answeredBy: null,
          },
        ],
        // Asked for anew, it is called from the bottom again.
        levels: state.levels.filter((one) => one.post !== body.post || one.org !== body.org),
      };
    case 'LevelRaised':
      return {
        ...state,
        levels: [
          ...state.levels,
          {
            org: body.org,
            post: body.post,
            level: body.level,
            raisedAt: event.occurred,
            reached: body.reached,
            engagedAt: null,
          },
        ],
      };
    case 'LeadHandedOver':
      return { ...state, lead: body.to };
    case 'PlaceUnlinked':
      return { ...state, places: state.places.filter((one) => !isSamePlace(one, body.place)) };
    case 'PlaceShared':
      return {
        ...state,
        places: state.places.map((one) =>
          isSamePlace(one, body.place) ? { ...one, audience: undefined } : one,
        ),
      };
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
