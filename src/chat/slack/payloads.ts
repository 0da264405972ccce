import { z } from 'zod';
import { viewState } from './modal.ts';

/**
 * The parts of Slack's deliveries that are read here. Shapes: docs.slack.dev/apis/events-api (envelope),
 * …/reference/events/message, …/reference/interaction-payloads, …/interactivity/implementing-slash-commands.
 */

const channel = z.string().min(1);
const user = z.string().min(1);
const ts = z.string().regex(/^\d{1,15}\.\d{1,10}$/);

export const sharedFile = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  size: z.number().nullish(),
  url_private_download: z.string().nullish(),
  /** Slack Connect sends a stub: the rest comes from files.info. */
  file_access: z.string().nullish(),
});
export type SharedFile = z.infer<typeof sharedFile>;

export const said = z.object({
  user: user.optional(),
  text: z.string().default(''),
  ts,
  bot_id: z.string().nullish(),
  /** The workspace of its author; in a channel that is shared it may be another one. */
  user_team: z.string().nullish(),
  subtype: z.string().optional(),
  thread_ts: ts.optional(),
  files: z.array(sharedFile).optional(),
});
export type Said = z.infer<typeof said>;

const message = said.extend({
  type: z.literal('message'),
  channel,
  channel_type: z.string().optional(),
  message: said.optional(),
  previous_message: said.optional(),
  deleted_ts: ts.optional(),
});
export type MessageEvent = z.infer<typeof message>;

const mention = said.extend({ type: z.literal('app_mention'), channel });
const fileShared = z.object({
  type: z.literal('file_shared'),
  file_id: z.string().min(1),
  channel_id: channel,
  user_id: user,
  event_ts: ts,
});
const memberJoined = z.object({ type: z.literal('member_joined_channel'), user, channel });
const reaction = z.object({
  type: z.literal('reaction_added'),
  user,
  reaction: z.string(),
  item: z.object({ type: z.string(), channel: channel.optional(), ts: ts.optional() }),
  event_ts: ts,
});

export const eventBody = z.object({
  type: z.literal('event_callback'),
  event_id: z.string().min(1),
  event: z.discriminatedUnion('type', [message, mention, fileShared, reaction, memberJoined]),
});
export type EventBody = z.infer<typeof eventBody>;

export const commandBody = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  user_id: user,
  channel_id: channel,
  trigger_id: z.string().min(1),
});

export const actionsBody = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: user }),
  trigger_id: z.string().min(1),
  actions: z
    .array(
      z.object({ action_id: z.string(), action_ts: z.string().optional(), value: z.string().optional() }),
    )
    .min(1),
  channel: z.object({ id: channel }).optional(),
  container: z.object({ channel_id: channel.optional(), thread_ts: ts.optional() }).optional(),
});

export const submissionBody = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id: user }),
  trigger_id: z.string().min(1),
  view: z.object({ id: z.string(), private_metadata: z.string(), state: viewState }),
});

export const shortcutBody = z.object({
  type: z.literal('message_action'),
  callback_id: z.string(),
  user: z.object({ id: user }),
  trigger_id: z.string().min(1),
  channel: z.object({ id: channel }),
  message: said,
});

/** From the menu of anywhere: it names no conversation. */
export const globalShortcutBody = z.object({
  type: z.literal('shortcut'),
  callback_id: z.string(),
  user: z.object({ id: user }),
  trigger_id: z.string().min(1),
});

/** Everything else that Slack may send and that asks for nothing here (an event of another type, a closed view). */
const ignored = z.union([
  z.object({
    type: z.literal('event_callback'),
    event_id: z.string().min(1),
    event: z.object({ type: z.string().min(1) }),
  }),
  z.object({ type: z.literal('url_verification'), challenge: z.string() }),
  z.object({ type: z.literal('view_closed'), view: z.object({ id: z.string() }) }),
  z.object({ ssl_check: z.literal('1') }),
]);

const HEARD = new Set(['message', 'app_mention', 'file_shared', 'reaction_added', 'member_joined_channel']);

/** Whether a body is a delivery of Slack at all: what is heard has to have its full shape. */
export function isDelivery(body: unknown): boolean {
  const known = [eventBody, commandBody, actionsBody, submissionBody, shortcutBody, globalShortcutBody];
  if (known.some((schema) => schema.safeParse(body).success)) return true;
  const other = ignored.safeParse(body);
  if (!other.success) return false;
  return !('event' in other.data && HEARD.has(other.data.event.type));
}
