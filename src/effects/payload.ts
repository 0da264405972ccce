import { z } from 'zod';
import type { Message } from '../chat/message.ts';
import { messageSchema } from '../chat/schema.ts';
import type { Place } from '../incident/events.ts';

const place = z.object({
  platform: z.string(),
  workspace: z.string(),
  conversation: z.string(),
  language: z.enum(['zh', 'en']),
  org: z.string(),
});

/** What an outbox row asks for: say something in a place, page a person, tell a person. */
export const payloadSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('post'), place, message: messageSchema }),
  z.object({ do: z.literal('page'), page: z.string(), person: z.string() }),
  z.object({ do: z.literal('tell'), person: z.string(), message: messageSchema, about: z.string() }),
]);

export type Payload =
  | { readonly do: 'post'; readonly place: Place; readonly message: Message }
  | { readonly do: 'page'; readonly page: string; readonly person: string }
  | { readonly do: 'tell'; readonly person: string; readonly message: Message; readonly about: string };
