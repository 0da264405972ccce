import { z } from 'zod';

/**
 * What the real service accepts in `blocks` and `view`, with its limits: docs.slack.dev/reference/block-kit/blocks
 * (one page a block), …/block-kit/block-elements, …/composition-objects, …/reference/views/modal-views, and the
 * types of @slack/types. Strict: a property nobody documented is refused.
 */

const plain = (most: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });
const mrkdwn = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3000),
  verbatim: z.boolean().optional(),
});

const confirm = z.strictObject({
  title: plain(100),
  text: plain(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});
const button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().min(1).max(255),
  text: plain(75),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
});

const style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
});
const richElement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style: style.optional() }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().min(1), style: style.optional() }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']) }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().min(1), style: style.optional() }),
  z.strictObject({
    type: z.literal('link'),
    url: z.url(),
    text: z.string().optional(),
    style: style.optional(),
  }),
]);
const richSection = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(richElement),
});
const rich = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.string().max(255).optional(),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        richSection,
        z.strictObject({ type: z.literal('rich_text_preformatted'), elements: z.array(richElement).min(1) }),
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          elements: z.array(richSection).min(1),
          offset: z.number().int().nonnegative().optional(),
        }),
      ]),
    )
    .min(1),
});

const unique = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('section'), text: z.union([plain(3000), mrkdwn]) }),
  z.strictObject({
    type: z.literal('context'),
    elements: z
      .array(z.union([plain(3000), mrkdwn]))
      .min(1)
      .max(10),
  }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(button)
      .min(1)
      .max(25)
      .refine((all) => unique(all.map((one) => one.action_id)), 'action_id is not unique'),
  }),
  rich,
]);
export type KitBlock = z.infer<typeof block>;
export const messageBlocks = z
  .array(block)
  .max(50)
  // Slack answers msg_blocks_too_long past about 13,200 characters of text in all.
  .refine((all) => wordsOf(all).length <= 13_200, 'msg_blocks_too_long');

const option = z.strictObject({ text: plain(75), value: z.string().min(1).max(150) });
const input = z.strictObject({
  type: z.literal('input'),
  block_id: z.string().min(1).max(255),
  optional: z.boolean().optional(),
  label: plain(2000),
  element: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('plain_text_input'),
      action_id: z.string().min(1).max(255),
      multiline: z.boolean().optional(),
      initial_value: z.string().min(1).max(3000).optional(),
      placeholder: plain(150).optional(),
    }),
    z.strictObject({
      type: z.literal('static_select'),
      action_id: z.string().min(1).max(255),
      options: z.array(option).min(1).max(100),
      initial_option: option.optional(),
    }),
  ]),
});
export const modalView = z.strictObject({
  type: z.literal('modal'),
  callback_id: z.string().max(255),
  private_metadata: z.string().max(3000),
  title: plain(24),
  submit: plain(24),
  close: plain(24).optional(),
  blocks: z
    .array(z.union([input, z.strictObject({ type: z.literal('section'), text: plain(3000) })]))
    .max(100)
    .refine(
      (all) => unique(all.flatMap((one) => (one.type === 'input' ? [one.block_id] : []))),
      'block_id is not unique',
    ),
});
export type KitView = z.infer<typeof modalView>;
export type KitButton = z.infer<typeof button>;

type RichElement = z.infer<typeof richElement>;

function richElements(blocks: readonly KitBlock[]): readonly RichElement[] {
  return blocks.flatMap((one) =>
    one.type !== 'rich_text'
      ? []
      : one.elements.flatMap((part) =>
          part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
        ),
  );
}

/** All that a reader sees, in order. */
export function wordsOf(blocks: readonly KitBlock[]): string {
  return blocks
    .map((one) => {
      switch (one.type) {
        case 'section':
          return one.text.text;
        case 'context':
          return one.elements.map((element) => element.text).join(' ');
        case 'actions':
          return one.elements.map((element) => `[${element.text.text}]`).join(' ');
        case 'rich_text':
          return richElements([one])
            .map((element) => {
              if (element.type === 'text') return element.text;
              if (element.type === 'channel') return `#${element.channel_id}`;
              return element.type === 'link' ? (element.text ?? element.url) : `@${element.type}`;
            })
            .join('');
        default: {
          const unknown: never = one;
          throw new Error(JSON.stringify(unknown));
        }
      }
    })
    .join('\n');
}

/**
 * Who is alerted by a message: mentions in mrkdwn (docs.slack.dev/messaging/formatting-message-text), and the
 * user and broadcast elements of rich text. Text elements and plain_text are never parsed.
 */
export function alertsOf(text: string, blocks: readonly KitBlock[]): readonly string[] {
  const parsed =
    blocks.length === 0
      ? [text]
      : blocks.flatMap((one) => {
          if (one.type === 'section') return one.text.type === 'mrkdwn' ? [one.text.text] : [];
          if (one.type === 'context')
            return one.elements.flatMap((element) => (element.type === 'mrkdwn' ? [element.text] : []));
          return [];
        });
  // The fallback of a message with blocks is what a phone shows; its mentions count as well.
  const mentions = [...parsed, text].flatMap((one) =>
    [...one.matchAll(/<(@[UW]\w+|!\w+)[^>]*>/g)].map((match) => match[1] ?? ''),
  );
  const elements = richElements(blocks).flatMap((element) => {
    if (element.type === 'user') return [`@${element.user_id}`];
    return element.type === 'broadcast' ? [`!${element.range}`] : [];
  });
  return [...new Set([...mentions, ...elements])];
}

/** What a click opens: links of rich text, and what mrkdwn makes one of. */
export function linksOf(blocks: readonly KitBlock[]): readonly string[] {
  const parsed = blocks.flatMap((one) => {
    if (one.type === 'section') return one.text.type === 'mrkdwn' ? [one.text.text] : [];
    if (one.type !== 'context') return [];
    return one.elements.flatMap((element) => (element.type === 'mrkdwn' ? [element.text] : []));
  });
  const elements = richElements(blocks).flatMap((one) => (one.type === 'link' ? [one.url] : []));
  return [...elements, ...parsed.flatMap((one) => one.match(/https?:\/\/[^\s|>]+/g) ?? [])];
}

export function buttonsOf(blocks: readonly KitBlock[]): readonly KitButton[] {
  return blocks.flatMap((one) => (one.type === 'actions' ? one.elements : []));
}
