import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { Mention } from './payloads.ts';

const asText = z.object({ text: z.string() });
const element = z.looseObject({
  tag: z.string(),
  text: z.string().optional(),
  href: z.string().optional(),
  user_id: z.string().optional(),
  user_name: z.string().optional(),
});
/** A card as it is read back: its title and its words, row by row. */
const asCard = z.looseObject({
  title: z.string().nullish(),
  elements: z.array(z.array(element)).default([]),
});
const asPost = z.object({ title: z.string().default(''), content: z.array(z.array(element)) });

/** What the person saw (…/im-v1/message/events/message_content); null for a kind that holds no words. */
export function wordsIn(type: string, content: string): string | null {
  if (type === 'text') {
    const read = asText.safeParse(parseJson(content));
    return read.success ? read.data.text : null;
  }
  if (type === 'interactive') {
    const read = asCard.safeParse(parseJson(content));
    if (!read.success) return null;
    const shown = read.data.elements.map((line) => line.map((one) => one.text ?? '').join(''));
    return [read.data.title ?? '', ...shown].filter((one) => one !== '').join('\n');
  }
  if (type !== 'post') return null;
  const read = asPost.safeParse(parseJson(content));
  if (!read.success) return null;
  const lines = read.data.content.map((line) =>
    line.map((one) => (one.tag === 'at' ? (one.user_id ?? '') : (one.text ?? one.href ?? ''))).join(''),
  );
  return (read.data.title === '' ? lines : [read.data.title, ...lines]).join('\n');
}

export interface Read {
  readonly text: string;
  /** It begins with the bot's name. */
  readonly addressed: boolean;
}

/** `@_user_1` → `@name`; the bot's own name at the beginning addresses it and is no part of the words. */
export function readWords(raw: string, mentions: readonly Mention[], bot: string): Read {
  let text = raw.trim();
  let addressed = false;
  const own = mentions.filter((one) => one.id.open_id === bot);
  for (const { key } of own) {
    if (text.startsWith(key)) {
      addressed = true;
      text = text.slice(key.length).trimStart();
    } else if (text.endsWith(key)) {
      // "开启 … @战情室": whoever ends with the name means it as well.
      addressed = true;
      text = text.slice(0, -key.length).trimEnd();
    }
  }
  // The longest first: `@_user_1` begins `@_user_12`.
  const named = [...mentions].sort((one, other) => other.key.length - one.key.length);
  for (const { key, name } of named) text = text.replaceAll(key, `@${name}`);
  return { text, addressed };
}

const OWN_WORD = /^\/?(?:应急|incident|inc|战情室|warroom)(?=\s|$)/i;

/** A line for the bot as the one form that commands are read in. */
export function asCommand(text: string): string {
  return `@战情室 ${text.trimStart().replace(OWN_WORD, '').trim()}`;
}

export function beginsWithOwnWord(text: string): boolean {
  return OWN_WORD.test(text.trimStart());
}

/**
 * Text for an element that is parsed as markdown: every sign that means something there as the entity for it
 * (…/card-components/content-components/rich-text, "special characters"), so that nobody's words alert anybody.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[&<>*~`_[\]()#!\\|+\-:$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
