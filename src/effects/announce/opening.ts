import type { Block, Message, Text } from '../../chat/message.ts';
import type { IncidentEvent } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { KIND } from '../../words/terms.ts';
import { at, mention, message, postTitle, say, subject, tierTitle, type Voice } from './context.ts';

/** The first thing the web room shows: what happened, who knows, who is called and until when. */
export function opening(incident: Incident, voice: Voice): Message {
  const reported = incident.moments.reported?.at ?? voice.now;
  const headline = say(voice, {
    zh: `🚨 待定级 · ${incident.code} · ${subject(incident)} · 上报 ${at(voice, reported)}`,
    en: `🚨 severity open · ${incident.code} · ${subject(incident)} · reported ${at(voice, reported)}`,
  });
  return message(headline, 'bad', story(incident, voice), null);
}

/** What happened, as it was told, and who knows of it. */
export function story(incident: Incident, voice: Voice): readonly Block[] {
  const { caller, number, organisation, since } = incident.intake;
  const fields = [
    { label: say(voice, { zh: '类型', en: 'kind' }), value: KIND[incident.kind][voice.language] },
    ...(caller ? [{ label: say(voice, { zh: '来电人', en: 'caller' }), value: caller }] : []),
    ...(number ? [{ label: say(voice, { zh: '电话', en: 'number' }), value: number }] : []),
    ...(organisation ? [{ label: say(voice, { zh: '单位', en: 'organisation' }), value: organisation }] : []),
    ...(since ? [{ label: say(voice, { zh: '开始于', en: 'since' }), value: since }] : []),
  ];
  const people = engaged(incident, voice);
  return [
    { block: 'text', text: incident.title },
    ...(people.length > 0 ? [{ block: 'list', ordered: false, items: people } as const] : []),
    ...(fields.length > 1 ? [{ block: 'fields', fields } as const] : []),
  ];
}

/** Who was told, who answered, who is being called, and where there is nobody. */
function engaged(incident: Incident, voice: Voice): readonly Text[] {
  return [
    ...incident.notified.map((one) => notified(voice, one.person, one.post, one.at)),
    ...incident.vacantPosts.map((post) => vacant(voice, post)),
    ...incident.tiers.flatMap((one) => (one.skipped ? [skipped(voice, one.tier)] : [])),
    ...incident.pages.flatMap((page): readonly Text[] => {
      if (page.status === 'open')
        return [called(voice, page.person, calledAs(voice, page), page.acknowledgeBy)];
      if (page.status !== 'acknowledged') return [];
      const when = at(voice, page.answeredAt ?? page.pagedAt);
      return [
        [
          say(voice, { zh: '已应答：', en: 'Answered: ' }),
          voice.nameOf(page.person),
          `（${[calledAs(voice, page), when].filter((one) => one !== '').join(' ')}）`,
        ],
      ];
    }),
  ];
}

/** Notices, pages and gaps that come after the opening, each as a line. */
export function told(event: IncidentEvent, voice: Voice): readonly Text[] {
  const { body } = event;
  switch (body.type) {
    case 'PersonNotified':
      return [notified(voice, body.person, body.post, event.occurred)];
    case 'PersonPaged':
      return [called(voice, body.person, calledAs(voice, body), body.acknowledgeBy)];
    case 'PostVacant':
      return [vacant(voice, body.post)];
    case 'TierSkipped':
      return [skipped(voice, body.tier)];
    default:
      return [];
  }
}

function notified(voice: Voice, person: string, post: string, when: number): Text {
  return [
    say(voice, { zh: '已通知：', en: 'Told: ' }),
    mention(voice, person),
    `（${postTitle(voice, post)} ${at(voice, when)}）`,
  ];
}

/** By which tier, post or level somebody is called; empty for one person. */
function calledAs(
  voice: Voice,
  page: {
    readonly tier: number | null;
    readonly post: string | null;
    readonly org?: string | undefined;
    readonly level?: number | undefined;
  },
): string {
  if (page.tier !== null) return tierTitle(voice, page.tier);
  const post = page.post === null ? [] : [postTitle(voice, page.post)];
  if (page.org === undefined) return post.join('');
  const level = page.level ? [say(voice, { zh: `第 ${page.level} 级`, en: `level ${page.level}` })] : [];
  return [voice.orgName(page.org), ...post, ...level].join(' · ');
}

function called(voice: Voice, person: string, as: string, until: number): Text {
  return [
    say(voice, { zh: '已呼叫：', en: 'Paged: ' }),
    mention(voice, person),
    as === '' ? '' : `（${as}）`,
    say(voice, {
      zh: ` ${at(voice, until)} 前未应答转下一人`,
      en: ` until ${at(voice, until)}, then the next person`,
    }),
  ];
}

function vacant(voice: Voice, post: string): Text {
  return say(voice, {
    zh: `⚠️ 岗位空缺：${postTitle(voice, post)}，无人可通知`,
    en: `⚠️ vacant post: ${postTitle(voice, post)}`,
  });
}

function skipped(voice: Voice, tier: number): Text {
  return say(voice, {
    zh: `⚠️ ${tierTitle(voice, tier)}：无可联系人员，已跳过，直接呼叫上一级`,
    en: `⚠️ ${tierTitle(voice, tier)}: nobody can be reached; skipped, the tier above is called`,
  });
}
