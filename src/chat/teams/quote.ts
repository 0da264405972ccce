import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { SaidActivity } from './payloads.ts';

/**
 * What a message answers. Chats quote: as an entity with a placeholder in the text (microsoft.github.io/teams-sdk,
 * "Quoted replies"; QuotedReplyData of microsoft.teams.apps.schema.entities), or as a block at the beginning of the
 * html (itemtype http://schema.skype.com/Reply, its `itemid` the message). Channels have threads, whose root every
 * message of theirs names: to be in a thread answers nothing.
 */

const REPLY = 'schema.skype.com/Reply';
const OPEN = '<blockquote';
const CLOSE = '</blockquote>';

const quotedReply = z.object({
  type: z.literal('quotedReply'),
  quotedReply: z.object({ messageId: z.string().min(1) }),
});
/** As Microsoft Graph writes it: learn.microsoft.com/graph/api/resources/chatmessageattachment. */
const reference = z.object({ messageId: z.string().min(1) });

/** The ids of the messages that the text quotes by a placeholder. */
export function quotedIn(entities: readonly unknown[] | null | undefined): readonly string[] {
  return (entities ?? []).flatMap((one) => {
    const read = quotedReply.safeParse(one);
    return read.success ? [read.data.quotedReply.messageId] : [];
  });
}

/** Null when nothing is quoted; `rest` is what its author wrote beneath. One pass, whatever the input. */
export function quoteOf(html: string): { readonly id: string | null; readonly rest: string } | null {
  let id: string | null = null;
  let rest = '';
  let kept = 0;
  let found = false;
  for (let at = html.indexOf(OPEN); at !== -1; at = html.indexOf(OPEN, at)) {
    const end = html.indexOf('>', at);
    if (end === -1) break;
    const tag = html.slice(at, end);
    if (!tag.includes(REPLY)) {
      at = end;
      continue;
    }
    found = true;
    id ??= /\sitemid="(\d{1,20})"/.exec(tag)?.[1] ?? null;
    rest += html.slice(kept, at);
    at = closed(html, end);
    kept = at;
  }
  return found ? { id, rest: rest + html.slice(kept) } : null;
}

/** Where the block ends that was opened before `from`. */
function closed(html: string, from: number): number {
  let depth = 1;
  let at = from;
  while (depth > 0) {
    const close = html.indexOf(CLOSE, at);
    if (close === -1) return html.length;
    const open = html.indexOf(OPEN, at);
    depth += open !== -1 && open < close ? 1 : -1;
    at = open !== -1 && open < close ? open + OPEN.length : close + CLOSE.length;
  }
  return at;
}

/** The id of the message that this one answers; null where it is merely said. */
export function answered(said: SaidActivity): string | null {
  const [quoted] = quotedIn(said.entities);
  if (quoted !== undefined) return quoted;
  for (const { contentType, content } of said.attachments ?? []) {
    if (contentType === 'text/html' && typeof content === 'string') {
      const id = quoteOf(content)?.id ?? null;
      if (id !== null) return id;
    }
    if (contentType === 'messageReference') {
      const read = reference.safeParse(typeof content === 'string' ? parseJson(content) : content);
      if (read.success) return read.data.messageId;
    }
  }
  const [, root] = said.conversation.id.split(';messageid=', 2);
  return said.replyToId && said.replyToId !== root ? said.replyToId : null;
}
