import { type Message, plainText } from '../../src/chat/message.ts';
import type { ChatPlatform, Receipt } from '../../src/chat/port.ts';
import type { Instant, Place } from '../../src/incident/events.ts';

/** Answers a call with trouble, or lets it through; `heard` trouble comes after the message was taken. */
export type Trouble =
  | { readonly kind: 'rate-limit'; readonly retryAfterMs: number }
  | { readonly kind: 'server-error' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout-after-accepting' };

export interface Heard {
  readonly at: Instant;
  readonly conversation: string;
  readonly text: string;
  readonly card: boolean;
}

export interface StandIn {
  readonly platform: ChatPlatform;
  readonly heard: readonly Heard[];
  readonly calls: () => number;
  /** Calls that came before the platform said they might. */
  readonly tooEarly: readonly Heard[];
}

/** A chat platform that records what it accepted and is as troublesome as it is told to be. */
export function standIn(name: string, now: () => Instant, trouble: () => Trouble | null): StandIn {
  const heard: Heard[] = [];
  const tooEarly: Heard[] = [];
  const closedUntil = new Map<string, Instant>();
  let calls = 0;

  async function take(place: Place, message: Message): Promise<Receipt> {
    calls += 1;
    const said: Heard = {
      at: now(),
      conversation: place.conversation,
      text: plainText(message.headline),
      card: message.card !== null,
    };
    if (now() < (closedUntil.get(place.conversation) ?? 0)) tooEarly.push(said);
    const found = trouble();
    switch (found?.kind) {
      case undefined:
        heard.push(said);
        return { ok: true, messageId: `${name}-${heard.length}` };
      case 'rate-limit':
        closedUntil.set(place.conversation, now() + found.retryAfterMs);
        return { ok: false, permanent: false, retryAfterMs: found.retryAfterMs, error: '429' };
      case 'server-error':
        return { ok: false, permanent: false, retryAfterMs: null, error: '500' };
      case 'reset':
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      case 'timeout-after-accepting':
        heard.push(said);
        throw new Error('the request timed out');
      default: {
        const unknown: never = found;
        throw new Error(`unknown trouble ${JSON.stringify(unknown)}`);
      }
    }
  }

  return {
    heard,
    tooEarly,
    calls: () => calls,
    platform: {
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
      limits: { textLength: 4_000, perMinute: 60, blockedForMs: 0 },
      start: async () => {},
      stop: async () => {},
      post: take,
      direct: async () => ({ ok: false, permanent: true, retryAfterMs: null, error: 'no direct messages' }),
    },
  };
}
