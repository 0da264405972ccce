import type { Note } from '../aside.ts';
import { clip, cut } from '../cut.ts';
import type { Block, Button, Message, Text, Tone } from '../message.ts';
import { plainText } from '../message.ts';
import { type Action, type Card, card, type Element, type TextRun, weight } from './card.ts';
import { writePress } from './press.ts';

/**
 * learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages: a message with its cards may have
 * about 28 KB; …/task-modules-and-cards/cards/cards-reference: six primary actions. Some room is left for the envelope.
 */
export const CARD_LIMITS = {
  bytes: 26_000,
  actions: 6,
  /** A card in a narrow chat shows no more of a button, counted in Latin letters; a Chinese one is two of them. */
  title: 44,
  /** What a button carries itself, in characters; the rest is kept aside. */
  data: 1500,
  text: 4000,
  summary: 200,
} as const;

/** One message; a long answer is several. */
export interface Piece {
  readonly summary: string;
  readonly card: Card;
}

export interface Rendered {
  readonly pieces: readonly Piece[];
  /** To be remembered before the message leaves: what did not fit into a button. */
  readonly notes: readonly Note[];
}

export interface RenderContext {
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
  /** Where the card as it is now is kept; null for a message that is never changed. */
  readonly face: string | null;
  /** The Teams user of a person on the roster, where known. */
  readonly userOf: (person: string) => string | null;
  /** Address of the web room, for links; null where it is not known. */
  readonly web: string | null;
}

const LOOK: Readonly<Record<Tone, { readonly mark: string; readonly style: Style | null }>> = {
  plain: { mark: '', style: null },
  good: { mark: '✅ ', style: 'good' },
  warn: { mark: '⚠️ ', style: 'warning' },
  bad: { mark: '❗ ', style: 'attention' },
  blue: { mark: '🔵 ', style: 'accent' },
  yellow: { mark: '🟡 ', style: 'warning' },
  orange: { mark: '🟠 ', style: 'attention' },
  red: { mark: '🔴 ', style: 'attention' },
};
type Style = 'good' | 'warning' | 'attention' | 'accent';

interface Making {
  readonly context: RenderContext;
  readonly notes: Note[];
  /** Person → name, of all that are to be alerted. */
  readonly mentions: Map<string, string>;
  folds: number;
}

/**
 * Text runs are shown as they are: nothing in them is parsed for mentions or mark-up, so user text is inert by
 * construction. Only the line of mentions at the end of a card, made from the roster, alerts anybody.
 */
export function renderMessage(message: Message, context: RenderContext): Rendered {
  const making: Making = { context, notes: [], mentions: new Map(), folds: 0 };
  const look = LOOK[message.tone];
  const heading = paragraphs(
    [
      ...(look.mark && !/^\p{Extended_Pictographic}/u.test(plainText(message.headline))
        ? [run(look.mark)]
        : []),
      ...inline(message.headline, making),
    ].map((one) => ({
      ...one,
      weight: 'Bolder' as const,
      size: 'Medium' as const,
    })),
  );
  const units: Element[][] = [
    look.style === null ? heading : [{ type: 'Container', style: look.style, items: heading }],
  ];
  for (const block of message.blocks) units.push(...render(block, making));
  const alerts = mentionLine(making);
  if (alerts) units.splice(1, 0, [alerts.element]);
  const summary = clip(plainText(message.headline), CARD_LIMITS.summary);
  const pieces = pack(units).map((body, index): Piece => {
    const entities = index === 0 && alerts ? { msteams: { entities: alerts.entities } } : {};
    return { summary, card: card(body, { ...refreshing(context, index), ...entities }) };
  });
  return { pieces, notes: making.notes };
}

/** The card's menu gets "refresh": asked for by hand, since sixty members looking would be sixty calls. */
function refreshing(context: RenderContext, index: number): Pick<Card, 'refresh'> {
  if (context.face === null || index > 0) return {};
  const press = { command: '', args: {}, incident: context.incident, face: context.face, form: null };
  const title = { zh: '刷新', en: 'Refresh' }[context.language];
  return {
    refresh: { action: { type: 'Action.Execute', title, verb: 'refresh', data: { press } }, userIds: [] },
  };
}

