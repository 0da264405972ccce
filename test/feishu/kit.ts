import { z } from 'zod';

/**
 * What the real service accepts as a card: JSON 1.0 of open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/
 * card-components (one page a component). Strict: a property nobody documented is refused.
 */
const plain = z.strictObject({ tag: z.literal('plain_text'), content: z.string().min(1) });
const value = z.record(z.string(), z.unknown());
const button = z.strictObject({
  tag: z.literal('button'),
  text: plain,
  type: z.enum(['default', 'primary', 'danger']),
  value,
  confirm: z.strictObject({ title: plain, text: plain }).optional(),
});
/** …/containers/form-container: a button that submits has a name, and so has every field, each its own. */
const submit = button.extend({ action_type: z.literal('form_submit'), name: z.string().min(1) });
const input = z.strictObject({
  tag: z.literal('input'),
  name: z.string().min(1),
  label: plain,
  label_position: z.enum(['top', 'left']),
  required: z.boolean(),
  placeholder: plain.optional(),
  default_value: z.string().max(1000).optional(),
  input_type: z.enum(['text', 'multiline_text', 'password']).optional(),
  max_length: z.number().int().min(1).max(1000),
});
const select = z.strictObject({
  tag: z.literal('select_static'),
  name: z.string().min(1),
  required: z.boolean(),
  placeholder: plain,
  options: z.array(z.strictObject({ text: plain, value: z.string().min(1) })).min(1),
  initial_option: z.string().optional(),
});
const div = z.strictObject({ tag: z.literal('div'), text: plain });
const markdown = z.strictObject({ tag: z.literal('markdown'), content: z.string().min(1) });
const note = z.strictObject({ tag: z.literal('note'), elements: z.array(plain).min(1) });
const action = z.strictObject({
  tag: z.literal('action'),
  layout: z.enum(['bisected', 'trisection', 'flow']),
  actions: z.array(button).min(1),
});
const inner = z.discriminatedUnion('tag', [div, markdown, note, action]);
/** …/containers/collapsible-panel; forms stand at the root alone. */
const panel = z.strictObject({
  tag: z.literal('collapsible_panel'),
  expanded: z.boolean(),
  header: z.strictObject({ title: plain }),
  border: z.strictObject({ color: z.string() }).optional(),
  elements: z.array(z.union([inner, z.strictObject({ tag: z.literal('collapsible_panel') }).loose()])),
});
const form = z
  .strictObject({
    tag: z.literal('form'),
    name: z.string().min(1),
    elements: z.array(z.discriminatedUnion('tag', [div, input, select, submit])).min(1),
  })
  .refine((one) => {
    const names = one.elements.flatMap((element) => ('name' in element ? [element.name] : []));
    return new Set(names).size === names.length && one.elements.some((element) => element.tag === 'button');
  }, 'a form has fields of different names and a button that submits');

export const cardSchema = z.strictObject({
  config: z.strictObject({ wide_screen_mode: z.boolean(), update_multi: z.boolean() }),
  header: z.strictObject({
    title: plain,
    template: z.enum([
      'blue',
      'wathet',
      'turquoise',
      'green',
      'yellow',
      'orange',
      'red',
      'carmine',
      'violet',
      'purple',
      'indigo',
      'grey',
    ]),
  }),
  elements: z.array(z.discriminatedUnion('tag', [div, markdown, note, action, panel, form])).max(50),
});
export type KitCard = z.infer<typeof cardSchema>;
export type KitForm = z.infer<typeof form>;

const anyElement: z.ZodType<{ tag: string; [key: string]: unknown }> = z.looseObject({ tag: z.string() });

function all(card: KitCard): readonly { tag: string; [key: string]: unknown }[] {
  const walk = (value: unknown): { tag: string; [key: string]: unknown }[] => {
    if (Array.isArray(value)) return value.flatMap(walk);
    const read = anyElement.safeParse(value);
    if (!read.success) return [];
    return [read.data, ...walk(read.data.elements), ...walk(read.data.actions)];
  };
  return walk(card.elements);
}

/** All that a reader sees, in order. */
export function wordsOf(card: KitCard): string {
  const said = all(card).map((one) => {
    if (one.tag === 'markdown') return shownMarkdown(String(one.content));
    if (one.tag === 'plain_text') return String(one.content);
    if (one.tag === 'button') return `[${textOf(one.text)}]`;
    if (one.tag === 'div') return textOf(one.text);
    if (one.tag === 'collapsible_panel')
      return textOf(z.looseObject({ title: z.unknown() }).parse(one.header).title);
    if (one.tag === 'input') return textOf(one.label);
    return '';
  });
  return [card.header.title.content, ...said].filter(Boolean).join('\n');
}

function textOf(value: unknown): string {
  return plain.parse(value).content;
}

/** As the client shows it: entities as their signs, links by their label, stars gone. */
function shownMarkdown(content: string): string {
  return content
    .replace(/<at id=([^>]+)><\/at>/g, '@$1')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replaceAll('**', '')
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}

/** Who is alerted: only markdown is parsed for `<at>` (…/content-components/rich-text). */
export function alertsOf(card: KitCard): readonly string[] {
  return all(card).flatMap((one) =>
    one.tag === 'markdown'
      ? [...String(one.content).matchAll(/<at (?:id|user_id|email|ids)=([^>]+)>/g)].map(
          (match) => match[1] ?? '',
        )
      : [],
  );
}

/** What a click opens: only markdown knows links. */
export function linksOf(card: KitCard): readonly string[] {
  return all(card).flatMap((one) => {
    if (one.tag !== 'markdown') return [];
    const { content } = one;
    const labelled = [...String(content).matchAll(/\[[^\]]*\]\(([^)]*)\)/g)].map((match) => match[1] ?? '');
    return [...labelled, ...(String(content).match(/https?:\/\/[^\s)]+/g) ?? [])];
  });
}

export interface KitButton {
  readonly label: string;
  readonly value: Record<string, unknown>;
  readonly form: boolean;
}

export function buttonsOf(card: KitCard): readonly KitButton[] {
  return all(card).flatMap((one) =>
    one.tag === 'button'
      ? [{ label: textOf(one.text), value: value.parse(one.value), form: one.action_type === 'form_submit' }]
      : [],
  );
}

export function formOf(card: KitCard): KitForm | null {
  const found = card.elements.find((one) => one.tag === 'form');
  return found?.tag === 'form' ? found : null;
}
