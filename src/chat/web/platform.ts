import type { Place } from '../../incident/events.ts';
import type { Message } from '../message.ts';
import type { Capabilities, ChatPlatform, Limits, Receipt } from '../port.ts';

export interface WebPlatformOptions {
  /**
   * Puts the bot's words into the talk of an incident and answers with the message's stable id. A message that
   * names a card takes the place of the older one.
   */
  put(place: Place, message: Message, incident: string): Promise<string>;
  readonly language: Place['language'];
}

const CAPABILITIES: Capabilities = {
  hears: 'everything',
  followsEdits: true,
  followsDeletions: true,
  createsRooms: true,
  updatesMessages: true,
  // A closed browser shows nothing: a page needs another way to reach a person.
  urgent: false,
};

/** The room's own server sets the pace; the length is what one message may carry before it becomes a file. */
const LIMITS: Limits = { textLength: 64 * 1024, perMinute: 6000, blockedForMs: 0 };

/**
 * The web room as a chat platform: what is posted is stored, and the open pages hear of it from the store. A
 * place's conversation is the id of its incident; so is a person's address, because the web reaches people only
 * in a room.
 */
export function webPlatform(options: WebPlatformOptions): ChatPlatform {
  const put = async (place: Place, message: Message): Promise<Receipt> => {
    try {
      return { ok: true, messageId: await options.put(place, message, place.conversation) };
    } catch (error) {
      return {
        ok: false,
        permanent: false,
        retryAfterMs: null,
        error: error instanceof Error ? error.message : String(error),
      };
    }
  };
  return {
    name: 'web',
    capabilities: CAPABILITIES,
    limits: LIMITS,
    // Inbound work arrives at the HTTP server, which calls the same `receive` itself.
    async start() {},
    async stop() {},
    post: put,
    update: (place, _messageId, message) => put(place, message),
    direct: (person, message) =>
      put(
        {
          platform: 'web',
          workspace: 'local',
          conversation: person.address,
          language: options.language,
          org: 'warroom',
        },
        message,
      ),
  };
}
