import { z } from 'zod';

/**
 * What Teams accepts in a message and shows of it: adaptivecards.io/explorer (schema 1.5) and
 * learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference. Strict: a property nobody
 * documented is refused.
 */

const data = z.looseObject({ msteams: z.looseObject({ type: z.string() }).optional() });
const openUrl = z.strictObject({
  type: z.literal('Action.OpenUrl'),
  url: z.url(),
  title: z.string().optional(),
});
const style = z.enum(['positive', 'destructive']).optional();

const execute = z.strictObject({
  type: z.literal('Action.Execute'),
  title: z.string().min(1),
  verb: z.string().min(1),
  data,
  style,
  associatedInputs: z.enum(['auto', 'none']).optional(),
});
const submit = z.strictObject({ type: z.literal('Action.Submit'), title: z.string().min(1), data, style });
const toggle = z.strictObject({
  type: z.literal('Action.ToggleVisibility'),
  title: z.string().min(1),
  targetElements: z.array(z.string()).min(1),
});

const run = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Bolder', 'Lighter', 'Default']).optional(),
  fontType: z.enum(['Monospace', 'Default']).optional(),
  size: z.enum(['Small', 'Default', 'Medium', 'Large']).optional(),
  isSubtle: z.boolean().optional(),
  color: z.enum(['Attention', 'Good', 'Warning', 'Accent']).optional(),
  selectAction: openUrl.optional(),
});
const spacing = z.enum(['None', 'Small', 'Default', 'Medium']).optional();
const rich = z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(run).min(1), spacing });
const text = z.strictObject({
  type: z.literal('TextBlock'),
  text: z.string().min(1),
  wrap: z.boolean(),
  spacing,
});
const field = {
  id: z.string().min(1),
  label: z.string().min(1),
  isRequired: z.boolean(),
  errorMessage: z.string(),
  value: z.string().optional(),
};
const inputText = z.strictObject({
  type: z.literal('Input.Text'),
  ...field,
  isMultiline: z.boolean(),
  placeholder: z.string().optional(),
  style: z.enum(['Text', 'Tel', 'Url', 'Email']).optional(),
});
const inputChoice = z.strictObject({
  type: z.literal('Input.ChoiceSet'),
  ...field,
  style: z.enum(['compact', 'expanded']),
  choices: z.array(z.strictObject({ title: z.string().min(1), value: z.string() })).min(1),
});

type Execute = z.infer<typeof execute>;
type Submit = z.infer<typeof submit>;
type Toggle = z.infer<typeof toggle>;
interface ShowCard {
  readonly type: 'Action.ShowCard';
  readonly title: string;
  readonly style?: 'positive' | 'destructive' | undefined;
  readonly card: KitCard;
}
export type KitAction = Execute | Submit | Toggle | ShowCard;
type Rich = z.infer<typeof rich>;
type Input = z.infer<typeof inputText> | z.infer<typeof inputChoice>;
export type KitElement =
  | Rich
  | z.infer<typeof text>
  | Input
  | { readonly type: 'ActionSet'; readonly actions: readonly KitAction[] }
  | {
      readonly type: 'Container';
      readonly items: readonly KitElement[];
      readonly id?: string | undefined;
      readonly isVisible?: boolean | undefined;
      readonly style?: string | undefined;
      readonly spacing?: string | undefined;
    };
export interface KitCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: '1.5';
  readonly body: readonly KitElement[];
  readonly actions?: readonly KitAction[] | undefined;
  readonly refresh?: { readonly action: Execute; readonly userIds: readonly string[] } | undefined;
  readonly msteams?:
    | {
        readonly width?: 'Full' | undefined;
        readonly entities?:
          | readonly {
              readonly type: 'mention';
              readonly text: string;
              readonly mentioned: { readonly id: string; readonly name: string };
            }[]
          | undefined;
      }
    | undefined;
}

const action: z.ZodType<KitAction> = z.lazy(() =>
  z.discriminatedUnion('type', [
    execute,
    submit,
    toggle,
    z.strictObject({ type: z.literal('Action.ShowCard'), title: z.string().min(1), style, card: kitCard }),
  ]),
);
const actions = z.array(action).min(1).max(6);
const element: z.ZodType<KitElement> = z.lazy(() =>
  z.discriminatedUnion('type', [
    rich,
    text,
    inputText,
    inputChoice,
    z.strictObject({ type: z.literal('ActionSet'), actions }),
    z.strictObject({
      type: z.literal('Container'),
      items: z.array(element).min(1),
      id: z.string().optional(),
      isVisible: z.boolean().optional(),
      style: z.enum(['default', 'emphasis', 'good', 'attention', 'warning', 'accent']).optional(),
      spacing,
    }),
  ]),
);
const kitCard: z.ZodType<KitCard> = z.lazy(() =>
  z.strictObject({
    type: z.literal('AdaptiveCard'),
    $schema: z.string(),
    version: z.literal('1.5'),
    body: z.array(element).min(1),
    actions: actions.optional(),
    refresh: z.strictObject({ action: execute, userIds: z.array(z.string()).max(60) }).optional(),
    msteams: z
      .strictObject({
        width: z.literal('Full').optional(),
        entities: z
          .array(
            z.strictObject({
              type: z.literal('mention'),
              text: z.string(),
              mentioned: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
            }),
          )
          .optional(),
      })
      .optional(),
  }),
);

