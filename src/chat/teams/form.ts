import type { Note } from '../aside.ts';
import { clip } from '../cut.ts';
import type { Form, FormField } from '../message.ts';
import { type Action, type Card, card, type Element, type TextRun } from './card.ts';
import { writePress } from './press.ts';
import { buttonTitle, CARD_LIMITS } from './render.ts';

export interface FormPlace {
  readonly incident: string | null;
  /** The card in whose place the form stands; null for a form that is a message of its own. */
  readonly face: string | null;
  readonly language: 'zh' | 'en';
}

interface FormCard {
  readonly card: Card;
  readonly notes: readonly Note[];
}

const SPACE = 8000;

/** A form as a card in the conversation: sent back by Action.Execute, the fields beside the data. */
export function formCard(form: Form, place: FormPlace): FormCard {
  const { press, note } = pressOf(form, place);
  const actions: Action[] = [
    {
      type: 'Action.Execute',
      title: buttonTitle(form.submit),
      verb: 'submit',
      data: { press },
      style: 'positive',
    },
  ];
  if (place.face !== null)
    actions.push({
      type: 'Action.Execute',
      title: { zh: '取消', en: 'Cancel' }[place.language],
      verb: 'back',
      data: { press },
      associatedInputs: 'none',
    });
  return { card: card(body(form, place.language), { actions }), notes: note ? [note] : [] };
}

/** The same form within a dialog, which sends back by Action.Submit (…/task-modules-and-cards/task-modules). */
export function dialogCard(form: Form, place: FormPlace): FormCard {
  const { press, note } = pressOf(form, place);
  const title = buttonTitle(form.submit);
  const actions: Action[] = [{ type: 'Action.Submit', title, data: { press }, style: 'positive' }];
  return { card: card(body(form, place.language), { actions }), notes: note ? [note] : [] };
}

/** A button that opens the form as a dialog: in a channel nobody fills in a form before everybody's eyes. */
export function dialogButton(form: Form, place: FormPlace): FormCard {
  const { press, note } = writePress(
    { command: form.command, args: form.args, incident: place.incident, face: null, form },
    CARD_LIMITS.data,
  );
  const title = { zh: '打开表单', en: 'Open the form' }[place.language];
  const data = { press, msteams: { type: 'task/fetch' as const } };
  return {
    card: card([heading(form.title)], {
      actions: [{ type: 'Action.Submit', title, data, style: 'positive' }],
    }),
    notes: note ? [note] : [],
  };
}

function pressOf(form: Form, place: FormPlace) {
  return writePress(
    { command: form.command, args: form.args, incident: place.incident, face: place.face, form: null },
    CARD_LIMITS.data,
  );
}

function body(form: Form, language: 'zh' | 'en'): readonly Element[] {
  return [heading(form.title), ...form.fields.map((field) => input(field, language))];
}

function heading(title: string): Element {
  const text: TextRun = { type: 'TextRun', text: clip(title, 1000), weight: 'Bolder', size: 'Medium' };
  return { type: 'RichTextBlock', inlines: [text] };
}

function input(field: FormField, language: 'zh' | 'en'): Element {
  const common = {
    id: field.name,
    label: field.label,
    isRequired: field.required,
    errorMessage: { zh: '请填写', en: 'Please fill this in' }[language],
  };
  const value = field.value ? { value: clip(field.value, SPACE) } : {};
  if (field.type === 'choice') {
    const choices = (field.options ?? []).map((one) => ({ title: one.label, value: one.value }));
    return { type: 'Input.ChoiceSet', ...common, style: 'compact', choices, ...value };
  }
  return {
    type: 'Input.Text',
    ...common,
    isMultiline: field.type === 'paragraph',
    ...value,
    ...(field.placeholder ? { placeholder: field.placeholder } : {}),
    ...(field.type === 'phone' ? { style: 'Tel' as const } : {}),
  };
}
