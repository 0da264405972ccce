/**
 * Cards as JSON 1.0, as far as they are made here (open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/
 * card-components): understood by every client and by cards for one reader alone, which 2.0 is not.
 */

export interface Plain {
  readonly tag: 'plain_text';
  readonly content: string;
}

/** What a button stands for, or where that is kept. */
export interface CardData {
  readonly press: unknown;
}

export interface ButtonElement {
  readonly tag: 'button';
  readonly text: Plain;
  readonly type: 'default' | 'primary' | 'danger';
  readonly value: CardData;
  readonly confirm?: { readonly title: Plain; readonly text: Plain };
  /** Within a form: sends its fields along. */
  readonly action_type?: 'form_submit';
  readonly name?: string;
}

export type FieldElement =
  | {
      readonly tag: 'input';
      readonly name: string;
      readonly label: Plain;
      readonly label_position: 'top';
      readonly required: boolean;
      readonly placeholder?: Plain;
      readonly default_value?: string;
      readonly input_type?: 'multiline_text';
      readonly max_length: number;
    }
  | {
      readonly tag: 'select_static';
      readonly name: string;
      readonly required: boolean;
      readonly placeholder: Plain;
      readonly options: readonly { readonly text: Plain; readonly value: string }[];
      readonly initial_option?: string;
    };

export type FormElement = FieldElement | ButtonElement | { readonly tag: 'div'; readonly text: Plain };

export type Element =
  | { readonly tag: 'div'; readonly text: Plain }
  /** The one element whose text is parsed: for mentions, links and looks; people's words in it are escaped. */
  | { readonly tag: 'markdown'; readonly content: string }
  | { readonly tag: 'note'; readonly elements: readonly Plain[] }
  | { readonly tag: 'action'; readonly layout: 'flow'; readonly actions: readonly ButtonElement[] }
  | {
      readonly tag: 'collapsible_panel';
      readonly expanded: false;
      readonly header: { readonly title: Plain };
      readonly border: { readonly color: 'grey' };
      readonly elements: readonly Element[];
    }
  | {
      readonly tag: 'form';
      readonly name: string;
      readonly elements: readonly FormElement[];
    };

export type Template = 'blue' | 'green' | 'yellow' | 'orange' | 'red' | 'grey' | 'carmine';

export interface Card {
  readonly config: { readonly wide_screen_mode: true; readonly update_multi: true };
  readonly header: { readonly title: Plain; readonly template: Template };
  readonly elements: readonly Element[];
}

export function plain(content: string): Plain {
  return { tag: 'plain_text', content };
}

/** `update_multi`: one card for everybody, which is what can be changed later (…/im-v1/message/patch). */
export function card(title: string, template: Template, elements: readonly Element[]): Card {
  return {
    config: { wide_screen_mode: true, update_multi: true },
    header: { title: plain(title), template },
    elements,
  };
}

/** Bytes as sent: a card travels as JSON within JSON. */
export function weight(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
}
