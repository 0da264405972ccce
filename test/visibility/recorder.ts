import type { ChatPlatform } from '../../src/chat/port.ts';
import type { Place } from '../../src/incident/events.ts';

/** A chat platform that takes everything and remembers where it went. */
export function recorder(name: string) {
  const sent: { readonly conversation: string; readonly text: string }[] = [];
  const direct: { readonly person: string; readonly text: string }[] = [];
  let count = 0;
  const receipt = () => {
    count += 1;
    return { ok: true, messageId: `${name}-out-${count}` } as const;
  };
  const platform: ChatPlatform = {
    name,
    capabilities: {
      hears: 'everything',
      followsEdits: true,
      followsDeletions: true,
      createsRooms: false,
      updatesMessages: true,
      threads: true,
      filesHere: true,
      urgent: false,
    },
    limits: { textLength: 10_000, perMinute: 100_000, blockedForMs: 0 },
    start: async () => {},
    stop: async () => {},
    post: async (place: Place, message) => {
      sent.push({ conversation: place.conversation, text: JSON.stringify(message) });
      return receipt();
    },
    attach: async (place, file) => {
      const bytes = await file.bytes();
      sent.push({
        conversation: place.conversation,
        text: `${file.name} ${Buffer.from(bytes).toString('utf8')}`,
      });
      return receipt();
    },
    direct: async (person, message) => {
      direct.push({ person: person.id, text: JSON.stringify(message) });
      return receipt();
    },
  };
  return { platform, sent, direct };
}
