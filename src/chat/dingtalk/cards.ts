import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Note } from '../aside.ts';
import { clip, cut } from '../cut.ts';
import type { Button, Form, FormField } from '../message.ts';
import { type Api, DingTalkError } from './api.ts';
import { MARKDOWN_LIMITS, type Rendered, weight } from './markdown.ts';
import { writePress } from './press.ts';

/** Ids of the two templates of the app; docs/dingtalk.md says how they are made. */
export interface CardTemplates {
  /** Variables `title`, `content` (markdown), `buttons` (a list: `text`, `status`, `press`). */
  readonly card: string;
  /** Variables `title`, `form`, `form_status`, `form_btn_text`. */
  readonly form: string;
}

/** Where a card is shown: to all of a group, to some of it, or in the single chat with one person. */
export type Space =
  | {
      readonly kind: 'group';
      readonly conversation: string;
      /** User id → name, of those who are alerted. */
      readonly at: ReadonlyMap<string, string>;
      /** The only ones who see it; everybody without. */
      readonly only?: readonly string[] | undefined;
    }
  | { readonly kind: 'single'; readonly user: string };

export interface CardData {
  readonly template: string;
  readonly title: string;
  readonly params: Readonly<Record<string, string>>;
  /** To be remembered before the card leaves: what its buttons stand for. */
  readonly notes: readonly Note[];
}

const CARD_LIMITS = { buttons: 20, label: 20, field: 4000 } as const;

export interface Origin {
  readonly incident: string | null;
  readonly conversation: string;
  readonly language: 'zh' | 'en';
}

/** Not everything may fit on one card: the rest is where the link leads. */
export function cardOf(
  rendered: Rendered,
  origin: Origin,
  templates: CardTemplates,
  more: string | null,
): CardData {
  const [first = '', second] = rendered.pieces;
  const shortened = { zh: '（过长，其余见网页房间）', en: '(cut; the rest is in the web room)' }[
    origin.language
  ];
  const rest = more === null ? shortened : `[${shortened}](${more})`;
  const room = MARKDOWN_LIMITS.bytes - weight(rest);
  const fitting = weight(first) <= room ? first : (cut(first, 2500)[0] ?? '');
  const content = second === undefined ? first : `${fitting}\n\n${rest}`;
  const notes: Note[] = [];
  const buttons = rendered.buttons.slice(0, CARD_LIMITS.buttons).map((button) => {
    const note = writePress(pressOf(button, origin));
    notes.push(note);
    return { text: clip(button.label, CARD_LIMITS.label), status: STATUS[button.style], press: note.key };
  });
  return {
    template: templates.card,
    title: rendered.title,
    params: { title: rendered.title, content, buttons: JSON.stringify(buttons) },
    notes,
  };
}

const STATUS = { primary: 'primary', danger: 'danger', plain: 'normal' } as const;

function pressOf({ command, args, confirm }: Button, { incident, conversation }: Origin) {
  return { command, args, incident, conversation, confirm: confirm ?? null };
}

/**
 * The form component of the card platform, as DingTalk's own example fills it
 * (github.com/open-dingtalk/dingtalk-card-examples, 表单组件的使用与更新): what the form stands for is a hidden field.
 */
export function formOf(form: Form, origin: Origin, templates: CardTemplates): CardData {
  const { command, args } = form;
  const button = { label: form.submit, command, args, style: 'primary' } as const;
  const note = writePress(pressOf(button, origin));
  const hidden = { name: PRESS_FIELD, type: 'TEXT', hidden: true, defaultValue: note.key };
  return {
    template: templates.form,
    title: clip(form.title, MARKDOWN_LIMITS.title),
    params: {
      title: form.title,
      form: JSON.stringify({ fields: [hidden, ...form.fields.map(field)] }),
      form_status: 'normal',
      form_btn_text: form.submit,
    },
    notes: [note],
  };
}

export const PRESS_FIELD = 'press';

function field(one: FormField) {
  const common = {
    name: one.name,
    label: one.label,
    required: one.required,
    ...(one.placeholder ? { placeholder: one.placeholder } : {}),
  };
  if (one.type !== 'choice')
    return {
      ...common,
      type: 'TEXT',
      ...(one.value ? { defaultValue: clip(one.value, CARD_LIMITS.field) } : {}),
    };
  const options = (one.options ?? []).map(({ value, label }) => ({ value, text: label }));
  const index = options.findIndex(({ value }) => value === one.value);
  return {
    ...common,
    type: 'SELECT',
    options,
    ...(index >= 0 ? { defaultValue: { index, value: one.value } } : {}),
  };
}

const chosen = z.object({ value: z.string() });

/** What was filled in; fields left empty are absent. */
export function filledIn(form: unknown): Readonly<Record<string, string>> {
  const read = z.record(z.string(), z.unknown()).safeParse(form);
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(read.success ? read.data : {})) {
    if (name === PRESS_FIELD) continue;
    const option = chosen.safeParse(value);
    const text = option.success ? option.data.value : value;
    if (typeof text === 'string' && text !== '') filled[name] = text;
  }
  return filled;
}

/** The same for the same send: a repeated one is told from a new one by it. */
export function trackOf(key: string): string {
  return `warroom-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

const delivered = z.object({
  result: z.object({
    deliverResults: z
      .array(
        z.object({
          success: z.boolean(),
          errorMsg: z.string().nullish(),
          carrierId: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
});

/**
 * open.dingtalk.com/document/orgapp/create-and-deliver-cards. Answers with the id of the delivery, by which a quote
 * names it; null where none was told.
 */
export async function deliverCard(
  api: Api,
  robot: string,
  track: string,
  data: CardData,
  space: Space,
): Promise<string | null> {
  const shown = { supportForward: false, lastMessageI18n: { ZH_CN: data.title, EN_US: data.title } };
  const place =
    space.kind === 'group'
      ? {
          openSpaceId: `dtv1.card//IM_GROUP.${space.conversation}`,
          imGroupOpenSpaceModel: shown,
          imGroupOpenDeliverModel: {
            robotCode: robot,
            ...(space.at.size > 0 ? { atUserIds: Object.fromEntries(space.at) } : {}),
            ...(space.only ? { recipients: space.only } : {}),
          },
        }
      : {
          openSpaceId: `dtv1.card//IM_ROBOT.${space.user}`,
          imRobotOpenSpaceModel: shown,
          imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: robot },
        };
  const answer = await api.call('POST', '/v1.0/card/instances/createAndDeliver', {
    cardTemplateId: data.template,
    outTrackId: track,
    callbackType: 'STREAM',
    userIdType: 1,
    cardData: { cardParamMap: data.params },
    ...place,
  });
  const read = delivered.safeParse(answer);
  // It says success for the card and failure for its delivery in one answer.
  const results = read.success ? (read.data.result.deliverResults ?? []) : [];
  const failed = results.find((one) => !one.success);
  if (failed) throw new DingTalkError(200, 'deliver', failed.errorMsg ?? 'the card was not delivered');
  return results[0]?.carrierId || null;
}

/** open.dingtalk.com/document/orgapp/interactive-card-update-interface. */
export async function changeCard(api: Api, track: string, data: CardData): Promise<void> {
  await api.call('PUT', '/v1.0/card/instances', {
    outTrackId: track,
    userIdType: 1,
    cardData: { cardParamMap: data.params },
    cardUpdateOptions: { updateCardDataByKey: true },
  });
}
