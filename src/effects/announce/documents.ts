import type { Message, Text } from '../../chat/message.ts';
import type { EventOf } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { DOCUMENT } from '../../words/terms.ts';
import { button, buttons, message, say, type Voice } from './context.ts';

const FORMATS = ['docx', 'pdf', 'html', 'md'] as const;

/** A version to be read; nothing leaves before a person has approved it. */
export function drafted(body: EventOf<'DocumentDrafted'>, incident: Incident, voice: Voice): Message {
  const title = DOCUMENT[body.document][voice.language];
  const folder = `/i/${incident.code}/document/${body.document}/${body.version}`;
  const links: readonly Text[] = FORMATS.map(
    (format): Text => [
      { link: { label: `${title} v${body.version}.${format}`, path: `${folder}/${format}` } },
    ],
  );
  return message(
    say(voice, {
      zh: `📄 ${title}第 ${body.version} 版，请审阅；批准后才能发出`,
      en: `📄 ${title}, version ${body.version}: please read it; it leaves once it is approved`,
    }),
    'plain',
    [
      { block: 'list', ordered: false, items: links },
      ...buttons(
        button(say(voice, { zh: '批准', en: 'Approve' }), 'document', {
          document: body.document,
          do: 'approve',
        }),
        button(say(voice, { zh: '退回…', en: 'Return…' }), 'document', {
          document: body.document,
          do: 'return',
        }),
      ),
    ],
  );
}

export function approvedDocument(body: EventOf<'DocumentApproved'>, who: string, voice: Voice): Message {
  const title = DOCUMENT[body.document][voice.language];
  return message(
    say(voice, {
      zh: `✅ ${title}第 ${body.version} 版已由 ${who} 批准`,
      en: `✅ ${title}, version ${body.version}, approved by ${who}`,
    }),
    'good',
    buttons(
      button(say(voice, { zh: '发送…', en: 'Send…' }), 'document', { document: body.document, do: 'send' }),
    ),
  );
}

export function returned(body: EventOf<'DocumentReturned'>, who: string, voice: Voice): Message {
  const title = DOCUMENT[body.document][voice.language];
  return message(
    say(voice, {
      zh: `↩️ ${who} 退回${title}第 ${body.version} 版：${body.reason}`,
      en: `↩️ ${who} returned ${title}, version ${body.version}: ${body.reason}`,
    }),
    'warn',
  );
}

export function sent(body: EventOf<'DocumentSent'>, voice: Voice): Message {
  const title = DOCUMENT[body.document][voice.language];
  const to = body.to.map(voice.nameOf).join(say(voice, { zh: '、', en: ', ' }));
  return message(
    say(voice, {
      zh: `✉️ 正在发送${title}第 ${body.version} 版：${to}`,
      en: `✉️ sending ${title}, version ${body.version}, to ${to}`,
    }),
    'plain',
  );
}

export function mailed(body: EventOf<'DocumentMailed'>, voice: Voice): Message {
  const title = DOCUMENT[body.document][voice.language];
  const to = voice.nameOf(body.to);
  if (body.outcome === 'accepted')
    return message(
      say(voice, {
        zh: `✉️ ${title}第 ${body.version} 版已由邮件服务器收下：${to}`,
        en: `✉️ ${title}, version ${body.version}: taken by the mail server for ${to}`,
      }),
      'good',
    );
  const again = body.outcome === 'failed';
  return message(
    say(voice, {
      zh: `⚠️ ${title}第 ${body.version} 版没有发到 ${to}：${body.detail}${again ? '；会再试' : '；请改用别的方式'}`,
      en: `⚠️ ${title}, version ${body.version}, did not reach ${to}: ${body.detail}${again ? '; it is tried again' : '; please use another way'}`,
    }),
    'bad',
  );
}

/** What stands above the attachments; the chain's head lets the receiver check the record later. */
export function mailText(
  incident: Incident,
  title: string,
  version: number,
  head: string,
  language: 'zh' | 'en',
): string {
  const lines = {
    zh: [
      `您好，`,
      `附件是 ${incident.code} ${incident.title} 的${title}（第 ${version} 版，Word 与 PDF）。`,
      `审计链头：${head}`,
    ],
    en: [
      `Hello,`,
      `attached is the ${title} (version ${version}, Word and PDF) of ${incident.code} ${incident.title}.`,
      `Audit chain head: ${head}`,
    ],
  }[language];
  return lines.join('\n\n');
}
