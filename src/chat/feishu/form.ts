import type { Note } from '../aside.ts';
import { clip } from '../cut.ts';
import type { Form, FormField } from '../message.ts';
import { type ButtonElement, type Card, card, type FieldElement, type FormElement, plain } from './card.ts';
import { writePress } from './press.ts';
import { CARD_LIMITS } from './render.ts';

/** …/card-components/interactive-components/input: at most a thousand signs; labels and hints a hundred. */
export const FORM_LIMITS = { value: 1000, label: 100, options: 100 } as const;

export interface FormPlace {
  readonly incident: string | null;
  readonly place: string | null;
  readonly language: 'zh' | 'en';
}

/** A form as a card: all its fields come back at once, with the press of its button (…/containers/form-container). */
export function formCard(
  form: Form,
  place: FormPlace,
): { readonly card: Card; readonly notes: readonly Note[] } {
  const { press, note } = writePress(
    { command: form.command, args: form.args, incident: place.incident, place: place.place },
    CARD_LIMITS.data,
  );
  const submit: ButtonElement = {
    tag: 'button',
    text: plain(clip(form.submit, CARD_LIMITS.button)),
    type: 'primary',
    value: { press },
    action_type: 'form_submit',
    name: 'submit',
  };
  const elements = [...form.fields.flatMap((field) => input(field, place.language)), submit];
  const title = clip(form.title, CARD_LIMITS.title);
  return { card: card(title, 'blue', [{ tag: 'form', name: 'form', elements }]), notes: note ? [note] : [] };
}

function input(field: FormField, language: 'zh' | 'en'): readonly FormElement[] {
  const label = clip(`${field.label}${field.required ? ' *' : ''}`, FORM_LIMITS.label);
  if (field.type !== 'choice') return [textInput(field, label)];
  const options = (field.options ?? []).slice(0, FORM_LIMITS.options);
  const chosen = options.find((one) => one.value === field.value);
  const select: FieldElement = {
    tag: 'select_static',
    name: field.name,
    required: field.required,
    placeholder: plain({ zh: '请选择', en: 'Choose' }[language]),
    options: options.map((one) => ({ text: plain(clip(one.label, FORM_LIMITS.label)), value: one.value })),
    ...(chosen ? { initial_option: chosen.value } : {}),
  };
  // A select has no label of its own.
  return [{ tag: 'div', text: plain(label) }, select];
}

function textInput(field: FormField, label: string): FieldElement {
  const value = clip(field.value ?? '', FORM_LIMITS.value);
  return {
    tag: 'input',
    name: field.name,
    label: plain(label),
    label_position: 'top',
    required: field.required,
    max_length: FORM_LIMITS.value,
    ...(field.type === 'paragraph' ? { input_type: 'multiline_text' as const } : {}),
    ...(value === '' ? {} : { default_value: value }),
    ...(field.placeholder ? { placeholder: plain(clip(field.placeholder, FORM_LIMITS.label)) } : {}),
  };
}

/** What was typed or chosen; fields left empty are absent, as they are when a button names its arguments. */
export function filledIn(
  values: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(values ?? {}))
    if (typeof value === 'string' && value !== '') filled[name] = value;
  return filled;
}
