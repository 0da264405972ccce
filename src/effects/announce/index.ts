import type { Message } from '../../chat/message.ts';
import { clocks } from '../../incident/clocks.ts';
import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE, MOMENT } from '../../words/terms.ts';
import { duration } from '../../words/time.ts';
import { actionCard } from './actions.ts';
import { at, because, button, buttons, message, say, tierTitle, type Voice } from './context.ts';
import { diagnosisCard } from './diagnosis.ts';
import { opening, told } from './opening.ts';
import { severityCard, severitySet } from './severity.ts';

export type { Voice } from './context.ts';

/** What the room hears of one batch of events: nothing that changes nothing. */
export function announce(
  incident: Incident,
  events: readonly IncidentEvent[],
  voice: Voice,
): readonly Message[] {
  if (events.some((event) => event.body.type === 'IncidentReported')) {
    return [opening(incident, events, voice), severityCard(incident, voice)];
  }
  const cards = new Map<string, Message>();
  const lines: Message[] = [];
  for (const event of events) {
    for (const one of hear(event, incident, events, voice)) {
      if (one.card) cards.set(one.card, one);
      else lines.push(one);
    }
  }
  return [...cards.values(), ...lines];
}

function hear(
  event: IncidentEvent,
  incident: Incident,
  batch: readonly IncidentEvent[],
  voice: Voice,
): readonly Message[] {
  const { body } = event;
  const who = voice.nameOf(event.by.id);
  const when = at(voice, event.occurred);
  switch (body.type) {
    case 'QuestionAnswered':
    case 'SeverityProposed':
      return [severityCard(incident, voice)];
    case 'SeveritySet':
      return [severityCard(incident, voice), severitySet(body, incident, voice)];
    case 'AccountabilityChosen':
      return [
        line(
          say(
            voice,
            body.accountability === 'lead'
              ? { zh: '主责：我方牵头，按“恢复”计时（L19）', en: 'We lead: the restore clock runs (L19)' }
              : { zh: '协助：按“建议”计时（L19）', en: 'We assist: the advice clock runs (L19)' },
          ),
        ),
      ];
    case 'PersonNotified':
    case 'PostVacant':
    case 'TierSkipped':
      return told(event, voice).map((text) =>
        message(text, body.type === 'PersonNotified' ? 'plain' : 'bad'),
      );
    case 'PersonPaged':
      return [paged(body, event, voice)];
    case 'PageAcknowledged':
      return [acknowledged(body, incident, event, voice)];
    case 'PageDeclined':
      return [
        line(
          say(voice, {
            zh: `${who} 拒接：${body.reason}，转下一人`,
            en: `${who} declined: ${body.reason}; calling the next person`,
          }),
          'warn',
        ),
      ];
    case 'PageTimedOut':
      return [
        line(
          say(voice, {
            zh: `⏰ ${voice.nameOf(body.person)} 到时未应答`,
            en: `⏰ ${voice.nameOf(body.person)} did not answer in time`,
          }),
          'bad',
        ),
      ];
    case 'PageDelivered':
      return body.delivery.outcome === 'failed' || body.delivery.outcome === 'exhausted'
        ? [
            line(
              say(voice, {
                zh: `⚠️ 呼叫 ${voice.nameOf(body.person)} 未送达（${body.delivery.method}）：${body.delivery.detail}`,
                en: `⚠️ the page to ${voice.nameOf(body.person)} failed (${body.delivery.method}): ${body.delivery.detail}`,
              }),
              'bad',
            ),
          ]
        : [];
    case 'TierRaised':
      return [
        line(
          say(voice, {
            zh: `⬆️ 升级到 ${tierTitle(voice, body.tier)}：${because(voice, BECAUSE, body.because)}`,
            en: `⬆️ raised to ${tierTitle(voice, body.tier)}: ${because(voice, BECAUSE, body.because)}`,
          }),
          'warn',
        ),
      ];
    case 'QualificationOverridden':
      return [
        line(
          say(voice, {
            zh: `⚠️ ${voice.nameOf(body.person)} 首派资历不足，破例派出：${because(voice, BECAUSE, body.reason)}`,
            en: `⚠️ ${voice.nameOf(body.person)} is sent although not qualified: ${because(voice, BECAUSE, body.reason)}`,
          }),
          'warn',
        ),
      ];
    case 'PersonDispatched':
      return [recorded('dispatched', voice.nameOf(body.person), when, event, voice)];
    case 'FirstContactMade':
      return [recorded('first-contact', who, when, event, voice)];
    case 'PersonArrived':
      return [recorded('on-site', who, when, event, voice)];
    case 'MomentWithdrawn':
      return [
        line(
          say(voice, {
            zh: `↩️ 已撤回“${MOMENT[body.moment].zh}”：${body.reason}`,
            en: `↩️ "${MOMENT[body.moment].en}" undone: ${body.reason}`,
          }),
        ),
      ];
    case 'FaultDiagnosed':
      return [diagnosisCard(body, voice)];
    case 'CauseStated':
      return [
        line(
          say(voice, {
            zh: `${body.confirmed ? '原因' : '疑似原因'}：${body.text}（${who} ${when}）`,
            en: `${body.confirmed ? 'Cause' : 'Suspected cause'}: ${body.text} (${who} ${when})`,
          }),
          'good',
        ),
      ];
    case 'ImpactStated':
      return [line(say(voice, { zh: `影响：${body.text}（${who}）`, en: `Impact: ${body.text} (${who})` }))];
    case 'ActionProposed':
    case 'ActionEdited':
    case 'ActionApproved':
    case 'ActionRejected':
    case 'ActionCarriedOut':
      return incident.actions
        .filter((one) => one.id === body.action)
        .map((one) => actionCard(one, incident, voice));
    case 'ApprovalReminded':
      return [reminded(body, voice)];
    case 'StatusUpdated':
      return [
        line(
          say(voice, {
            zh: `📣 进展：${body.text}（${who} ${when}）`,
            en: `📣 Status: ${body.text} (${who} ${when})`,
          }),
        ),
      ];
    case 'AdviceGiven':
      return [
        line(
          say(voice, {
            zh: `💡 技术建议：${body.text}（${who} ${when}）`,
            en: `💡 Advice: ${body.text} (${who} ${when})`,
          }),
          'good',
        ),
      ];
    case 'ServiceRestored':
      return [restored(incident, voice)];
    case 'IncidentResolved':
      return [resolved(incident, voice)];
    case 'IncidentReopened':
      return [
        line(say(voice, { zh: `🔁 重新打开：${body.reason}`, en: `🔁 re-opened: ${body.reason}` }), 'bad'),
      ];
    case 'IncidentClosed':
      return [
        line(
          say(voice, {
            zh: `📁 已关闭（${because(voice, BECAUSE, body.as)}）${body.reason ? `：${body.reason}` : ''}`,
            en: `📁 closed (${because(voice, BECAUSE, body.as)})${body.reason ? `: ${body.reason}` : ''}`,
          }),
          'good',
        ),
      ];
    case 'IncidentLinked':
      return [line(say(voice, { zh: `🔗 已关联 ${body.to}`, en: `🔗 linked to ${body.to}` }))];
    case 'ReportDelivered':
      return [
        line(
          say(voice, {
            zh: `📄 ${MOMENT[`${body.report}-report-delivered`].zh}：${body.to}`,
            en: `📄 ${MOMENT[`${body.report}-report-delivered`].en}: ${body.to}`,
          }),
          'good',
        ),
      ];
    case 'ClockWarned':
      return body.percent >= 80 &&
        !batch.some((one) => one.body.type === 'ClockBreached' && one.body.clock === body.clock)
        ? [warned(body, incident, voice)]
        : [];
    case 'ClockBreached':
      return [breached(body, incident, voice)];
    case 'ClockPaused':
      return [
        message(
          say(voice, {
            zh: `⏸ 申请暂停时限：${body.reason}（客户侧确认后计入）`,
            en: `⏸ pause asked for: ${body.reason} (counts once the customer confirms)`,
          }),
          'plain',
          buttons(
            button(say(voice, { zh: '客户确认暂停', en: 'Customer confirms' }), 'confirm-pause', {
              clock: body.clock,
            }),
            button(say(voice, { zh: '继续计时', en: 'Resume' }), 'resume', { clock: body.clock }),
          ),
        ),
      ];
    case 'PauseConfirmed':
      return [
        line(
          say(voice, {
            zh: `⏸ 暂停已由 ${voice.nameOf(body.person)} 确认`,
            en: `⏸ pause confirmed by ${voice.nameOf(body.person)}`,
          }),
        ),
      ];
    case 'ClockResumed':
      return [line(say(voice, { zh: '▶️ 继续计时', en: '▶️ the clock goes on' }))];
    case 'RemoteSessionOpened':
      return [
        line(
          say(voice, {
            zh: `🔌 远程会话：${body.scope}，${voice.nameOf(body.consentBy)} 同意，至 ${at(voice, body.until)}（L156–160）`,
            en: `🔌 remote session: ${body.scope}, consent by ${voice.nameOf(body.consentBy)}, until ${at(voice, body.until)}`,
          }),
        ),
      ];
    case 'RemoteSessionEnded':
      return [line(say(voice, { zh: '🔌 远程会话结束', en: '🔌 remote session ended' }))];
    case 'FollowUpAdded':
      return [
        line(
          say(voice, {
            zh: `📌 整改 ${body.followUp}：${body.text}${body.owner ? ` · ${body.owner}` : ''}${body.due ? ` · ${body.due}` : ''}`,
            en: `📌 follow-up ${body.followUp}: ${body.text}${body.owner ? ` · ${body.owner}` : ''}${body.due ? ` · ${body.due}` : ''}`,
          }),
        ),
      ];
    case 'EvidenceCaptured':
      return [
        line(
          say(voice, { zh: `📎 已取证：${body.what}（${who}）`, en: `📎 captured: ${body.what} (${who})` }),
          'good',
        ),
      ];
    case 'IncidentReported':
    case 'PlanPinned':
    case 'KnowledgePinned':
    case 'RoomOpened':
    case 'PersonJoined':
    case 'PageWithdrawn':
    case 'LogPasted':
    case 'MessagePinned':
    case 'LessonNoted':
      return [];
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function line(text: string, tone: Message['tone'] = 'plain'): Message {
  return message(text, tone);
}

function paged(body: EventOf<'PersonPaged'>, event: IncidentEvent, voice: Voice): Message {
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

function acknowledged(
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

function recorded(
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

function reminded(body: EventOf<'ApprovalReminded'>, voice: Voice): Message {
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

function warned(body: EventOf<'ClockWarned'>, incident: Incident, voice: Voice): Message {
  const clock = clocks(incident, voice.plan, voice.now).find((one) => one.id === body.clock);
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

function breached(body: EventOf<'ClockBreached'>, incident: Incident, voice: Voice): Message {
  const clock = clocks(incident, voice.plan, voice.now).find((one) => one.id === body.clock);
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

function restored(incident: Incident, voice: Voice): Message {
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

function resolved(incident: Incident, voice: Voice): Message {
  const all = clocks(incident, voice.plan, voice.now).filter(
    (one) => one.status === 'met' || one.status === 'missed' || one.status === 'overdue',
  );
  const met = all.filter((one) => one.status === 'met').length;
  const report = clocks(incident, voice.plan, voice.now).find((one) => one.id === 'service-report');
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
