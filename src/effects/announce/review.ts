import type { Message } from '../../chat/message.ts';
import type { EventOf, LessonSide } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { at, button, buttons, message, say, type Voice } from './context.ts';

const SIDE: Readonly<Record<LessonSide, { readonly zh: string; readonly en: string }>> = {
  well: { zh: '做得好', en: 'went well' },
  badly: { zh: '有待改进', en: 'to do better' },
  lucky: { zh: '侥幸', en: 'were lucky' },
};

/** The meeting is set: until then each organisation collects for itself. */
export function reviewSet(body: EventOf<'ReviewScheduled'>, voice: Voice): Message {
  const where = body.where === null ? '' : ` · ${body.where}`;
  return message(
    say(voice, {
      zh: `🗓 复盘会：${at(voice, body.at)}${where}。会前各方写下经验教训，公布之前只有本组织能看到`,
      en: `🗓 review: ${at(voice, body.at)}${where}. Until then each organisation notes its lessons; nobody else sees them before they are published`,
    }),
    'plain',
    lessonButtons(voice),
  );
}

function lessonButtons(voice: Voice) {
  return buttons(
    button(say(voice, { zh: '写教训…', en: 'Note a lesson…' }), 'lesson', {}),
    button(say(voice, { zh: '公布本组织的', en: "Publish our organisation's" }), 'review', { do: 'publish' }),
    button(say(voice, { zh: '复盘会已开…', en: 'The review was held…' }), 'review', { do: 'held' }),
  );
}

export function reviewSoon(body: EventOf<'ReviewReminded'>, voice: Voice): Message {
  return message(
    say(voice, {
      zh: `🗓 复盘会将于 ${at(voice, body.at)} 开始；还没公布的经验教训可以现在公布`,
      en: `🗓 the review begins at ${at(voice, body.at)}; lessons not yet published can be published now`,
    }),
    'warn',
    lessonButtons(voice),
  );
}

export function lessonPublished(body: EventOf<'LessonNoted'>, voice: Voice): Message {
  return message(
    say(voice, {
      zh: `📝 ${SIDE[body.side].zh}：${body.text}（${body.author}）`,
      en: `📝 ${SIDE[body.side].en}: ${body.text} (${body.author})`,
    }),
    'plain',
    body.side === 'well'
      ? []
      : buttons(
          button(say(voice, { zh: '转为整改…', en: 'Make it an action…' }), 'follow-up', { from: body.text }),
        ),
  );
}

export function followUpDue(
  body: EventOf<'FollowUpReminded'>,
  followUp: { readonly id: string; readonly text: string; readonly due: string | null } | undefined,
  voice: Voice,
): Message {
  const what = followUp?.text ?? '';
  const due = followUp?.due ?? '';
  return message(
    say(voice, {
      zh: `⏳ 整改 ${body.followUp} ${body.overdue ? '已逾期' : '即将到期'}（${due}）：${what}`,
      en: `⏳ corrective action ${body.followUp} is ${body.overdue ? 'overdue' : 'due soon'} (${due}): ${what}`,
    }),
    body.overdue ? 'bad' : 'warn',
    buttons(button(say(voice, { zh: '已完成…', en: 'It is done…' }), 'follow-up', { done: body.followUp })),
  );
}

export function judged(body: EventOf<'SatisfactionGiven'>, voice: Voice): Message {
  const words = body.text === null ? '' : say(voice, { zh: `：${body.text}`, en: `: ${body.text}` });
  return message(
    say(voice, {
      zh: `⭐ 客户满意度 ${body.score}/5${words}`,
      en: `⭐ customer satisfaction ${body.score}/5${words}`,
    }),
    body.score >= 4 ? 'good' : 'warn',
  );
}

/** What the customer reads before judging; without an address of the web room the answer is typed in the room. */
export function surveyText(incident: Incident, language: 'zh' | 'en', link: string | null): string {
  const answer =
    link === null
      ? {
          zh: '请在战情室里回复：/应急 满意度 5 一句话（1–5 分）',
          en: 'Please answer in the war room: /incident satisfaction 5 A SENTENCE (1 to 5)',
        }
      : {
          zh: `请点开评价（1–5 分，一次有效）：${link}`,
          en: `Please judge (1 to 5, good for one answer): ${link}`,
        };
  return {
    zh: `【战情室】${incident.code} ${incident.title}：应急服务已结束，请您评价。${answer.zh}`,
    en: `[warroom] ${incident.code} ${incident.title}: the emergency service has ended; please judge it. ${answer.en}`,
  }[language];
}
