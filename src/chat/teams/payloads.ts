import { z } from 'zod';

/**
 * The parts of Teams' activities that are read here. Shapes: learn.microsoft.com/microsoftteams/platform/bots
 * (…/build-conversational-capability, …/how-to/conversations/subscribe-to-conversation-events, …/how-to/bots-filesv4),
 * …/task-modules-and-cards (dialogs, universal actions) and the interfaces of botframework-schema.
 */

const id = z.string().min(1).max(500);

const account = z.object({
  id,
  name: z.string().nullish(),
  /** The person in Microsoft Entra: the same for every bot, unlike `id`. */
  aadObjectId: z.string().nullish(),
  role: z.string().nullish(),
});
export type Account = z.infer<typeof account>;

const conversation = z.object({
  /** In a channel with the thread behind it: `19:…@thread.tacv2;messageid=…`. */
  id,
  conversationType: z.enum(['personal', 'groupChat', 'channel']),
  tenantId: z.string().nullish(),
});

const channelData = z.object({
  eventType: z.string().nullish(),
  tenant: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id }).nullish(),
  team: z.object({ id }).nullish(),
});

/** What every activity has to have before anything else about it is looked at. */
export const envelope = z.object({
  type: z.string().min(1),
  channelId: z.string().min(1),
  serviceUrl: z.url({ protocol: /^https?$/ }),
});

const base = envelope.extend({
  id: id.optional(),
  timestamp: z.iso.datetime({ offset: true }),
  from: account,
  recipient: account,
  conversation,
  channelData: channelData.nullish(),
  locale: z.string().nullish(),
});
export type Base = z.infer<typeof base>;

const attachment = z.object({
  contentType: z.string(),
  contentUrl: z.string().nullish(),
  name: z.string().nullish(),
  content: z.unknown().optional(),
});
export type Attached = z.infer<typeof attachment>;

const entity = z.looseObject({ type: z.string() });
export const mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id, name: z.string().nullish() }),
  text: z.string().nullish(),
});

const words = z.object({
  text: z.string().nullish(),
  attachments: z.array(attachment).nullish(),
  entities: z.array(entity).nullish(),
});

const message = base.extend({
  type: z.literal('message'),
  id,
  replyToId: z.string().nullish(),
  ...words.shape,
  value: z.unknown().optional(),
});
export type SaidActivity = z.infer<typeof message>;
const messageUpdate = base.extend({ type: z.literal('messageUpdate'), id, ...words.shape });
export type EditedActivity = z.infer<typeof messageUpdate>;
const messageDelete = base.extend({ type: z.literal('messageDelete'), id });
const messageReaction = base.extend({
  type: z.literal('messageReaction'),
  replyToId: id,
  reactionsAdded: z.array(z.object({ type: z.string() })).nullish(),
});
export type ReactionActivity = z.infer<typeof messageReaction>;
const installationUpdate = base.extend({
  type: z.literal('installationUpdate'),
  action: z.enum(['add', 'remove', 'add-upgrade', 'remove-upgrade']),
});
const readReceipt = base.extend({
  type: z.literal('event'),
  name: z.literal('application/vnd.microsoft.readReceipt'),
  value: z.object({ lastReadMessageId: z.string().regex(/^\d{1,20}$/) }),
});
export type ReadReceipt = z.infer<typeof readReceipt>;
const conversationUpdate = base.extend({
  type: z.literal('conversationUpdate'),
  membersAdded: z.array(account).nullish(),
  membersRemoved: z.array(account).nullish(),
});

const invoked = base.extend({ type: z.literal('invoke'), id: id.optional(), replyToId: id.nullish() });
const cardAction = invoked.extend({
  name: z.literal('adaptiveCard/action'),
  value: z.object({
    action: z.object({ type: z.literal('Action.Execute'), verb: z.string(), data: z.unknown().optional() }),
  }),
});
export type CardAction = z.infer<typeof cardAction>;
const taskFetch = invoked.extend({
  name: z.literal('task/fetch'),
  value: z.object({ data: z.unknown().optional() }),
});
const taskSubmit = invoked.extend({
  name: z.literal('task/submit'),
  value: z.object({ data: z.unknown().optional() }),
});
/** A command of the message menu (…/messaging-extensions/how-to/action-commands), with the message it is about. */
const messageCommand = invoked.extend({
  name: z.literal('composeExtension/fetchTask'),
  value: z.object({
    commandId: z.string().min(1),
    messagePayload: z.object({
      id,
      createdDateTime: z.string().nullish(),
      from: z
        .object({ user: z.object({ id: z.string(), displayName: z.string().nullish() }).nullish() })
        .nullish(),
      body: z.object({ contentType: z.string().nullish(), content: z.string().nullish() }).nullish(),
    }),
  }),
});
export type MessageCommand = z.infer<typeof messageCommand>;

const invoke = z.discriminatedUnion('name', [cardAction, taskFetch, taskSubmit, messageCommand]);
export type Invoked = z.infer<typeof invoke>;
const event = z.discriminatedUnion('type', [
  message,
  messageUpdate,
  messageDelete,
  messageReaction,
  installationUpdate,
  readReceipt,
  conversationUpdate,
]);
export type Event = z.infer<typeof event>;

const HEARD = new Set<string>(event.options.map((one) => one.shape.type.value));
const RECEIPT = readReceipt.shape.name.value;
const ASKED = new Set<string>(invoke.options.map((one) => one.shape.name.value));

export type Delivery =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'invoke'; readonly invoke: Invoked }
  /** Something else that Teams tells of and that asks for nothing here. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'malformed' };

/** What is heard has to have its full shape. */
export function readDelivery(activity: unknown): Delivery {
  const outer = envelope.extend({ name: z.string().optional() }).safeParse(activity);
  if (!outer.success) return { kind: 'malformed' };
  const { type, name } = outer.data;
  if (type === 'invoke') {
    if (!ASKED.has(name ?? '')) return { kind: 'ignored' };
    const read = invoke.safeParse(activity);
    return read.success ? { kind: 'invoke', invoke: read.data } : { kind: 'malformed' };
  }
  if (!HEARD.has(type) || (type === 'event' && name !== RECEIPT)) return { kind: 'ignored' };
  const read = event.safeParse(activity);
  return read.success ? { kind: 'event', event: read.data } : { kind: 'malformed' };
}

/** Whose tenant it comes from, by the envelope and by what Teams adds; both have to agree where both are there. */
export const tenancy = z.object({
  conversation: z.object({ tenantId: z.string().nullish() }).nullish(),
  channelData: z.object({ tenant: z.object({ id: z.string() }).nullish() }).nullish(),
});
