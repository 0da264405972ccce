import { z } from 'zod';

/**
 * What DingTalk takes, strictly: a property that no page names is refused. Pages of open.dingtalk.com/document/orgapp:
 * create-and-deliver-cards, interactive-card-update-interface, the-robot-sends-a-group-message,
 * chatbots-send-one-on-one-chat-messages-in-batches, robot-message-types-and-data-format.
 */

const params = z.record(z.string(), z.string());
const shown = z.strictObject({
  supportForward: z.boolean(),
  lastMessageI18n: z.record(z.string(), z.string()),
});

export const createAndDeliver = z.strictObject({
  cardTemplateId: z.string().min(1),
  outTrackId: z.string().min(1),
  callbackType: z.literal('STREAM'),
  userIdType: z.literal(1),
  cardData: z.strictObject({ cardParamMap: params }),
  openSpaceId: z.string().regex(/^dtv1\.card\/\/IM_(GROUP|ROBOT)\..+$/),
  imGroupOpenSpaceModel: shown.optional(),
  imGroupOpenDeliverModel: z
    .strictObject({
      robotCode: z.string(),
      atUserIds: z.record(z.string(), z.string()).optional(),
      recipients: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  imRobotOpenSpaceModel: shown.optional(),
  imRobotOpenDeliverModel: z
    .strictObject({ spaceType: z.literal('IM_ROBOT'), robotCode: z.string() })
    .optional(),
});

export const updateCard = z.strictObject({
  outTrackId: z.string().min(1),
  userIdType: z.literal(1),
  cardData: z.strictObject({ cardParamMap: params }),
  cardUpdateOptions: z.strictObject({ updateCardDataByKey: z.boolean() }),
});

const markdown = z.strictObject({ title: z.string().min(1), text: z.string().min(1) });
const file = z.strictObject({
  mediaId: z.string().min(1),
  fileName: z.string().min(1),
  fileType: z.enum(['xlsx', 'pdf', 'zip', 'rar', 'doc', 'docx']),
});
/** `sampleImageMsg`: an address, or what was uploaded as a picture. */
const picture = z.strictObject({ photoURL: z.string().min(1) });
const spoken = {
  robotCode: z.string(),
  msgKey: z.enum(['sampleMarkdown', 'sampleFile', 'sampleImageMsg']),
  msgParam: z.string(),
};
export const groupMessage = z.strictObject({ ...spoken, openConversationId: z.string().min(1) });
export const batchMessage = z.strictObject({ ...spoken, userIds: z.array(z.string()).min(1).max(20) });

/** `msgParam` is JSON within the JSON, of at most 15,000 bytes. */
export function paramOf(key: z.infer<typeof groupMessage>['msgKey'], text: string) {
  if (Buffer.byteLength(text) > 15_000) return null;
  const value: unknown = JSON.parse(text);
  const read = z.union([markdown, file, picture]).safeParse(value);
  if (!read.success) return null;
  const wanted = { sampleMarkdown: 'text', sampleFile: 'mediaId', sampleImageMsg: 'photoURL' }[key];
  return wanted in read.data ? read.data : null;
}

export const hookMessage = z.strictObject({
  msgtype: z.literal('markdown'),
  markdown,
  at: z.strictObject({ atUserIds: z.array(z.string()), isAtAll: z.literal(false) }),
});

/** The list of the loop container of the card template. */
export const cardButtons = z.array(
  z.strictObject({
    text: z.string().min(1),
    status: z.enum(['primary', 'danger', 'normal']),
    press: z.string().min(1),
  }),
);

const field = z.discriminatedUnion('type', [
  z.strictObject({
    name: z.string().min(1),
    type: z.literal('TEXT'),
    label: z.string().optional(),
    required: z.boolean().optional(),
    placeholder: z.string().optional(),
    hidden: z.boolean().optional(),
    defaultValue: z.string().optional(),
  }),
  z.strictObject({
    name: z.string().min(1),
    type: z.literal('SELECT'),
    label: z.string(),
    required: z.boolean(),
    placeholder: z.string().optional(),
    options: z.array(z.strictObject({ value: z.string(), text: z.string() })).min(1),
    defaultValue: z.strictObject({ index: z.int(), value: z.string() }).optional(),
  }),
]);
/** The variable `form` of the form component, as in the vendor's example 表单组件的使用与更新. */
export const cardForm = z.strictObject({ fields: z.array(field).min(1) });
export type CardForm = z.infer<typeof cardForm>;
