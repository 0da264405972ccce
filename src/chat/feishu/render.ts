import type { Note } from '../aside.ts';
import { clip, cut } from '../cut.ts';
import type { Block, Button, Message, Text, Tone } from '../message.ts';
import { plainText } from '../message.ts';
import { type ButtonElement, type Card, card, type Element, plain, type Template, weight } from './card.ts';
import { writePress } from './press.ts';
import { escapeMarkdown } from './text.ts';

/**
 * …/im-v1/message/create: a card has at most 30 KB; some room is left for the envelope. The title shows four lines,
 * a button about thirty signs.
 */
export const CARD_LIMITS = {
  bytes: 27_000,
  title: 200,
  button: 60,
  /** What a button carries itself, in characters; the rest is kept aside. */
  data: 1200,
  text: 4000,
  buttons: 10,
  elements: 50,
} as const;

export interface Rendered {
  /** One message each; a long answer is several. */
  readonly cards: readonly Card[];
  /** To be remembered before the message leaves: what did not fit into a button. */
  readonly notes: readonly Note[];
}

export interface RenderContext {
  readonly incident: string | null;
  /** The conversation the card is about, where it does not stand in it. */
  readonly place: string | null;
  readonly language: 'zh' | 'en';
  /** The account of a person on the roster, where known. */
  readonly userOf: (person: string) => string | null;
  /** What opens a group in the client; null where an installation of one's own knows no such address. */
  readonly chatLink: (chat: string) => string | null;
  /** A page of the web room as a reader can follow it; null where it has no public address. */
  readonly link: (path: string) => string | null;
}

const LOOK: Readonly<Record<Tone, { readonly mark: string; readonly template: Template }>> = {
  plain: { mark: '', template: 'grey' },
  good: { mark: '✅ ', template: 'green' },
  warn: { mark: '⚠️ ', template: 'yellow' },
  bad: { mark: '❗ ', template: 'carmine' },
  blue: { mark: '🔵 ', template: 'blue' },
  yellow: { mark: '🟡 ', template: 'yellow' },
  orange: { mark: '🟠 ', template: 'orange' },
  red: { mark: '🔴 ', template: 'red' },
};

interface Making {
  readonly context: RenderContext;
  readonly notes: Note[];
}

/**
 * Plain text is shown as it is; where a line needs a mention, a link or a look it is markdown, with every word of
 * people escaped. Only an `<at>` made from the roster alerts anybody.
 */
export function renderMessage(message: Message, context: RenderContext): Rendered {
  const making: Making = { context, notes: [] };
  const { mark, template } = LOOK[message.tone];
  const words = plainText(message.headline);
  const marked = /^\p{Extended_Pictographic}/u.test(words) ? words : `${mark}${words}`;
  const title = clip(marked.split('\n', 1)[0] ?? '', CARD_LIMITS.title) || '—';
  const elements: Element[] = [];
  // A title is plain and short: what it cannot show stands below it.
  if (title !== marked) elements.push(...paragraphs(words, making));
  const live = spansOf(message.headline).filter((span) => isLive(span) && leadsSomewhere(span, context));
  elements.push(
    ...paragraphs(
      live.flatMap((span, index) => (index === 0 ? [span] : [' ', span])),
      making,
    ),
  );
  for (const block of message.blocks) elements.push(...render(block, making));
  const groups = pack(elements);
  return { cards: groups.map((group) => card(title, template, group)), notes: making.notes };
}

const isLive = (span: Exclude<Text, string>[number]): boolean =>
  typeof span !== 'string' && ('mention' in span || 'link' in span || 'room' in span);

/** A group that the client cannot open from here is only named, and the title has done so. */
function leadsSomewhere(span: Exclude<Text, string>[number], context: RenderContext): boolean {
  return typeof span === 'string' || !('room' in span) || context.chatLink(span.room.conversation) !== null;
}

