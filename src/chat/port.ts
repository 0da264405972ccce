import type { RequestListener } from 'node:http';
import type { Actor, Instant, Place } from '../incident/events.ts';
import type { Audience } from '../incident/visibility.ts';
import type { Form, Message } from './message.ts';

/** What a place can really do; the room says so and offers the web link for the rest. */
export interface Capabilities {
  readonly hears: 'everything' | 'addressed';
  readonly followsEdits: boolean;
  readonly followsDeletions: boolean;
  /** An incident gets a room of its own; exactly then the platform has `rooms`, or each place is such a room. */
  readonly createsRooms: boolean;
  readonly updatesMessages: boolean;
  /** A post can stand with the message it answers; elsewhere its words have to say which that is. */
  readonly threads: boolean;
  /** Files that people drop into the conversation are heard; elsewhere they are given to the bot in person. */
  readonly filesHere: boolean;
  readonly urgent: boolean;
}

/** Limits as data; the lanes keep to them before anything is sent. */
export interface Limits {
  /** Characters, of whatever script, that one message holds: what is not longer is changed as a whole. */
  readonly textLength: number;
  /** Messages in one conversation in any sixty seconds. */
  readonly perMinute: number;
  /** Messages in all conversations together, where the platform counts them so. */
  readonly overallPerMinute?: number | undefined;
  /** How long the platform takes nothing more once it was too much; 0 where it says so itself (Retry-After). */
  readonly blockedForMs: number;
  /** Largest file that `attach` puts into a conversation; absent where it takes none. */
  readonly fileBytes?: number | undefined;
  /** The only kinds of file that `attach` takes; absent where it takes all. */
  readonly fileTypes?: readonly string[] | undefined;
}

export interface Failed {
  readonly ok: false;
  readonly permanent: boolean;
  readonly retryAfterMs: number | null;
  /** In words a person can act on: a missing permission is named, with where to grant it. */
  readonly error: string;
  /** It went out and no answer came: it may have arrived. */
  readonly uncertain?: boolean | undefined;
}

/** `messageId` is the name by which an inbound message answers it, pins it, or is about it. */
export type Receipt = { readonly ok: true; readonly messageId: string } | Failed;
export type Done = { readonly ok: true } | Failed;

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
      /** Which message it answers, by the name that `messageId` or a receipt gave it; absent where none is told. */
      readonly replyTo?: string | undefined;
      /** Whom it is for, where that was chosen beside the text; otherwise the text's own sign says so. */
      readonly audience?: Audience | undefined;
      /** Read from the history after it was missed: kept as talk, and never carried out as a command. */
      readonly past?: boolean | undefined;
    })
  | (InboundBase & { readonly kind: 'edited'; readonly messageId: string; readonly text: string })
  | (InboundBase & { readonly kind: 'deleted'; readonly messageId: string })
  /** A direct message was read, where the platform says so; `messageId` as `direct` gave it. */
  | (InboundBase & { readonly kind: 'seen'; readonly messageId: string })
  /** A log, a picture, a document: whatever people drop into the conversation. */
  | (InboundBase & {
      readonly kind: 'file';
      readonly messageId: string;
      /** Whom it is for, where that was chosen beside it; otherwise all in the room. */
      readonly audience?: Audience | undefined;
      readonly replyTo?: string | undefined;
      readonly name: string;
      readonly bytes: Uint8Array;
      /** The conversation it was given to the bot in, where that is another than the one it goes to. */
      readonly through?: Place | undefined;
    })
  | (InboundBase & {
      readonly kind: 'action';
      readonly command: string;
      readonly args: Readonly<Record<string, string>>;
    });

/** A file that goes with an answer. Made when it is asked for: most readers follow a link instead. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Rejects when it could not be made; the asker is told, and gets the others. */
  readonly bytes: () => Promise<Uint8Array>;
}

/** What the one who asked gets back at once; what everybody sees goes through the outbox. */
export interface Reply {
  readonly toAsker: Message | null;
  readonly form: Form | null;
  /** The incident the answer is about, where there is one (a room that was just opened). */
  readonly incident: string | null;
  /** Sent where the platform can send files to a conversation; they hold only what all in it may read. */
  readonly attachments?: readonly Attachment[] | undefined;
}

/** How a direct message rings, where the platform knows such (加急): within its app, by SMS, by a call. */
export type Urgency = 'app' | 'sms' | 'phone';

/** A person and their account on the platform. */
export interface Member {
  readonly id: string;
  readonly address: string;
}

export interface RoomSpec {
  /** Names the making of this one room: made before, whatever was answered then, it is found again. */
  readonly key: string;
  /** The incident's code, for what people read beside the name. */
  readonly code: string;
  /** Wished for; a platform bends it to its own rules and adds a number when it is taken. */
  readonly name: string;
  readonly topic: string;
  /** Those with an account are invited at once. */
  readonly people: readonly Member[];
  /** Where it was asked for. */
  readonly from: Place;
}

/** The name is the one it got. */
export type Opened = { readonly ok: true; readonly place: Place; readonly name: string } | Failed;

/** Rooms of an incident's own. Each call may be repeated: what is so already is a success. */
export interface Rooms {
  open(spec: RoomSpec): Promise<Opened>;
  invite(place: Place, people: readonly Member[]): Promise<Done>;
  topic(place: Place, text: string): Promise<Done>;
  archive(place: Place): Promise<Done>;
}

/** Where the platform's own requests arrive on the desk's server, the bodies unread. */
export interface Door {
  readonly path: string;
  readonly listener: RequestListener;
}

/** What a message that goes out belongs to. */
export interface Posting {
  /**
   * Names the send: delivery is at least once, and a platform that can tells a repeated one by it. It begins with
   * the incident's id and a colon.
   */
  readonly key: string;
  /** The message of this place that it answers, by its `messageId`; said in its thread where the platform has such. */
  readonly replyTo?: string | undefined;
}

/** One chat platform. Verify, parse, render, send; rules live elsewhere. */
export interface ChatPlatform {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly limits: Limits;
  /** Absent where the platform is reached by a connection that this side opens. */
  readonly door?: Door | undefined;
  /** Absent where an incident lives in the conversation it was opened in. */
  readonly rooms?: Rooms | undefined;
  start(receive: (inbound: Inbound) => Promise<Reply>): Promise<void>;
  stop(): Promise<void>;
  /** Says it in a place; a message that names a card replaces the older one of that name where it stands. */
  post(place: Place, message: Message, posting: Posting): Promise<Receipt>;
  /** Puts a file into a conversation, for everybody in it; absent where the platform takes none from a bot. */
  attach?(place: Place, file: Attachment, posting: Posting): Promise<Receipt>;
  /** A direct message to one person, for pages; it rings where that was asked for and the platform is `urgent`. */
  direct(person: Member, message: Message, urgency?: Urgency): Promise<Receipt>;
}
