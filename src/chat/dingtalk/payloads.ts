import { z } from 'zod';
import { parseJson } from '../json.ts';

/**
 * What comes down the stream: opensource.dingtalk.com/developerpedia/docs/learn/stream/protocol and the SDK's
 * `DWClientDownStream`. The data is JSON within the JSON.
 */
const frame = z.object({
  type: z.enum(['SYSTEM', 'EVENT', 'CALLBACK']),
  headers: z.object({ topic: z.string().min(1), messageId: z.string().min(1) }),
  data: z.string().nullish(),
});
export type Frame = z.infer<typeof frame>;

const millis = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number),
]);

/** open.dingtalk.com/document/orgapp/receive-message: what the robot is told of a message that addresses it. */
const base = z.object({
  msgId: z.string().min(1),
  conversationId: z.string().min(1),
  /** `1` a single chat, `2` a group. */
  conversationType: z.enum(['1', '2']),
  senderId: z.string().min(1),
  senderNick: z.string().nullish(),
  /** The user id; absent for people of another organisation, and before the app is published. */
  senderStaffId: z.string().nullish(),
  createAt: millis,
  sessionWebhook: z.url().nullish(),
  sessionWebhookExpiredTime: millis.nullish(),
  robotCode: z.string().nullish(),
  /** Of a quote: the message of a person, and the send of a robot or the delivery of a card, as its answer named it. */
  originalMsgId: z.string().nullish(),
  originalProcessQueryKey: z.string().nullish(),
});

const said = z.discriminatedUnion('msgtype', [
  base.extend({
    msgtype: z.literal('text'),
    text: z.object({
      content: z.string(),
      isReplyMsg: z.boolean().nullish(),
      repliedMsg: z.object({ msgId: z.string().nullish() }).nullish(),
    }),
  }),
  base.extend({
    msgtype: z.literal('richText'),
    content: z.object({
      richText: z.array(z.object({ text: z.string().nullish(), downloadCode: z.string().nullish() })),
    }),
  }),
  base.extend({ msgtype: z.literal('picture'), content: z.object({ downloadCode: z.string().min(1) }) }),
  base.extend({
    msgtype: z.literal('file'),
    content: z.object({ downloadCode: z.string().min(1), fileName: z.string().min(1) }),
  }),
  base.extend({
    msgtype: z.literal('audio'),
    content: z.object({ recognition: z.string().nullish() }),
  }),
]);
export type Said = z.infer<typeof said>;

/** The id of the message that this one quotes, in the form in which it was told or answered; null where it quotes none. */
export function quotedIn(said: Said): string | null {
  const quoted = said.msgtype === 'text' && said.text.isReplyMsg ? said.text.repliedMsg?.msgId : null;
  return said.originalProcessQueryKey || said.originalMsgId || quoted || null;
}

/** open.dingtalk.com/document/orgapp/event-callback-card: a button or a form of a card. */
const pressed = z.object({
  outTrackId: z.string().min(1),
  userId: z.string().min(1),
  content: z.string(),
});
const content = z.object({
  cardPrivateData: z.object({ params: z.record(z.string(), z.unknown()) }),
});

export interface Pressed {
  readonly card: string;
  readonly user: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function readFrame(text: string): Frame | null {
  const read = frame.safeParse(parseJson(text));
  return read.success ? read.data : null;
}

export type ReadSaid =
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed' };

/** `unknown`: genuine, and of a kind that carries nothing to read (a video, a sticker). */
export function readSaid(data: string): ReadSaid {
  const value = parseJson(data);
  const read = said.safeParse(value);
  if (read.success) return { kind: 'said', said: read.data };
  const other = base.extend({ msgtype: z.enum(['video', 'emoji', 'unknownMsgType']) }).safeParse(value);
  return { kind: other.success ? 'unknown' : 'malformed' };
}

export function readPressed(data: string): Pressed | null {
  const outer = pressed.safeParse(parseJson(data));
  if (!outer.success) return null;
  const inner = content.safeParse(parseJson(outer.data.content));
  if (!inner.success) return null;
  return { card: outer.data.outTrackId, user: outer.data.userId, params: inner.data.cardPrivateData.params };
}
