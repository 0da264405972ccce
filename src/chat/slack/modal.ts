import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Note } from '../aside.ts';
import { clip } from '../cut.ts';
import type { Form, FormField } from '../message.ts';
import { writePress } from './press.ts';

/** docs.slack.dev/reference/views/modal-views and …/block-kit/blocks/input-block. */
export const MODAL_LIMITS = {
  title: 24,
  metadata: 3000,
  label: 2000,
  placeholder: 150,
  value: 3000,
  options: 100,
  option: 75,
} as const;

export interface FormPlace {
  readonly incident: string | null;
  readonly channel: string;
  readonly thread: string | null;
  readonly language: 'zh' | 'en';
}

const INPUT = 'value';

/** A form as a modal; what it stands for travels in `private_metadata`. */
export function renderModal(
  form: Form,
  place: FormPlace,
): { readonly view: types.ModalView; readonly note: Note | null } {
  const { text, note } = writePress(
    {
      command: form.command,
      args: form.args,
      incident: place.incident,
      channel: place.channel,
      thread: place.thread,
      form: null,
    },
    MODAL_LIMITS.metadata,
  );
  const long = form.title.length > MODAL_LIMITS.title;
  return {
    note,
    view: {
      type: 'modal',
      callback_id: 'form',
      private_metadata: text,
      title: plain(clip(form.title, MODAL_LIMITS.title)),
      submit: plain(clip(form.submit, MODAL_LIMITS.title)),
      close: plain({ zh: '取消', en: 'Cancel' }[place.language]),
      blocks: [
        // The bar of a modal shows 24 characters; a refusal's sentence is longer and has to be read whole.
        ...(long ? [{ type: 'section' as const, text: plain(clip(form.title, 3000)) }] : []),
        ...form.fields.map(input),
      ],
    },
  };
}

function input(field: FormField): types.InputBlock {
  return {
    type: 'input',
    block_id: field.name,
    optional: !field.required,
    label: plain(clip(field.label, MODAL_LIMITS.label)),
    element: field.type === 'choice' ? select(field) : textInput(field),
  };
}

function textInput(field: FormField): types.PlainTextInput {
  const value = field.value ?? '';
  return {
    type: 'plain_text_input',
    action_id: INPUT,
    multiline: field.type === 'paragraph',
    ...(value === '' ? {} : { initial_value: clip(value, MODAL_LIMITS.value) }),
    ...(field.placeholder ? { placeholder: plain(clip(field.placeholder, MODAL_LIMITS.placeholder)) } : {}),
  };
}

function select(field: FormField): types.StaticSelect {
  const options = (field.options ?? []).slice(0, MODAL_LIMITS.options).map((one) => ({
    text: plain(clip(one.label, MODAL_LIMITS.option)),
    value: one.value,
  }));
  const chosen = options.find((one) => one.value === field.value);
  return {
    type: 'static_select',
    action_id: INPUT,
    options,
    ...(chosen ? { initial_option: chosen } : {}),
  };
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** The filled-in part of a submitted view: block → element → what was typed or chosen. */
export const viewState = z.object({
  values: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        value: z.string().nullish(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    ),
  ),
});

/** Fields left empty are absent, as they are when a button names its arguments. */
export function filledIn(state: z.infer<typeof viewState>): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, elements] of Object.entries(state.values)) {
    const typed = elements[INPUT];
    const value = typed?.value ?? typed?.selected_option?.value ?? '';
    if (value !== '') filled[name] = value;
  }
  return filled;
}
