import type { Message } from '../message.ts';
import type { Capabilities, ChatPlatform, Limits, Receipt } from '../port.ts';

export interface WebPlatformOptions {
  /**
   * Puts the bot's words into the talk of an incident and answers with the message's stable id. A message that
   * names a card takes the place of the older one; the same key says the same thing once.
   */
  put(incident: string, message: Message, key: string): Promise<string>;
}

const CAPABILITIES: Capabilities = {
  hears: 'everything',
  followsEdits: true,
  followsDeletions: true,
  createsRooms: true,
  updatesMessages: true,
  threads: false,
  filesHere: true,
  // A closed browser shows nothing: a page needs another way to reach a person.
  urgent: false,
};

/** The room's own server sets the pace; the length is what one message may carry before it becomes a file. */
const LIMITS: Limits = { textLength: 64 * 1024, perMinute: 6000, blockedForMs: 0 };

/**
 * The web room as a chat platform: what is posted is stored, and the open pages hear of it from the store. A
 * place's conversation is the id of its incident.
 */
export function webPlatform(options: WebPlatformOptions): ChatPlatform {
  const put = async (incident: string, message: Message, key: string): Promise<Receipt> => {
    try {
      return { ok: true, messageId: await options.put(incident, message, key) };
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
    post: (place, message, { key }) => put(place.conversation, message, key),
    async direct() {
      return {
        ok: false,
        permanent: true,
        retryAfterMs: null,
        error: 'the web room reaches nobody whose browser is closed; use the room, e-mail or a gateway',
      };
    },
  };
}
