/**
 * Slack's own writing of text. What arrives is decoded to what the person saw; what leaves is escaped, so that
 * nobody's words can call a channel (docs.slack.dev/messaging/formatting-message-text, "Escaping text").
 */

const ENTITY = /<([^<>\n]{1,3000})>/g;
const USER = /<@([UW][A-Z0-9]{2,20})(?:\|[^<>\n]{0,200})?>/g;

/** The users a raw text mentions, each once. */
export function mentionedUsers(raw: string): readonly string[] {
  return [...new Set([...raw.matchAll(USER)].map((match) => match[1] ?? ''))];
}

/** What the person saw: `<@U1>` → `@name`, `<http://a|a>` → `a`, `&lt;` → `<`. */
export function decodeText(raw: string, nameOf: ReadonlyMap<string, string>): string {
  return raw
    .replace(ENTITY, (_all, inside: string) => {
      const bar = inside.indexOf('|');
      const target = bar === -1 ? inside : inside.slice(0, bar);
      const label = bar === -1 ? '' : inside.slice(bar + 1);
      if (target.startsWith('@')) return `@${nameOf.get(target.slice(1)) ?? (label || target.slice(1))}`;
      if (target.startsWith('#')) return `#${label || target.slice(1)}`;
      if (target.startsWith('!subteam^')) return label || '@group';
      if (target.startsWith('!')) return label || `@${target.slice(1)}`;
      return label || target;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const OWN_WORD = /^(?:应急|incident|inc|战情室|warroom)(?=\s|$)/i;

/**
 * A line addressed to the bot as the one form that commands are read in, `@战情室 …`; null for other talk.
 * Slack refuses slash commands inside threads, so `@bot 应急 开启 …` is the equal of `/incident open …`.
 */
export function addressed(raw: string, bot: string): string | null {
  const trimmed = raw.trimStart();
  if (!trimmed.startsWith(`<@${bot}`)) return null;
  const end = trimmed.indexOf('>');
  if (end === -1) return null;
  const rest = trimmed
    .slice(end + 1)
    .trim()
    .replace(OWN_WORD, '')
    .trim();
  return `@战情室 ${rest}`;
}
