import type { Message } from '../../chat/message.ts';
import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE, MOMENT } from '../../words/terms.ts';
import { duration } from '../../words/time.ts';
import { at, because, button, buttons, message, say, type Voice } from './context.ts';
import { told } from './opening.ts';

export function paged(body: EventOf<'PersonPaged'>, event: IncidentEvent, voice: Voice): Message {
  return message(
    [
      '📟 ',
      ...told(event, voice).flatMap((text) => (typeof text === 'string' ? [text] : text)),
      ` · ${because(voice, BECAUSE, body.because)}`,
      body.attempt > 1
        ? say(voice, { zh: ` · 第 ${body.attempt} 次`, en: ` · attempt ${body.attempt}` })
        : '',
    ],
    'warn',
    buttons(
      button(say(voice, { zh: '应答', en: 'Acknowledge' }), 'ack', { page: body.page }, 'primary'),
      button(say(voice, { zh: '拒接…', en: 'Decline…' }), 'decline', { page: body.page }),
    ),
    `page:${body.page}`,
  );
}

export function acknowledged(
  body: EventOf<'PageAcknowledged'>,
  incident: Incident,
  event: IncidentEvent,
  voice: Voice,
): Message {
  const page = incident.pages.find((one) => one.id === body.page);
  const took = page ? duration(event.occurred - page.pagedAt, voice.language) : '';
  const next = nextMoments(incident, voice);
  return message(
    say(voice, {
      zh: `✅ ${voice.nameOf(body.person)} 已应答 ${at(voice, event.occurred)}（${took}）${next.length > 0 ? ' · 下一步：首次联系、派人' : ''}`,
      en: `✅ ${voice.nameOf(body.person)} acknowledged at ${at(voice, event.occurred)} (${took})`,
    }),
    'good',
    buttons(...next),
    `page:${body.page}`,
  );
}

function nextMoments(incident: Incident, voice: Voice) {
  const open = [
    { moment: 'first-contact', command: 'contact' },
    { moment: 'dispatched', command: 'dispatch' },
    { moment: 'on-site', command: 'arrive' },
  ] as const;
  return open
    .filter((one) => !incident.moments[one.moment] && !(incident.remoteOnly && one.command !== 'contact'))
    .map((one) => button(MOMENT[one.moment][voice.language], one.command));
}

export function recorded(
  moment: 'dispatched' | 'first-contact' | 'on-site',
  who: string,
  when: string,
  event: IncidentEvent,
  voice: Voice,
): Message {
  const late = event.backdated
    ? say(voice, { zh: ` · 补记：${event.backdated}`, en: ` · recorded late: ${event.backdated}` })
    : '';
  return message(
    `📍 ${MOMENT[moment][voice.language]} ${when} · ${who}${late}`,
    'good',
    buttons(button(say(voice, { zh: '记错了…', en: 'Undo…' }), 'undo', { moment })),
  );
}

export function reminded(body: EventOf<'ApprovalReminded'>, voice: Voice): Message {
  const people = body.people.map((one) => ({ mention: { person: one, name: voice.nameOf(one) } }));
  return message(
    [
      say(voice, { zh: `⏰ ${body.action} 等待批准：`, en: `⏰ ${body.action} waits for approval: ` }),
      ...people.flatMap((one) => [one, ' ']),
      body.deputies ? say(voice, { zh: '（副职可代为批准）', en: '(deputies may approve)' }) : '',
    ],
    'warn',
    buttons(
      button(say(voice, { zh: '批准', en: 'Approve' }), 'approve', { action: body.action }, 'primary'),
      button(say(voice, { zh: '驳回…', en: 'Reject…' }), 'reject', { action: body.action }),
    ),
  );
}
