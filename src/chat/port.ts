import type { Actor, Instant, Place } from '../incident/events.ts';
import type { Form, Message } from './message.ts';

/** What a place can really do; the room says so and offers the web link for the rest. */
export interface Capabilities {
  readonly hears: 'everything' | 'addressed';
  readonly followsEdits: boolean;
  readonly followsDeletions: boolean;
  readonly createsRooms: boolean;
  readonly updatesMessages: boolean;
  readonly urgent: boolean;
}

/** Limits as data; the outbox paces itself by them. */
export interface Limits {
  readonly textLength: number;
  readonly perMinute: number;
  readonly blockedForMs: number;
}

export type Receipt =
  | { readonly ok: true; readonly messageId: string }
  | {
      readonly ok: false;
      readonly permanent: boolean;
      readonly retryAfterMs: number | null;
      readonly error: string;
      /** It went out and no answer came: it may have arrived. */
      readonly uncertain?: boolean | undefined;
    };

interface InboundBase {
  /** The platform's own id of the delivery; the same id acts once. */
  readonly id: string;
  readonly place: Place;
  readonly incident: string | null;
  readonly author: Actor;
  readonly at: Instant;
  readonly language: 'zh' | 'en';
}

export type Inbound =
  | (InboundBase & {
      readonly kind: 'text';
      readonly messageId: string;
      readonly text: string;
      readonly private: boolean;
    })
  | (InboundBase & { readonly kind: 'edited'; readonly messageId: string; readonly text: string })
  | (InboundBase & { readonly kind: 'deleted'; readonly messageId: string })
  | (InboundBase & {
      readonly kind: 'file';
      readonly messageId: string;
      readonly name: string;
      readonly bytes: Uint8Array;
    })
  | (InboundBase & {
      readonly kind: 'action';
      readonly command: string;
      readonly args: Readonly<Record<string, string>>;
    });

/** What the one who asked gets back at once; what everybody sees goes through the outbox. */
export interface Reply {
  readonly toAsker: Message | null;
  readonly form: Form | null;
  /** The incident the answer is about, where there is one (a room that was just opened). */
  readonly incident: string | null;
}

/** One chat platform. Verify, parse, render, send; rules live elsewhere. */
export interface ChatPlatform {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly limits: Limits;
  start(receive: (inbound: Inbound) => Promise<Reply>): Promise<void>;
  stop(): Promise<void>;
  /** `key` names the send: delivery is at least once, and a platform that can tells a repeated one by it. */
  post(place: Place, message: Message, key: string): Promise<Receipt>;
  update(place: Place, messageId: string, message: Message): Promise<Receipt>;
  /** A direct message to one person, for pages. */
  direct(person: { readonly id: string; readonly address: string }, message: Message): Promise<Receipt>;
}