/** …/how-to/agents-inline-images: a picture in the message itself. */
const picture = z.strictObject({
  contentType: z.enum(['image/png', 'image/jpeg', 'image/gif']),
  contentUrl: z.string().regex(/^data:image\/(png|jpeg|gif);base64,/),
  name: z.string().min(1),
});

/** Activity of botframework-schema, as a bot sends one. */
export const messageActivity = z.object({
  type: z.literal('message'),
  text: z.string().optional(),
  summary: z.string().optional(),
  attachments: z
    .array(
      z.union([
        z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: kitCard }),
        picture,
      ]),
    )
    .max(1)
    .optional(),
});

/** The card of a message; null where it has none. */
export function cardIn(attachments: z.infer<typeof messageActivity>['attachments']): KitCard | null {
  const [first] = attachments ?? [];
  return first && 'content' in first ? first.content : null;
}

export interface KitPicture {
  readonly name: string;
  readonly bytes: Buffer;
}

export function pictureIn(attachments: z.infer<typeof messageActivity>['attachments']): KitPicture | null {
  const [first] = attachments ?? [];
  if (!first || 'content' in first) return null;
  const bytes = Buffer.from(first.contentUrl.slice(first.contentUrl.indexOf(',') + 1), 'base64');
  // …/build-conversational-capability, "Picture messages": 1 MB.
  return bytes.byteLength <= 1_000_000 ? { name: first.name, bytes } : null;
}

/** A card on its own, as the answer to a press or a dialog holds it. */
export const cardAlone = kitCard;

function elements(list: readonly KitElement[]): readonly KitElement[] {
  return list.flatMap((one) => (one.type === 'Container' ? [one, ...elements(one.items)] : [one]));
}

/** Every button of a card, also behind another one. */
export function actionsOf(card: KitCard | null): readonly KitAction[] {
  if (!card) return [];
  const own = [
    ...elements(card.body).flatMap((one) => (one.type === 'ActionSet' ? one.actions : [])),
    ...(card.actions ?? []),
  ];
  return own.flatMap((one) =>
    one.type === 'Action.ShowCard'
      ? [...actionsOf(one.card).map((inner) => ({ ...inner, title: one.title }))]
      : [one],
  );
}

export function formOf(card: KitCard | null): readonly Input[] {
  return card
    ? elements(card.body).flatMap((one) =>
        one.type === 'Input.Text' || one.type === 'Input.ChoiceSet' ? [one] : [],
      )
    : [];
}

/** All that a reader sees, in order. */
export function wordsOf(card: KitCard | null): string {
  if (!card) return '';
  const lines = elements(card.body).map((one) => {
    if (one.type === 'RichTextBlock') return one.inlines.map((inline) => inline.text).join('');
    if (one.type === 'TextBlock') return one.text;
    if (one.type === 'ActionSet') return one.actions.map((button) => `[${button.title}]`).join(' ');
    return one.type === 'Container' ? '' : one.label;
  });
  return [...lines, ...(card.actions ?? []).map((button) => `[${button.title}]`)].join('\n');
}

/** Who is alerted: those whom a TextBlock mentions and the card's entities name. */
export function alertsOf(card: KitCard | null): readonly string[] {
  if (!card) return [];
  const parsed = elements(card.body).flatMap((one) => (one.type === 'TextBlock' ? [one.text] : []));
  return (card.msteams?.entities ?? [])
    .filter((one) => parsed.some((words) => words.includes(one.text)))
    .map((one) => one.mentioned.id);
}

/** What a click on the words of a card opens. */
export function linksOf(card: KitCard | null): readonly string[] {
  if (!card) return [];
  return elements(card.body).flatMap((one) => {
    if (one.type === 'RichTextBlock')
      return one.inlines.flatMap(({ selectAction }) => (selectAction ? [selectAction.url] : []));
    // Of a card, these alone are read as markdown.
    return one.type === 'TextBlock'
      ? [...one.text.matchAll(/\]\(([^)]*)\)/g)].map(([, url = '']) => url)
      : [];
  });
}
