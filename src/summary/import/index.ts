import { fromBullets, looksLikeBullets } from './bullets.ts';
import { fromCopiedChat, fromUntimedChat } from './chat.ts';
import { fromIrc, looksLikeIrc } from './irc.ts';
import { fromJson } from './json.ts';
import { type Imported, refused } from './result.ts';
import { fromSlackFiles, fromSlackZip } from './slack.ts';
import { Calendar } from './stamp.ts';
import { fromStatusPage, looksLikeStatusPage } from './status-page.ts';

export type { Imported } from './result.ts';
export { fromSlackFiles };

export interface ImportOptions {
  /** YYYY-MM-DD of the first message, for texts that print only times of day. */
  date?: string | undefined;
  /** The offset of the printed times, such as "+08:00", when the text states none. */
  zone?: string | undefined;
}

const nothing: [string, string] = [
  '没有认出任何消息。支持：{"messages":[…]} JSON、Slack 导出（文件夹或 zip）、从 Teams/钉钉/飞书/微信复制的文字、IRC 日志、带时间的复盘条目。',
  'No message was recognised. Supported: {"messages":[…]} JSON, a Slack export (folder or zip), text copied from Teams, DingTalk, Feishu or WeChat, IRC logs, a post-mortem list with times.',
];

/** Tells what a file is by looking at it and reads it; never throws for bad input. */
export function importBytes(bytes: Uint8Array, options: ImportOptions = {}): Imported {
  if (bytes.length === 0) return refused('文件是空的。', 'The file is empty.');
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return fromSlackZip(bytes);
  const text = decode(bytes);
  if (text === null) {
    return refused(
      '这是二进制文件，不是聊天记录文本。',
      'This is a binary file, not the text of a conversation.',
    );
  }
  return importText(text, options);
}

function decode(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 4096).includes(0)) {
    const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return utf16 ? new TextDecoder('utf-16le').decode(bytes) : null;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

export function importText(text: string, options: ImportOptions = {}): Imported {
  const trimmed = text.trimStart();
  if (trimmed === '') return refused('文件里没有文字。', 'The file holds no text.');
  if (trimmed.startsWith('{') || /^\[\s*(?:[{\]])/.test(trimmed)) return fromJson(text);
  if (looksLikeIrc(text)) return answer('irc', fromIrc(text, new Calendar(options)));
  if (looksLikeStatusPage(text)) return answer('status page', fromStatusPage(text, new Calendar(options)));
  const chat = fromCopiedChat(text, new Calendar(options));
  const bullets = looksLikeBullets(text) ? fromBullets(text, new Calendar(options)) : [];
  if (bullets.length + chat.length === 0) return answer('chat', fromUntimedChat(text));
  return bullets.length > chat.length ? answer('timeline', bullets) : answer('chat', chat);
}

function answer(format: string, messages: Extract<Imported, { ok: true }>['messages']): Imported {
  return messages.length === 0 ? refused(...nothing) : { ok: true, format, messages };
}
