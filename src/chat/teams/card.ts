/** Adaptive Cards 1.5 (adaptivecards.io/explorer), as far as they are made here. */

export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly fontType?: 'Monospace';
  readonly size?: 'Small' | 'Medium';
  readonly isSubtle?: boolean;
  readonly color?: 'Attention';
  readonly selectAction?: { readonly type: 'Action.OpenUrl'; readonly url: string };
}

export type Action =
  | {
      readonly type: 'Action.Execute';
      readonly title: string;
      readonly verb: Verb;
      readonly data: CardData;
      readonly style?: 'positive' | 'destructive';
      readonly associatedInputs?: 'none';
    }
  | {
      readonly type: 'Action.Submit';
      readonly title: string;
      readonly data: CardData & { readonly msteams?: { readonly type: 'task/fetch' } };
      readonly style?: 'positive';
    }
  | {
      readonly type: 'Action.ShowCard';
      readonly title: string;
      readonly card: Card;
      readonly style?: 'destructive';
    }
  | {
      readonly type: 'Action.ToggleVisibility';
      readonly title: string;
      readonly targetElements: readonly string[];
    };

/** `press` runs a command, `submit` one with a form's fields; `refresh` and `back` ask for the card as it is now. */
export type Verb = 'press' | 'submit' | 'refresh' | 'back';

/** What a button stands for, or where that is kept. */
export interface CardData {
  readonly press: unknown;
}

export type Element =
  | {
      readonly type: 'RichTextBlock';
      readonly inlines: readonly TextRun[];
      readonly spacing?: 'None' | 'Small';
    }
  /** The one element whose text is parsed: for mentions only, never for what people wrote. */
  | { readonly type: 'TextBlock'; readonly text: string; readonly wrap: true; readonly spacing?: 'Small' }
  | {
      readonly type: 'Container';
      readonly items: readonly Element[];
      readonly id?: string;
      readonly isVisible?: boolean;
      readonly style?: 'emphasis' | 'good' | 'attention' | 'warning' | 'accent';
      readonly spacing?: 'Small';
    }
  | { readonly type: 'ActionSet'; readonly actions: readonly Action[] }
  | {
      readonly type: 'Input.Text';
      readonly id: string;
      readonly label: string;
      readonly isRequired: boolean;
      readonly errorMessage: string;
      readonly isMultiline: boolean;
      readonly value?: string;
      readonly placeholder?: string;
      readonly style?: 'Tel';
    }
  | {
      readonly type: 'Input.ChoiceSet';
      readonly id: string;
      readonly label: string;
      readonly isRequired: boolean;
      readonly errorMessage: string;
      readonly style: 'compact';
      readonly choices: readonly { readonly title: string; readonly value: string }[];
      readonly value?: string;
    };

export interface Card {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
  readonly refresh?: { readonly action: Action; readonly userIds: readonly string[] };
  readonly msteams?: {
    readonly width?: 'Full';
    readonly entities?: readonly {
      readonly type: 'mention';
      readonly text: string;
      readonly mentioned: { readonly id: string; readonly name: string };
    }[];
  };
}

export const CARD = 'application/vnd.microsoft.card.adaptive';

export function card(
  body: readonly Element[],
  more: Pick<Card, 'actions' | 'refresh' | 'msteams'> = {},
): Card {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body,
    ...more,
  };
}

/** UTF-8 bytes as sent. */
export function weight(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
