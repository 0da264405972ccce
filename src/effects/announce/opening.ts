import type { Block, Message, Text } from '../../chat/message.ts';
import type { IncidentEvent } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { KIND } from '../../words/terms.ts';
import { at, mention, message, postTitle, say, subject, tierTitle, type Voice } from './context.ts';

/** The first thing the room shows: what happened, who knows, who is called and until when. */
export function opening(incident: Incident, events: readonly IncidentEvent[], voice: Voice): Message {
  const reported = incident.moments.reported?.at ?? voice.now;
  const headline = say(voice, {
    zh: `🚨 待定级 · ${incident.code} · ${subject(incident)} · 上报 ${at(voice, reported)}`,
    en: `🚨 severity open · ${incident.code} · ${subject(incident)} · reported ${at(voice, reported)}`,
  });
  const blocks: Block[] = [
    { block: 'text', text: incident.title },
    { block: 'list', ordered: false, items: events.flatMap((event) => told(event, voice)) },
  ];
  const { caller, number, organisation, since } = incident.intake;
  const fields = [
    { label: say(voice, { zh: '类型', en: 'kind' }), value: KIND[incident.kind][voice.language] },
    ...(caller ? [{ label: say(voice, { zh: '来电人', en: 'caller' }), value: caller }] : []),
    ...(number ? [{ label: say(voice, { zh: '电话', en: 'number' }), value: number }] : []),
    ...(organisation ? [{ label: say(voice, { zh: '单位', en: 'organisation' }), value: organisation }] : []),
    ...(since ? [{ label: say(voice, { zh: '开始于', en: 'since' }), value: since }] : []),
  ];
  if (fields.length > 1) blocks.push({ block: 'fields', fields });
  return message(headline, 'bad', blocks, null);
}

/** Notices, pages and gaps as lines of the opening; also used alone when they come later. */
export function told(event: IncidentEvent, voice: Voice): readonly Text[] {
  const { body } = event;
  switch (body.type) {
    case 'PersonNotified':
      return [
        [
          say(voice, { zh: '已通知：', en: 'Told: ' }),
          mention(voice, body.person),
          `（${postTitle(voice, body.post)} ${at(voice, event.occurred)}）`,
        ],
      ];
    case 'PersonPaged':
      return [
        [
          say(voice, { zh: '已呼叫：', en: 'Paged: ' }),
          mention(voice, body.person),
          body.tier === null ? '' : `（${tierTitle(voice, body.tier)}）`,
          say(voice, {
            zh: ` ${at(voice, body.acknowledgeBy)} 前未应答转下一人`,
            en: ` until ${at(voice, body.acknowledgeBy)}, then the next person`,
          }),
        ],
      ];
    case 'PostVacant':
      return [
        say(voice, {
          zh: `⚠️ 岗位空缺：${postTitle(voice, body.post)}，无人可通知`,
          en: `⚠️ vacant post: ${postTitle(voice, body.post)}`,
        }),
      ];
    case 'TierSkipped':
      return [
        say(voice, {
          zh: `⚠️ ${tierTitle(voice, body.tier)}：无可联系人员，已跳过，直接呼叫上一级`,
          en: `⚠️ ${tierTitle(voice, body.tier)}: nobody can be reached; skipped, the tier above is called`,
        }),
      ];
    default:
      return [];
  }
}