function render(block: Block, making: Making): Element[][] {
  switch (block.block) {
    case 'text':
      return alone(paragraphs(inline(block.text, making)));
    case 'note':
      return alone(
        paragraphs(
          inline(block.text, making).map((one) => ({ ...one, isSubtle: true, size: 'Small' as const })),
        ),
      );
    case 'list':
      return alone(
        block.items.flatMap((item, index) =>
          paragraphs([run(block.ordered ? `${index + 1}. ` : '• '), ...inline(item, making)], 'Small'),
        ),
      );
    case 'fields':
      return alone(
        block.fields.flatMap((field) =>
          paragraphs(
            [{ ...run(`${field.label}：`), weight: 'Bolder' as const }, ...inline(field.value, making)],
            'Small',
          ),
        ),
      );
    case 'code':
      return code(block);
    case 'buttons':
      return grouped(block.buttons, () => 1, CARD_LIMITS.actions).map((group) => [
        { type: 'ActionSet', actions: group.map((button) => action(button, making)) },
      ]);
    case 'fold': {
      const inner = block.blocks.flatMap((one) => render(one, making));
      making.folds += 1;
      const id = `fold-${making.folds}`;
      const title = buttonTitle(`▸ ${block.summary}`);
      const folded: Element[] = [
        { type: 'ActionSet', actions: [{ type: 'Action.ToggleVisibility', title, targetElements: [id] }] },
        { type: 'Container', id, isVisible: false, items: inner.flat() },
      ];
      // What is too long for one card cannot be folded within it: it follows open, under its own heading.
      if (weight(folded) <= CARD_LIMITS.bytes / 2) return [folded];
      return [paragraphs([{ ...run(block.summary), weight: 'Bolder' }]), ...inner];
    }
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

const alone = (elements: readonly Element[]): Element[][] => elements.map((one) => [one]);

/** `<at>` is the one thing Teams looks for in the texts of a card. */
function run(text: string): TextRun {
  return { type: 'TextRun', text: text.replaceAll('<at>', '‹at›').replaceAll('</at>', '‹/at›') };
}

function inline(text: Text, making: Making): TextRun[] {
  const spans = typeof text === 'string' ? [text] : text;
  return spans.flatMap((span): TextRun[] => {
    if (typeof span === 'string') return cutRuns(span);
    if ('strong' in span) return cutRuns(span.strong).map((one) => ({ ...one, weight: 'Bolder' }));
    if ('mono' in span) return cutRuns(span.mono).map((one) => ({ ...one, fontType: 'Monospace' }));
    if ('link' in span) {
      const { label, path } = span.link;
      if (making.context.web === null) return cutRuns(`${label} (${path})`);
      const url = new URL(path, making.context.web).href;
      return cutRuns(label).map((one) => ({ ...one, selectAction: { type: 'Action.OpenUrl', url } }));
    }
    if ('room' in span) return [{ ...run(span.room.name), weight: 'Bolder' }];
    const { person, name } = span.mention;
    if (making.context.userOf(person) !== null) making.mentions.set(person, name);
    return [{ ...run(`@${name}`), weight: 'Bolder' }];
  });
}

/** An empty run is refused. */
function cutRuns(text: string): TextRun[] {
  return text === '' ? [] : cut(text, CARD_LIMITS.text).map(run);
}

/** Line breaks inside a run are lost on some clients: each line is a block of its own. */
function paragraphs(runs: readonly TextRun[], spacing?: 'Small'): Element[] {
  const lines: TextRun[][] = [[]];
  for (const one of runs) {
    const [first = '', ...rest] = one.text.split('\n');
    if (first !== '') lines.at(-1)?.push({ ...one, text: first });
    for (const line of rest) lines.push(line === '' ? [] : [{ ...one, text: line }]);
  }
  return lines
    .filter((line) => line.length > 0)
    .flatMap((line) => grouped(line, (one) => one.text.length, CARD_LIMITS.text))
    .map((inlines, index) => ({
      type: 'RichTextBlock',
      inlines,
      ...(index > 0 ? { spacing: 'None' as const } : spacing ? { spacing } : {}),
    }));
}

function code(block: Extract<Block, { block: 'code' }>): Element[][] {
  const all = block.code.split('\n');
  const first = block.startLine;
  const width = first === null ? 0 : String(first + all.length).length;
  const blocks = all.flatMap((line, index): Element[] => {
    const number = first === null ? '' : `${String(first + index).padStart(width)} `;
    const marked = block.marked.includes((first ?? 1) + index);
    const arrow = block.marked.length === 0 ? '' : marked ? '▶ ' : '  ';
    // Spaces at the beginning would be swallowed, and the numbers would not stand under each other.
    const text = `${arrow}${number}${line}`.replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length)) || ' ';
    return cut(text, CARD_LIMITS.text).map((part) => ({
      type: 'RichTextBlock',
      spacing: 'None',
      inlines: [
        {
          ...run(part),
          fontType: 'Monospace',
          size: 'Small',
          ...(marked ? { color: 'Attention' as const, weight: 'Bolder' as const } : {}),
        },
      ],
    }));
  });
  return grouped(blocks, weight, CARD_LIMITS.bytes / 2).map((items) => [
    { type: 'Container', style: 'emphasis', items },
  ]);
}

function action(button: Button, making: Making): Action {
  const { context, notes } = making;
  const { command, args } = button;
  const { press, note } = writePress(
    { command, args, incident: context.incident, face: context.face, form: null },
    CARD_LIMITS.data,
  );
  if (note) notes.push(note);
  const title = buttonTitle(button.label);
  const style =
    button.style === 'plain'
      ? {}
      : { style: button.style === 'danger' ? ('destructive' as const) : ('positive' as const) };
  const execute: Action = { type: 'Action.Execute', title, verb: 'press', data: { press }, ...style };
  if (button.confirm === undefined) return execute;
  const sure = { zh: '确认执行', en: 'Yes, go on' }[context.language];
  return {
    type: 'Action.ShowCard',
    title,
    ...(button.style === 'danger' ? { style: 'destructive' as const } : {}),
    card: card(paragraphs(cutRuns(button.confirm)), { actions: [{ ...execute, title: sure }] }),
  };
}

/** As much as a button shows. */
export function buttonTitle(label: string): string {
  let width = 0;
  let end = 0;
  for (const sign of label) {
    width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
    if (width > CARD_LIMITS.title) return `${label.slice(0, end)}…`;
    end += sign.length;
  }
  return label;
}

function mentionLine(making: Making) {
  const entities = [...making.mentions].flatMap(([person, name]) => {
    const id = making.context.userOf(person);
    if (id === null) return [];
    const safe = name.replace(/[<>&*_[\]()`~#]/g, '').trim() || 'user';
    return [{ type: 'mention' as const, text: `<at>${safe}</at>`, mentioned: { id, name: safe } }];
  });
  if (entities.length === 0) return null;
  const text = `🔔 ${entities.map((one) => one.text).join(' ')}`;
  const element: Element = { type: 'TextBlock', text, wrap: true, spacing: 'Small' };
  return { element, entities };
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

/** As few cards as the limit allows, in order; the elements of one unit stay together. */
function pack(units: readonly (readonly Element[])[]): Element[][] {
  return grouped(units, weight, CARD_LIMITS.bytes - 1500).map((group) => group.flat());
}
