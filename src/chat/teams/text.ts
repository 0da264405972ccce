import type { z } from 'zod';
import { type Attached, mention } from './payloads.ts';
import { quotedIn, quoteOf } from './quote.ts';

/**
 * What a person wrote, as they saw it. Teams sends `text` with mentions as `<at>name</at>` and, beside it, the same
 * as an attachment of type text/html; the lines of a pasted log are whole only there.
 */

interface Written {
  readonly text?: string | null | undefined;
  readonly attachments?: readonly Attached[] | null | undefined;
  readonly entities?: readonly { readonly type: string }[] | null | undefined;
}

export interface Read {
  readonly text: string;
  /** Said to this bot by name. */
  readonly addressed: boolean;
}

type Mention = z.infer<typeof mention>;

export function readText(written: Written, bot: string): Read {
  const mentions = (written.entities ?? []).flatMap((one): Mention[] => {
    const read = mention.safeParse(one);
    return read.success ? [read.data] : [];
  });
  const html = (written.attachments ?? []).find((one) => one.contentType === 'text/html')?.content;
  const plain = unmention(unquoted(written), mentions, bot);
  const quote = typeof html === 'string' ? quoteOf(html) : null;
  const own = quote?.rest ?? html;
  const rich = typeof own === 'string' ? htmlText(dropMention(own, mentions, bot)) : null;
  // What is quoted may stand in the text as well, and only the html tells it from what is said.
  const fuller = rich !== null && (quote !== null || lines(rich) > lines(plain)) ? rich : plain;
  return {
    text: fuller.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim(),
    addressed: mentions.some((one) => one.mentioned.id === bot),
  };
}

function unquoted({ text, entities }: Written): string {
  let out = text ?? '';
  for (const id of quotedIn(entities)) out = out.replaceAll(`<quoted messageId="${id}"/>`, '');
  return out;
}

const lines = (text: string): number => text.trim().split(/\r\n|\r|\n/).length;

/** The bot's own name goes; another's stays as `@name`. */
function unmention(text: string, mentions: readonly Mention[], bot: string): string {
  let out = text;
  for (const one of mentions) {
    const written = one.text;
    if (!written) continue;
    const name = one.mentioned.name ?? htmlText(written);
    out = out.replaceAll(written, one.mentioned.id === bot ? '' : `@${name}`);
  }
  return decodeEntities(out);
}

/** In the html a mention is a span or an `at` element with the name in it. */
function dropMention(html: string, mentions: readonly Mention[], bot: string): string {
  const own = mentions.find((one) => one.mentioned.id === bot);
  const name = own ? htmlText(own.text ?? '') || (own.mentioned.name ?? '') : '';
  if (name === '') return html;
  const at = html.indexOf(name);
  return at === -1 ? html : html.slice(0, at) + html.slice(at + name.length);
}

const BREAKS = new Set([
  'br',
  'p',
  'div',
  'li',
  'tr',
  'pre',
  'blockquote',
  'h1',
  'h2',
  'h3',
  'ul',
  'ol',
  'table',
]);
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The words of an html fragment, a line where the reader saw one; one pass, whatever the input. */
export function htmlText(html: string): string {
  let out = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      out += decodeEntities(html.slice(at));
      break;
    }
    out += decodeEntities(html.slice(at, open));
    const close = html.indexOf('>', open);
    if (close === -1) break;
    const tag = html.slice(open + 1, close);
    const name = (/^\/?([a-z0-9]{1,12})/i.exec(tag)?.[1] ?? '').toLowerCase();
    const opens = !tag.startsWith('/');
    if (name === 'br') out += '\n';
    // A block begins a line of its own, and what follows it does.
    else if (BREAKS.has(name) && out !== '' && !out.endsWith('\n')) out += '\n';
    if (opens && name === 'img') out += /alt="([^"]{0,40})"/.exec(tag)?.[1] ?? '';
    at = close + 1;
  }
  return out.replaceAll('\u00a0', ' ').trimEnd();
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, inner: string) => {
    if (inner.startsWith('#')) {
      const code = Number(inner[1]?.toLowerCase() === 'x' ? `0x${inner.slice(2)}` : inner.slice(1));
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return NAMED[inner.toLowerCase()] ?? whole;
  });
}

const OWN_WORD = /^\/?(?:应急|incident|inc|战情室|warroom)(?=\s|$)/i;

/** A line for the bot as the one form that commands are read in. */
export function asCommand(text: string): string {
  return `@战情室 ${text.trimStart().replace(OWN_WORD, '').trim()}`;
}

export function beginsWithOwnWord(text: string): boolean {
  return OWN_WORD.test(text.trimStart());
}
