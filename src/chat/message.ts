/**
 * What the bot says, before any platform has given it a look. Plain data: it is stored in the talk stream and
 * rendered by each platform with that platform's own escaping, so user text stays inert everywhere.
 */

/** `strong`, `mono` are looks; `mention` alerts a person; `link` leads to a page or file. */
export type Span =
  | string
  | { readonly strong: string }
  | { readonly mono: string }
  | { readonly mention: { readonly person: string; readonly name: string } }
  /** A page or file of the web room; `path` begins with a slash. */
  | { readonly link: { readonly label: string; readonly path: string } }
  /** A conversation of a chat platform; a reader there can follow it, elsewhere it is only named. */
  | { readonly room: { readonly platform: string; readonly conversation: string; readonly name: string } };

export type Text = string | readonly Span[];

/** A button carries the command it stands for; the same path as a typed line. */
export interface Button {
  readonly label: string;
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
  readonly style: 'primary' | 'danger' | 'plain';
  /** Irreversible acts ask first, with these words. */
  readonly confirm?: string | undefined;
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'paragraph' | 'choice' | 'time' | 'phone';
  readonly required: boolean;
  readonly value?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly options?: readonly { readonly value: string; readonly label: string }[] | undefined;
}

export interface Form {
  readonly title: string;
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
  readonly fields: readonly FormField[];
  readonly submit: string;
}

export type Block =
  | { readonly block: 'text'; readonly text: Text }
  | { readonly block: 'note'; readonly text: Text }
  | { readonly block: 'list'; readonly ordered: boolean; readonly items: readonly Text[] }
  | { readonly block: 'fields'; readonly fields: readonly { readonly label: string; readonly value: Text }[] }
  | {
      readonly block: 'code';
      readonly code: string;
      readonly startLine: number | null;
      readonly marked: readonly number[];
    }
  | { readonly block: 'buttons'; readonly buttons: readonly Button[] }
  | { readonly block: 'fold'; readonly summary: string; readonly blocks: readonly Block[] };

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'blue' | 'yellow' | 'orange' | 'red';

export interface Message {
  /** First line = what is true now and what to do next. */
  readonly headline: Text;
  readonly blocks: readonly Block[];
  readonly tone: Tone;
  /** Which card this is (`status`, `diagnosis:x`, `action:A1`), so that a newer one replaces it in place. */
  readonly card: string | null;
}

export function plainText(text: Text): string {
  if (typeof text === 'string') return text;
  return text
    .map((span) => {
      if (typeof span === 'string') return span;
      if ('strong' in span) return span.strong;
      if ('mono' in span) return span.mono;
      if ('mention' in span) return `@${span.mention.name}`;
      return 'room' in span ? `#${span.room.name}` : span.link.label;
    })
    .join('');
}
