import type { EventOf } from '../events.ts';
import type { Incident } from '../state.ts';

type Body = EventOf<'GuestLinkIssued' | 'GuestLinkOpened' | 'GuestLinkRevoked'>;

export function foldGuests(state: Incident, body: Body): Incident {
  switch (body.type) {
    case 'GuestLinkIssued': {
      const { link, org, until } = body;
      return { ...state, guests: [...state.guests, { link, org, until, name: null, revoked: false }] };
    }
    case 'GuestLinkOpened':
      return {
        ...state,
        guests: state.guests.map((one) => (one.link === body.link ? { ...one, name: body.name } : one)),
      };
    case 'GuestLinkRevoked':
      return {
        ...state,
        guests: state.guests.map((one) => (one.link === body.link ? { ...one, revoked: true } : one)),
      };
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
