import type { Message } from '../../chat/message.ts';
import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import { emptyPosts } from '../../incident/posts.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE } from '../../words/terms.ts';
import { because, message, postTitle, say, type Voice } from './context.ts';

type Body = EventOf<
  | 'PostNeeded'
  | 'LevelRaised'
  | 'LeadHandedOver'
  | 'OrganisationInvited'
  | 'OrganisationRemoved'
  | 'PlaceUnlinked'
  | 'PlaceShared'
>;

/** Who else is in the room now; everybody sees who reads along. */
export function organisationNews(
  body: Body,
  event: IncidentEvent,
  incident: Incident,
  voice: Voice,
): readonly Message[] {
  const who = event.by.name;
  switch (body.type) {
    case 'OrganisationInvited': {
      const org = voice.orgName(body.org);
      return [
        message(
          say(voice, {
            zh: `🤝 ${org} 加入联合处置（${who}）：所有人可见的内容，包括此前的，他们都能看到`,
            en: `🤝 ${org} joins the war room (${who}): they see what everybody sees, what was said before included`,
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
    case 'PostNeeded': {
      const empty = emptyPosts(incident, voice.plan)
        .filter((post) => post !== body.post)
        .map((post) => postTitle(voice, post));
      const left =
        empty.length === 0
          ? ''
          : say(voice, { zh: ` · 仍空缺：${empty.join('、')}`, en: ` · still empty: ${empty.join(', ')}` });
      const why = body.reason ? say(voice, { zh: `：${body.reason}`, en: `: ${body.reason}` }) : '';
      return [
        message(
          say(voice, {
            zh: `🙋 需要 ${postTitle(voice, body.post)}（${voice.orgName(body.org)}）${why}${left}`,
            en: `🙋 ${postTitle(voice, body.post)} needed (${voice.orgName(body.org)})${why}${left}`,
          }),
          'plain',
        ),
      ];
    }
    case 'LevelRaised': {
      const org = voice.orgName(body.org);
      const why = because(voice, BECAUSE, body.because);
      return [
        body.reached
          ? message(
              say(voice, {
                zh: `⬆️ ${org} 升级到本单位第 ${body.level} 级：${why}`,
                en: `⬆️ ${org} raised its own level ${body.level}: ${why}`,
              }),
              'warn',
            )
          : message(
              say(voice, {
                zh: `⚠️ ${org} 第 ${body.level} 级无可联系人员，已跳过`,
                en: `⚠️ nobody of ${org}'s level ${body.level} can be reached; skipped`,
              }),
              'bad',
            ),
      ];
    }
    case 'LeadHandedOver':
      return [
        message(
          say(voice, {
            zh: `🔀 主责由 ${voice.orgName(body.from)} 移交 ${voice.orgName(body.to)}（${who}）：${body.reason}（L19）`,
            en: `🔀 ${voice.orgName(body.to)} leads now instead of ${voice.orgName(body.from)} (${who}): ${body.reason} (L19)`,
          }),
          'warn',
        ),
      ];
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
