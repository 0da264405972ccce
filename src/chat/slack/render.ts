import type { types } from '@slack/bolt';
import type { Note } from '../aside.ts';
import { clip, cut } from '../cut.ts';
import type { Block, Button, Message, Text, Tone } from '../message.ts';
import { plainText } from '../message.ts';
import { writePress } from './press.ts';
import { escapeText } from './text.ts';

/** docs.slack.dev/reference/block-kit: what one message, block and element may carry. */
export const BLOCK_LIMITS = {
  blocks: 50,
  blockText: 3000,
  messageText: 11_000,
  buttons: 25,
  buttonText: 75,
  buttonValue: 2000,
  contextElements: 10,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

/** One Slack message; a long answer is several, the later ones in the thread of the first. */
export interface Piece {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

export interface Rendered {
  readonly pieces: readonly Piece[];
  /** To be remembered before the message leaves: what did not fit into a button. */
  readonly notes: readonly Note[];
}

export interface RenderContext {
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
  /** The Slack user of a person on the roster, where known. */
  readonly userOf: (person: string) => string | null;
  /** The web room's address, where it has one that readers can follow. */
  readonly publicUrl: string | null;
}

const MARK: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '✅ ',
  warn: '⚠️ ',
  bad: '❗ ',
  blue: '🔵 ',
  yellow: '🟡 ',
  orange: '🟠 ',
  red: '🔴 ',
};

/**
 * Rich text elements are shown as they are: nothing in them is parsed for mentions or mark-up, so user text is
 * inert by construction; only a `user` element, made from the roster, alerts anybody.
 */
export function renderMessage(message: Message, context: RenderContext): Rendered {
  const notes: Note[] = [];
  const headline: types.RichTextElement[] = [
    ...(MARK[message.tone] ? [{ type: 'text' as const, text: MARK[message.tone] }] : []),
    ...inline(message.headline, context).map(bold),
  ];
  const main: types.KnownBlock[] = [...paragraphs(headline)];
  const folded: types.KnownBlock[] = [];
  for (const block of message.blocks) main.push(...render(block, context, notes, folded));
  const fallback = clip(escapeText(plainText(message.headline)), BLOCK_LIMITS.blockText);
  const pieces = [...pack(main), ...(folded.length > 0 ? pack(folded) : [])];
  return { pieces: pieces.map((blocks) => ({ text: fallback, blocks })), notes };
}

function render(
  block: Block,
  context: RenderContext,
  notes: Note[],
  folded: types.KnownBlock[],
): types.KnownBlock[] {
  switch (block.block) {
    case 'text':
      return paragraphs(inline(block.text, context));
    case 'note':
      // A context block shows no link and no mention that is safe; a note with spans is a paragraph.
      if (typeof block.text !== 'string') return paragraphs(inline(block.text, context));
      return cut(block.text || ' ', BLOCK_LIMITS.blockText).map((text) => ({
        type: 'context',
        elements: [{ type: 'plain_text', text, emoji: false }],
      }));
    case 'list':
      return list(block.items, block.ordered, context);
    case 'fields':
      return paragraphs(
        block.fields.flatMap((field, index) => [
          {
            type: 'text' as const,
            text: `${index === 0 ? '' : '\n'}${field.label}: `,
            style: { bold: true },
          },
          ...inline(field.value, context),
        ]),
      );
    case 'code':
      return preformatted(block);
    case 'buttons':
      return buttons(block.buttons, context, notes);
    case 'fold': {
      // A handful of buttons needs no folding away, and behind a fold they would be out of the card's reach.
      if (block.blocks.every((one) => one.block === 'buttons'))
        return block.blocks.flatMap((one) => render(one, context, notes, folded));
      // Slack folds nothing: the inside goes into the message's thread, the line in the message says so.
      const inner: types.KnownBlock[] = [];
      for (const one of block.blocks) {
        const deeper: types.KnownBlock[] = [];
        inner.push(...render(one, context, notes, deeper), ...deeper);
      }
      folded.push(...paragraphs([{ type: 'text', text: block.summary, style: { bold: true } }]), ...inner);
      const where = { zh: '（见消息列）', en: ' (in the thread)' }[context.language];
      return [
        {
          type: 'context',
          elements: [
            {
              type: 'plain_text',
              text: clip(`▸ ${block.summary}${where}`, BLOCK_LIMITS.blockText),
              emoji: false,
            },
          ],
        },
      ];
    }
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

function inline(text: Text, context: RenderContext): types.RichTextElement[] {
  const spans = typeof text === 'string' ? [text] : text;
  return spans.flatMap((span): types.RichTextElement[] => {
    if (typeof span === 'string') return plain(span);
    if ('strong' in span) return plain(span.strong).map(bold);
    if ('mono' in span) return plain(span.mono, { code: true });
    if ('link' in span) return link(span.link, context);
    if ('room' in span)
      return span.room.platform === 'slack'
        ? [{ type: 'channel', channel_id: span.room.conversation }]
        : plain(`#${span.room.name}`);
    const user = context.userOf(span.mention.person);
    return user === null ? plain(`@${span.mention.name}`) : [{ type: 'user', user_id: user }];
  });
}

/** Where the web room has no public address, the path is what a reader there can follow. */
function link(to: { readonly label: string; readonly path: string }, context: RenderContext) {
  if (context.publicUrl === null) return plain(`${to.label} (${to.path})`);
  const url = new URL(to.path, context.publicUrl).href;
  return [{ type: 'link' as const, url, text: to.label }];
}

/** An empty text element is refused by Slack. */
function plain(text: string, style?: { readonly code: true }): types.RichTextElement[] {
  if (text === '') return [];
  return cut(text, BLOCK_LIMITS.blockText).map((part) => ({
    type: 'text',
    text: part,
    ...(style ? { style: { ...style } } : {}),
  }));
}

function bold(element: types.RichTextElement): types.RichTextElement {
  return element.type === 'text' ? { ...element, style: { ...element.style, bold: true } } : element;
}

const lengthOf = (element: types.RichTextElement): number =>
  element.type === 'text' ? element.text.length : 12;

function grouped<T>(items: readonly T[], size: (item: T) => number, limit: number): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const item of items) {
    const group = groups.at(-1);
    if (group && room >= size(item)) {
      group.push(item);
      room -= size(item);
    } else {
      groups.push([item]);
      room = limit - size(item);
    }
  }
  return groups;
}

function paragraphs(elements: readonly types.RichTextElement[]): types.KnownBlock[] {
  return grouped(elements, lengthOf, BLOCK_LIMITS.blockText).map((group) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: group }],
  }));
}

