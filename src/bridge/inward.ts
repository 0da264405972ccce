import type { Inbound } from '../chat/port.ts';
import type { Place } from '../incident/events.ts';
import type { Store } from '../store/port.ts';
import { createStandings } from './standing.ts';

/**
 * What is said about a message that was carried here is about the original: an answer, a change, a mark for the
 * timeline name it by the name it got in this place.
 */
export function createInward(store: Pick<Store, 'about' | 'getNote' | 'putNote'>) {
  const standings = createStandings(store);

  return async function inward<T extends Inbound>(incident: string, inbound: T): Promise<Inbound> {
    const { place } = inbound;
    if (place.platform === 'web') return inbound;
    switch (inbound.kind) {
      case 'text':
      case 'file': {
        if (inbound.replyTo === undefined) return inbound;
        return { ...inbound, replyTo: await originOf(incident, place, inbound.replyTo) };
      }
      case 'edited':
      case 'deleted':
        return { ...inbound, messageId: await originOf(incident, place, inbound.messageId) };
      case 'action': {
        const named = inbound.args.message;
        const origin = named === undefined ? null : await standings.origin(incident, place, named);
        if (origin === null) return inbound;
        const about = await store.about(incident, origin);
        const said = about.find((one) => one.kind === 'said');
        const newest = about.at(-1);
        if (!said || !newest || newest.kind === 'deleted') return inbound;
        // The platform knows the bot as the author, and the words with their frame.
        const original = { author: said.author.name, text: newest.text, saidAt: String(said.occurred) };
        return { ...inbound, args: { ...inbound.args, message: origin, ...original } };
      }
      case 'seen':
        return inbound;
      default: {
        const unknown: never = inbound;
        throw new Error(`unknown inbound ${JSON.stringify(unknown)}`);
      }
    }
  };

  async function originOf(incident: string, place: Place, id: string): Promise<string> {
    return (await standings.origin(incident, place, id)) ?? id;
  }
}
