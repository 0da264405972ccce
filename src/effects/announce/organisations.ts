import type { Message } from '../../chat/message.ts';
import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import { message, say, type Voice } from './context.ts';

type Body = EventOf<'OrganisationInvited' | 'OrganisationRemoved' | 'PlaceUnlinked' | 'PlaceShared'>;

/** Who else is in the room now; everybody sees who reads along. */
export function organisationNews(body: Body, event: IncidentEvent, voice: Voice): readonly Message[] {
  const who = event.by.name;
  switch (body.type) {
    case 'OrganisationInvited': {
      const org = voice.orgName(body.org);
      return [
        message(
          say(voice, {
            zh: `🤝 ${org} 加入联合处置（${who}）：所有人可见的内容，他们从现在起也能看到`,
            en: `🤝 ${org} joins the war room (${who}): from now on they see what everybody sees`,
          }),
          'plain',
        ),
      ];
    }
    case 'OrganisationRemoved': {
      const org = voice.orgName(body.org);
      return [
        message(
          say(voice, {
            zh: `🚪 ${org} 已移出（${who}）：${body.reason}`,
            en: `🚪 ${org} was removed (${who}): ${body.reason}`,
          }),
          'warn',
        ),
      ];
    }
    case 'PlaceShared': {
      const org = voice.orgName(body.place.org);
      return [
        message(
          say(voice, {
            zh: `⚠️ ${org} 的会话里有其他单位的人：内部消息不再发到那里`,
            en: `⚠️ people of other organisations are in ${org}'s conversation: private notes no longer go there`,
          }),
          'warn',
        ),
      ];
    }
    case 'PlaceUnlinked':
      return [];
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** The last words to a conversation that hears no more. */
export function farewell(code: string, voice: Voice): Message {
  return message(
    say(voice, {
      zh: `🔌 ${code} 不再同步到这个会话`,
      en: `🔌 ${code} is no longer mirrored into this conversation`,
    }),
    'plain',
  );
}
