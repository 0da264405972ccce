import { clip, cut } from '../cut.ts';
import type { Block, Button, Message, Text, Tone } from '../message.ts';
import { plainText } from '../message.ts';

/**
 * open.dingtalk.com/document/orgapp/the-robot-sends-a-group-message: `msgParam` has at most 15,000 bytes, counted as
 * JSON; some room is left for the title and what is added.
 */
export const MARKDOWN_LIMITS = { bytes: 12_000, title: 60, codeChunk: 2500 } as const;

export interface RenderContext {
  readonly language: 'zh' | 'en';
  /** Address of a page of the web room; null where it is not known. */
  readonly hrefOf: (path: string) => string | null;
  /** Address of the incident's page, where what is folded away can be read; null where there is none. */
  readonly room: string | null;
  /** The user id of a person on the roster, where known. */
  readonly userOf: (person: string) => string | null;
  /** How a mention is written: by the id where the text itself alerts, else by the name. */
  readonly written: 'id' | 'name';
}

export interface Rendered {
  readonly title: string;
  /** Markdown; a long message is several. */
  readonly pieces: readonly string[];
  readonly buttons: readonly Button[];
  /** User id → name, of all that are to be alerted. */
  readonly at: ReadonlyMap<string, string>;
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

interface Making {
  readonly context: RenderContext;
  readonly buttons: Button[];
  readonly at: Map<string, string>;
}

export function renderMarkdown(message: Message, context: RenderContext): Rendered {
  const making: Making = { context, buttons: [], at: new Map() };
  const plain = plainText(message.headline);
  const mark = /^\p{Extended_Pictographic}/u.test(plain) ? '' : MARK[message.tone];
  const units = [
    `### ${mark}${inline(message.headline, making)}`,
    ...message.blocks.flatMap((block) => render(block, making)),
  ];
  return {
    title: clip(inert(`${mark}${plain}`.replaceAll('\n', ' ')), MARKDOWN_LIMITS.title),
    pieces: pack(units),
    buttons: making.buttons,
    at: making.at,
  };
}

function render(block: Block, making: Making): readonly string[] {
  switch (block.block) {
    case 'text':
      return [inline(block.text, making)];
    case 'note':
      return [`> ${inline(block.text, making).replaceAll('  \n', '  \n> ')}`];
    case 'list':
      return together(
        block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${inline(item, making)}`),
        '\n',
      );
    case 'fields':
      return together(
        block.fields.map((field) => `**${inert(field.label)}**：${inline(field.value, making)}`),
        '  \n',
      );
    case 'code':
      return code(block);
    case 'buttons':
      making.buttons.push(...block.buttons);
      return [];
    case 'fold': {
      // Nothing folds in a message of DingTalk: what is folded is read in the web room, or follows open.
      const summary = inert(block.summary).replaceAll('  \n', ' ');
      // Its buttons are offered in either case.
      const inner = block.blocks.flatMap((one) => render(one, making));
      if (making.context.room !== null) return [`▸ [${summary}](${making.context.room})`];
      return [`**${summary}**`, ...inner];
    }
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

/** Lines that belong together, unless they are too many for one message. */
function together(lines: readonly string[], by: string): readonly string[] {
  const one = lines.join(by);
  return weight(one) <= MARKDOWN_LIMITS.bytes / 4 ? [one] : lines;
}

function inline(text: Text, making: Making): string {
  const spans = typeof text === 'string' ? [text] : text;
  return spans
    .map((span): string => {
      if (typeof span === 'string') return inert(span);
      if ('strong' in span) return around('**', span.strong);
      if ('mono' in span) return inert(span.mono);
      if ('link' in span) {
        const href = making.context.hrefOf(span.link.path);
        return href === null
          ? `${inert(span.link.label)} (${inert(span.link.path)})`
          : `[${inert(span.link.label)}](${href})`;
      }
      if ('room' in span) return around('**', span.room.name);
      const { person, name } = span.mention;
      const user = making.context.userOf(person);
      if (user === null) return around('**', `@${name}`);
      making.at.set(user, name);
      return making.context.written === 'id' ? `@${user} ` : around('**', `@${name}`);
    })
    .join('');
}

const around = (sign: string, text: string): string => {
  const inner = inert(text).trim();
  return inner === '' ? '' : `${sign}${inner}${sign}`;
};

/**
 * What people wrote is shown and not obeyed. The clients do not agree on escapes, so each sign that would be mark-up is
 * written as its full-width likeness; nobody is alerted by text alone, since only the lists beside it do that.
 */
export function inert(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/&(?=#?\w{1,31};)/g, '＆')
    .replaceAll('[', '［')
    .replaceAll(']', '］')
    .replaceAll('<', '＜')
    .replaceAll('`', 'ˋ')
    .replaceAll('*', '＊')
    .replaceAll('~~', '～～')
    .replaceAll('__', '＿＿')
    .replace(/^(\s*)([#>])/gm, (_all, spaces: string, sign: string) => spaces + (sign === '#' ? '＃' : '＞'))
    .replaceAll('\n', '  \n');
}

function code(block: Extract<Block, { block: 'code' }>): readonly string[] {
  const lines = block.code.replaceAll('\r', '').split('\n');
  const first = block.startLine;
  const width = first === null ? 0 : String(first + lines.length).length;
  const shown = lines.map((line, index) => {
    const number = first === null ? '' : `${String(first + index).padStart(width)} `;
    const arrow = block.marked.length === 0 ? '' : block.marked.includes((first ?? 1) + index) ? '▶ ' : '  ';
    return `${arrow}${number}${line}`;
  });
  // A fence cannot be left from within.
  const text = shown.join('\n').replaceAll('```', 'ˋˋˋ');
  return cut(text, MARKDOWN_LIMITS.codeChunk).map((part) => `\`\`\`\n${part.replace(/\n$/, '')}\n\`\`\``);
}

export function weight(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** As few messages as the limit allows, in order. */
function pack(units: readonly string[]): string[] {
  const pieces: string[] = [];
  for (const unit of units.flatMap((one) =>
    weight(one) <= MARKDOWN_LIMITS.bytes ? [one] : cut(one, 2500),
  )) {
    const last = pieces.at(-1);
    const joined = last === undefined ? unit : `${last}\n\n${unit}`;
    if (last !== undefined && weight(joined) <= MARKDOWN_LIMITS.bytes) pieces[pieces.length - 1] = joined;
    else pieces.push(unit);
  }
  return pieces;
}
