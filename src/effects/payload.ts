import { z } from 'zod';
import type { Message } from '../chat/message.ts';
import { messageSchema } from '../chat/schema.ts';
import { DOCUMENTS, type DocumentKind, type Place } from '../incident/events.ts';

const place = z.object({
  platform: z.string(),
  workspace: z.string(),
  conversation: z.string(),
  language: z.enum(['zh', 'en']),
  org: z.string(),
  audience: z.literal('org').optional(),
  own: z.object({ name: z.string(), from: z.string() }).optional(),
});

/** What an outbox row asks for: say something in a place, page or tell a person, make and keep a room. */
export const payloadSchema = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('post'),
    place,
    message: messageSchema,
    last: z.boolean().optional(),
    shared: z.boolean().optional(),
  }),
  z.object({
    do: z.literal('page'),
    page: z.string(),
    person: z.string(),
    /** Routes that have proved not to reach the person. */
    without: z.array(z.string()).optional(),
  }),
  z.object({ do: z.literal('tell'), person: z.string(), message: messageSchema, about: z.string() }),
  z.object({ do: z.literal('note'), person: z.string(), subject: z.string(), text: z.string() }),
  z.object({ do: z.literal('survey'), person: z.string() }),
  z.object({
    do: z.literal('mail'),
    document: z.enum(DOCUMENTS),
    organisation: z.string().optional(),
    version: z.number(),
    to: z.string(),
  }),
  z.object({ do: z.literal('open-room'), from: place, name: z.string() }),
  z.object({ do: z.literal('invite'), place, people: z.array(z.string()) }),
  z.object({ do: z.literal('topic'), place, text: z.string() }),
  z.object({ do: z.literal('archive'), place }),
  z.object({ do: z.literal('relay'), incident: z.string(), place, late: z.boolean().optional() }),
]);

export type Payload =
  | {
      readonly do: 'post';
      readonly place: Place;
      readonly message: Message;
      /** The last words to a conversation that is no longer part of the incident. */
      readonly last?: boolean | undefined;
      /** In the web room: for the customer and us alone. */
      readonly shared?: boolean | undefined;
    }
  | {
      readonly do: 'page';
      readonly page: string;
      readonly person: string;
      readonly without?: readonly string[] | undefined;
    }
  | { readonly do: 'tell'; readonly person: string; readonly message: Message; readonly about: string }
  | { readonly do: 'note'; readonly person: string; readonly subject: string; readonly text: string }
  /** Asks the customer for a judgement; the link is made when it goes out, so that no row holds it. */
  | { readonly do: 'survey'; readonly person: string }
  /** A version of a document, to somebody on the roster or to an address. */
  | {
      readonly do: 'mail';
      readonly document: DocumentKind;
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly to: string;
    }
  | { readonly do: 'open-room'; readonly from: Place; readonly name: string }
  | { readonly do: 'invite'; readonly place: Place; readonly people: readonly string[] }
  | { readonly do: 'topic'; readonly place: Place; readonly text: string }
  | { readonly do: 'archive'; readonly place: Place }
  /** Tells a place what was said elsewhere; `late`: it has only just come to the incident. */
  | {
      readonly do: 'relay';
      readonly incident: string;
      readonly place: Place;
      readonly late?: boolean | undefined;
    };