function render(block: Block, making: Making): Element[] {
  switch (block.block) {
    case 'text':
      return paragraphs(block.text, making);
    case 'note':
      if (typeof block.text !== 'string' && block.text.some(isLive)) return paragraphs(block.text, making);
      return cut(plainText(block.text) || ' ', CARD_LIMITS.text).map((text) => ({
        tag: 'note',
        elements: [plain(text)],
      }));
    case 'list':
      return joined(
        block.items.map((item, index) => [block.ordered ? `${index + 1}. ` : '• ', ...spansOf(item)]),
        making,
      );
    case 'fields':
      return joined(
        block.fields.map((field) => [{ strong: `${field.label}：` }, ...spansOf(field.value)]),
        making,
      );
    case 'code':
      return code(block);
    case 'buttons':
      return grouped(block.buttons, () => 1, CARD_LIMITS.buttons).map((group) => ({
        tag: 'action',
        layout: 'flow',
        actions: group.map((button) => asButton(button, making)),
      }));
    case 'fold': {
      const inner = block.blocks.flatMap((one) => render(one, making));
      const panel: Element = {
        tag: 'collapsible_panel',
        expanded: false,
        header: { title: plain(`▸ ${block.summary}`) },
        border: { color: 'grey' },
        elements: inner,
      };
      // What is too long for one card cannot be folded within it: it follows open, under its own heading.
      if (inner.length > 0 && weight(panel) <= CARD_LIMITS.bytes / 2) return [panel];
      return [...paragraphs([{ strong: block.summary }], making), ...inner];
    }
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

const spansOf = (text: Text): Exclude<Text, string> => (typeof text === 'string' ? [text] : text);

/** Lines that belong together are one element: a card may hold no more than fifty. */
function joined(lines: readonly Exclude<Text, string>[], making: Making): Element[] {
  return paragraphs(
    lines.flatMap((line, index) => (index === 0 ? line : ['\n', ...line])),
    making,
  );
}

function paragraphs(text: Text, making: Making): Element[] {
  const spans = spansOf(text);
  if (spans.every((span) => typeof span === 'string')) {
    const words = spans.join('');
    return words.trim() === ''
      ? []
      : cut(words, CARD_LIMITS.text).map((part) => ({ tag: 'div', text: plain(part) }));
  }
  const pieces = spans.flatMap((span) => markdown(span, making.context));
  return grouped(pieces, (piece) => piece.length, CARD_LIMITS.text).map((group) => ({
    tag: 'markdown',
    content: group.join(''),
  }));
}

function markdown(span: Exclude<Text, string>[number], context: RenderContext): string[] {
  const escaped = (text: string): string[] => cut(text, 500).map(escapeMarkdown).filter(Boolean);
  if (typeof span === 'string') return escaped(span);
  // Marks must touch the word: around spaces or line breaks they would be shown as stars.
  if ('strong' in span)
    return escaped(span.strong).map((text) => (/^\S(?:.*\S)?$/.test(text) ? `**${text}**` : text));
  if ('mono' in span) return escaped(span.mono);
  if ('link' in span) {
    const url = context.link(span.link.path);
    if (url === null) return escaped(`${span.link.label} (${span.link.path})`);
    return [`[${escapeMarkdown(span.link.label)}](${url.replace(/[()\s]/g, encodeURIComponent)})`];
  }
  if ('room' in span) {
    const url = span.room.platform === 'feishu' ? context.chatLink(span.room.conversation) : null;
    if (url === null) return escaped(`#${span.room.name}`);
    return [`[${escapeMarkdown(span.room.name)}](${url})`];
  }
  const user = context.userOf(span.mention.person);
  return user === null || !/^ou_\w{1,64}$/.test(user)
    ? escaped(`@${span.mention.name}`)
    : [`<at id=${user}></at>`];
}

/** As plain text: within a fence of markdown a line of a log could close it, and then alert everybody. */
function code(block: Extract<Block, { block: 'code' }>): Element[] {
  const lines = block.code.split('\n');
  const first = block.startLine;
  const width = first === null ? 0 : String(first + lines.length).length;
  const text = lines
    .map((line, index) => {
      const number = first === null ? '' : `${String(first + index).padStart(width)} `;
      const marked = block.marked.includes((first ?? 1) + index);
      const arrow = block.marked.length === 0 ? '' : marked ? '▶ ' : '  ';
      return `${arrow}${number}${line}`;
    })
    .join('\n');
  return cut(text || ' ', CARD_LIMITS.text).map((part) => ({ tag: 'div', text: plain(part) }));
}

function asButton(button: Button, { context, notes }: Making): ButtonElement {
  const { press, note } = writePress(
    { command: button.command, args: button.args, incident: context.incident, place: context.place },
    CARD_LIMITS.data,
  );
  if (note) notes.push(note);
  const sure = { zh: '确认', en: 'Are you sure?' }[context.language];
  return {
    tag: 'button',
    text: plain(clip(button.label, CARD_LIMITS.button)),
    type: button.style === 'plain' ? 'default' : button.style,
    value: { press },
    ...(button.confirm === undefined
      ? {}
      : { confirm: { title: plain(sure), text: plain(clip(button.confirm, 300)) } }),
  };
}

function grouped<T>(items: readonly T[], size: (item: T) => number, limit: number): T[][] {
  const groups: T[][] = [];
  let room = 0;
  for (const item of items) {
    const need = size(item);
    const group = groups.at(-1);
    if (group && room >= need) {
      group.push(item);
      room -= need;
    } else {
      groups.push([item]);
      room = limit - need;
    }
  }
  return groups;
}

/** As few cards as the limits allow, in order; always one, if only with its title. */
function pack(elements: readonly Element[]): Element[][] {
  const groups = grouped(elements, weight, CARD_LIMITS.bytes).flatMap((group) =>
    grouped(group, () => 1, CARD_LIMITS.elements),
  );
  return groups.length > 0 ? groups : [[]];
}