function list(items: readonly Text[], ordered: boolean, context: RenderContext): types.KnownBlock[] {
  const sections = items
    .flatMap((item) => grouped(inline(item, context), lengthOf, BLOCK_LIMITS.blockText))
    .map((elements) => ({ type: 'rich_text_section' as const, elements }));
  const size = (section: types.RichTextSection): number =>
    section.elements.reduce((sum, element) => sum + lengthOf(element), 1);
  let offset = 0;
  return grouped(sections, size, BLOCK_LIMITS.blockText).map((elements) => {
    const block: types.KnownBlock = {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_list',
          style: ordered ? 'ordered' : 'bullet',
          elements,
          ...(ordered && offset > 0 ? { offset } : {}),
        },
      ],
    };
    offset += elements.length;
    return block;
  });
}

function preformatted(block: Extract<Block, { block: 'code' }>): types.KnownBlock[] {
  const lines = block.code.split('\n');
  const first = block.startLine;
  const width = first === null ? 0 : String(first + lines.length).length;
  const code = lines
    .map((line, index) => {
      const number = first === null ? '' : `${String(first + index).padStart(width)} `;
      const marked = block.marked.includes((first ?? 1) + index);
      const arrow = block.marked.length === 0 ? '' : marked ? '▶ ' : '  ';
      return `${arrow}${number}${line}`;
    })
    .join('\n');
  return cut(code || ' ', BLOCK_LIMITS.blockText).map((text) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  }));
}

function buttons(list: readonly Button[], context: RenderContext, notes: Note[]): types.KnownBlock[] {
  return chunk(list, BLOCK_LIMITS.buttons).map((group) => ({
    type: 'actions',
    elements: group.map((button, index) => asButton(button, `press-${index}`, context, notes)),
  }));
}

function asButton(button: Button, id: string, context: RenderContext, notes: Note[]): types.Button {
  const { text: value, note } = writePress(
    {
      command: button.command,
      args: button.args,
      incident: context.incident,
      channel: null,
      thread: null,
      form: null,
    },
    BLOCK_LIMITS.buttonValue,
  );
  if (note) notes.push(note);
  const element: types.Button = {
    type: 'button',
    action_id: id,
    text: { type: 'plain_text', text: clip(button.label, BLOCK_LIMITS.buttonText), emoji: false },
    value,
  };
  if (button.style !== 'plain') element.style = button.style;
  if (button.confirm !== undefined) {
    const words = { zh: ['确认', '执行', '取消'], en: ['Are you sure?', 'Go on', 'Cancel'] }[
      context.language
    ];
    const say = (text: string, limit: number) => ({ type: 'plain_text' as const, text: clip(text, limit) });
    element.confirm = {
      title: say(words[0] ?? '', BLOCK_LIMITS.confirmTitle),
      text: say(button.confirm, BLOCK_LIMITS.confirmText),
      confirm: say(words[1] ?? '', BLOCK_LIMITS.confirmButton),
      deny: say(words[2] ?? '', BLOCK_LIMITS.confirmButton),
    };
  }
  return element;
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return grouped(items, () => 1, size);
}

function textOf(block: types.KnownBlock): number {
  return JSON.stringify(block, (key, value: unknown) => (key === 'value' ? undefined : value)).length;
}

/** As few messages as the limits allow, in order. */
function pack(blocks: readonly types.KnownBlock[]): types.KnownBlock[][] {
  return grouped(blocks, textOf, BLOCK_LIMITS.messageText).flatMap((group) =>
    chunk(group, BLOCK_LIMITS.blocks),
  );
}
