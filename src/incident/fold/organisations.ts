import type { EventOf, IncidentEvent } from '../events.ts';
import { isSamePlace } from '../place.ts';
import type { Incident } from '../state.ts';

type Body = EventOf<'OrganisationInvited' | 'OrganisationRemoved' | 'PlaceUnlinked' | 'PlaceShared'>;

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
      };
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
