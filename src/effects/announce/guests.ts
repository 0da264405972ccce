import type { Message } from '../../chat/message.ts';
import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import { at, message, say, type Voice } from './context.ts';

type Body = EventOf<'GuestLinkIssued' | 'GuestLinkOpened' | 'GuestLinkRevoked'>;

/** Everybody sees who comes in by a link, so that a link in wrong hands is noticed. */
export function guestNews(body: Body, event: IncidentEvent, voice: Voice): readonly Message[] {
  const who = event.by.name;
  switch (body.type) {
    case 'GuestLinkIssued': {
      const org = voice.orgName(body.org);
      const until = at(voice, body.until);
      return [
        message(
          say(voice, {
            zh: `🔗 ${who} 给 ${org} 发了访客链接 ${body.link}，至 ${until} 有效`,
            en: `🔗 ${who} gave ${org} the guest link ${body.link}, good until ${until}`,
          }),
          'plain',
        ),
      ];
    }
    case 'GuestLinkOpened': {
      const org = voice.orgName(event.by.org);
      return [
        message(
          say(voice, {
            zh: `🔗 ${body.name}（${org}）用访客链接 ${body.link} 进入。不认识此人：/应急 收回 ${body.link} 原因`,
            en: `🔗 ${body.name} (${org}) came in by the guest link ${body.link}. Nobody you know: /incident revoke ${body.link} REASON`,
          }),
          'plain',
        ),
      ];
    }
    case 'GuestLinkRevoked':
      return [
        message(
          say(voice, {
            zh: `⛔ 访客链接 ${body.link} 已收回（${who}）：${body.reason}`,
            en: `⛔ the guest link ${body.link} was revoked (${who}): ${body.reason}`,
          }),
          'warn',
        ),
      ];
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
