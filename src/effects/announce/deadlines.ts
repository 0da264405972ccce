import type { Message } from '../../chat/message.ts';
import type { EventOf } from '../../incident/events.ts';
import { clocksSeenBy } from '../../incident/org-clocks.ts';
import type { Incident } from '../../incident/state.ts';
import { duration } from '../../words/time.ts';
import { at, button, buttons, message, say, type Voice } from './context.ts';

export function warned(body: EventOf<'ClockWarned'>, incident: Incident, voice: Voice): Message {
  const clock = clocksSeenBy(incident, voice.plan, voice.now, voice.eyes).find(
    (one) => one.id === body.clock,
  );
  const title = clock?.title[voice.language] ?? body.clock;
  return message(
    say(voice, {
      zh: `🟠 时限 ${title} 已用 ${body.percent}% · ${at(voice, body.deadline)} 到时`,
      en: `🟠 ${title}: ${body.percent} % used, due ${at(voice, body.deadline)}`,
    }),
    'warn',
    [],
    `clock:${body.key}`,
  );
}

export function breached(body: EventOf<'ClockBreached'>, incident: Incident, voice: Voice): Message {
  const clock = clocksSeenBy(incident, voice.plan, voice.now, voice.eyes).find(
    (one) => one.id === body.clock,
  );
  const title = clock?.title[voice.language] ?? body.clock;
  return message(
    say(voice, {
      zh: `🟥 时限已过：${title}（应于 ${at(voice, body.deadline)}，预案 ${clock?.line ?? ''}）`,
      en: `🟥 clock breached: ${title} (was due ${at(voice, body.deadline)}, plan ${clock?.line ?? ''})`,
    }),
    'bad',
    [],
    `clock:${body.key}`,
  );
}

export function restored(incident: Incident, voice: Voice): Message {
  const back = incident.moments.restored?.at ?? voice.now;
  const from = incident.moments.reported?.at ?? back;
  return message(
    say(voice, {
      zh: `✅ 业务恢复 ${at(voice, back)} · 自上报 ${duration(back - from, 'zh')} · 下一步：查明原因，再标记解决`,
      en: `✅ service restored at ${at(voice, back)} · ${duration(back - from, 'en')} after the report · next: state the cause, then resolve`,
    }),
    'good',
    buttons(
      button(say(voice, { zh: '说明原因…', en: 'State the cause…' }), 'cause'),
      button(say(voice, { zh: '解决', en: 'Resolve' }), 'resolve'),
      button(say(voice, { zh: '没有恢复…', en: 'Not restored…' }), 'undo', { moment: 'restored' }),
    ),
  );
}

export function resolved(incident: Incident, voice: Voice): Message {
  const all = clocksSeenBy(incident, voice.plan, voice.now, voice.eyes).filter(
    (one) => one.status === 'met' || one.status === 'missed' || one.status === 'overdue',
  );
  const met = all.filter((one) => one.status === 'met').length;
  const report = clocksSeenBy(incident, voice.plan, voice.now, voice.eyes).find(
    (one) => one.id === 'service-report',
  );
  const done = incident.moments.resolved?.at ?? voice.now;
  const due = report?.deadline
    ? say(voice, {
        zh: ` · 服务报告 ${at(voice, report.deadline)} 前`,
        en: ` · service report by ${at(voice, report.deadline)}`,
      })
    : '';
  return message(
    say(voice, {
      zh: `✅ 已解决 ${at(voice, done)} · 时限 ${met}/${all.length} 达成${due}`,
      en: `✅ resolved at ${at(voice, done)} · ${met}/${all.length} clocks met${due}`,
    }),
    'good',
    buttons(
      button(say(voice, { zh: '报告草稿', en: 'Draft report' }), 'summary', {}, 'primary'),
      button(say(voice, { zh: '关闭', en: 'Close' }), 'close', { as: 'done' }),
      button(say(voice, { zh: '重开…', en: 'Re-open…' }), 'reopen'),
    ),
  );
}
