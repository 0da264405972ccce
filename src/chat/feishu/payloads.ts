import { z } from 'zod';

/**
 * The parts of Feishu's deliveries that are read here, as the SDK's dispatcher hands them over: header and event in
 * one object. Shapes: open.feishu.cn/document/server-docs/im-v1/message/events/receive, …/message_read, …/recalled,
 * …/message-reaction/events/created, and …/feishu-cards/card-callback-communication.
 */

const id = z.string().min(1).max(200);
const openId = z.looseObject({ open_id: id });
/** Milliseconds since the epoch, as digits. */
const millis = z.string().regex(/^\d{1,16}$/);
const head = {
  schema: z.literal('2.0'),
  event_id: id,
  app_id: z.string(),
  tenant_key: z.string().default(''),
};

export const mention = z.looseObject({
  key: z.string().min(1),
  id: z.looseObject({ open_id: z.string().nullish() }),
  name: z.string(),
});
export type Mention = z.infer<typeof mention>;

export const received = z.looseObject({
  ...head,
  sender: z.looseObject({
    sender_id: openId,
    sender_type: z.string(),
    tenant_key: z.string().optional(),
  }),
  message: z.looseObject({
    message_id: id,
    /** …/im-v1/message/intro: what it answers; within a topic, the message that began it. */
    parent_id: z.string().max(200).nullish(),
    create_time: millis,
    chat_id: id,
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z.array(mention).nullish(),
  }),
});
export type Received = z.infer<typeof received>;

export const recalled = z.looseObject({
  ...head,
  message_id: id,
  chat_id: id,
  recall_time: millis,
});
export type Recalled = z.infer<typeof recalled>;

export const readBy = z.looseObject({
  ...head,
  reader: z.looseObject({ reader_id: openId, read_time: millis }),
  message_id_list: z.array(id).max(1000),
});
export type ReadBy = z.infer<typeof readBy>;

export const reacted = z.looseObject({
  ...head,
  message_id: id,
  reaction_type: z.looseObject({ emoji_type: z.string() }),
  operator_type: z.string(),
  user_id: openId.optional(),
  action_time: millis,
});
export type Reacted = z.infer<typeof reacted>;

export const pressed = z.looseObject({
  ...head,
  create_time: z.string().optional(),
  operator: openId,
  action: z.looseObject({
    value: z.unknown(),
    tag: z.string(),
    form_value: z.record(z.string(), z.unknown()).nullish(),
  }),
  context: z.looseObject({ open_message_id: id, open_chat_id: id }),
});
export type Pressed = z.infer<typeof pressed>;

/** A message as it is read back (…/im-v1/message/get). */
export const readBack = z.looseObject({
  data: z.looseObject({
    items: z
      .array(
        z.looseObject({
          message_id: id,
          chat_id: id,
          msg_type: z.string(),
          create_time: millis,
          sender: z.looseObject({ id: z.string(), id_type: z.string(), sender_type: z.string() }),
          body: z.looseObject({ content: z.string() }).nullish(),
          mentions: z.array(z.looseObject({ key: z.string(), id: z.string(), name: z.string() })).nullish(),
        }),
      )
      .min(1),
  }),
});

/** Whole, before it is flattened: what the door lets in. */
export const delivery = z.looseObject({
  schema: z.literal('2.0'),
  header: z.looseObject({
    event_id: id,
    event_type: z.string().min(1).max(100),
    token: z.string(),
    app_id: z.string(),
  }),
  event: z.looseObject({}),
});

/** Whatever the kind, its own shape; an event nobody listens to is let in and ignored. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  'im.message.receive_v1': received,
  'im.message.recalled_v1': recalled,
  'im.message.message_read_v1': readBy,
  'im.message.reaction.created_v1': reacted,
  'card.action.trigger': pressed,
};
