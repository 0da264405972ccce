import type { Message } from '../../chat/message.ts';
import type { Delivery, IncidentEvent } from '../../incident/events.ts';
import { type Eyes, isJointClock, seesContract } from '../../incident/org-clocks.ts';
import type { Plan } from '../../incident/plan.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE, MOMENT } from '../../words/terms.ts';
import { actionCard } from './actions.ts';
import { at, because, button, buttons, message, say, tierTitle, type Voice } from './context.ts';
import { breached, resolved, restored, warned } from './deadlines.ts';
import { diagnosisCard } from './diagnosis.ts';
import { approvedDocument, drafted, mailed, returned, sent } from './documents.ts';
import { guestNews } from './guests.ts';
import { draftCard } from './knowledge.ts';
import { told } from './opening.ts';
import { organisationNews } from './organisations.ts';
import { acknowledged, paged, recorded, reminded } from './people.ts';
import { roomOpened } from './place.ts';
import { followUpDue, judged, lessonPublished, reviewSet, reviewSoon } from './review.ts';
import { severityCard } from './severity.ts';

export type { Voice } from './context.ts';

/** What the room has to know of a page's receipts; the good ones stand in the list of pages. */
const UNSENT: readonly Delivery['outcome'][] = ['failed', 'exhausted', 'undelivered'];

/** What a room that has just come to an incident has to know: what stands now, and what waits for an answer. */
export function arrival(incident: Incident, voice: Voice): readonly Message[] {
  const found = incident.diagnoses.at(-1);
  return [
    severityCard(incident, voice),
    ...(found ? [diagnosisCard({ type: 'FaultDiagnosed', ...found }, voice)] : []),
    ...incident.actions
      .filter((one) => one.status === 'proposed' || one.status === 'approved')
      .map((one) => actionCard(one, incident, voice)),
  ];
}

/** What the room hears of one batch of events: nothing that changes nothing. */
export function announce(
  incident: Incident,
  events: readonly IncidentEvent[],
  voice: Voice,
): readonly Message[] {
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
  if (isContract(event, voice) || isOthersOwn(event, voice.eyes)) return [];
  const who = voice.nameOf(event.by.id);
  const when = at(voice, event.occurred);
  switch (body.type) {
    case 'QuestionAnswered':
    case 'SeverityProposed':
      return [severityCard(incident, voice)];
    case 'SeveritySet':
      return [severityCard(incident, voice, body)];
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
      return UNSENT.includes(body.delivery.outcome)
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
    case 'RoomOpened': {
      const words = roomOpened(body, voice);
      return words ? [words] : [];
    }
    case 'FaultDiagnosed':
      return [diagnosisCard(body, voice, incident.code)];
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
    case 'KnowledgeDrafted':
    case 'KnowledgeReviewed':
      return incident.drafts.filter((one) => one.id === body.draft).map((one) => draftCard(one, voice));
    case 'KnowledgeWithdrawn':
      return incident.drafts
        .filter((one) => one.status === 'withdrawn' && one.entry === body.entry)
        .slice(-1)
        .map((one) => draftCard(one, voice));
    case 'DocumentDrafted':
      return [drafted(body, incident, voice)];
    case 'DocumentApproved':
      return [approvedDocument(body, who, voice)];
    case 'DocumentReturned':
      return [returned(body, who, voice)];
    case 'DocumentSent':
      return [sent(body, voice)];
    case 'DocumentMailed':
      return [mailed(body, voice)];
    case 'ReviewScheduled':
      return [reviewSet(body, voice)];
    case 'ReviewReminded':
      return [reviewSoon(body, voice)];
    case 'ReviewHeld':
      return [
        line(
          say(voice, {
            zh: `🗓 复盘会已召开（${body.attendees.map(voice.nameOf).join('、')}）`,
            en: `🗓 review held (${body.attendees.map(voice.nameOf).join(', ')})`,
          }),
          'good',
        ),
      ];
    case 'LessonNoted':
      return [lessonPublished(body, voice)];
    case 'FollowUpReminded':
      return [
        followUpDue(
          body,
          incident.followUps.find((one) => one.id === body.followUp),
          voice,
        ),
      ];
    case 'FollowUpDone':
      return [
        line(
          say(voice, {
            zh: `✅ 整改 ${body.followUp} 完成：${body.proof}（${who}）`,
            en: `✅ corrective action ${body.followUp} done: ${body.proof} (${who})`,
          }),
          'good',
        ),
      ];
    case 'SatisfactionGiven':
      return [judged(body, voice)];
    case 'PostNeeded':
    case 'LevelRaised':
    case 'LeadHandedOver':
    case 'OrganisationInvited':
    case 'OrganisationRemoved':
    case 'PlaceUnlinked':
    case 'PlaceShared':
      return organisationNews(body, event, incident, voice);
    case 'GuestLinkIssued':
    case 'GuestLinkOpened':
    case 'GuestLinkRevoked':
      return guestNews(body, event, voice);
    case 'FollowUpAdded':
      return [
        line(
          say(voice, {
            zh: `📌 整改 ${body.followUp}：${body.text}${body.owner ? ` · ${voice.nameOf(body.owner)}` : ''}${body.due ? ` · ${body.due}` : ''}`,
            en: `📌 follow-up ${body.followUp}: ${body.text}${body.owner ? ` · ${voice.nameOf(body.owner)}` : ''}${body.due ? ` · ${body.due}` : ''}`,
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
    case 'RoomRequested':
    case 'PersonJoined':
    case 'PageWithdrawn':
    case 'LogPasted':
    case 'LogFactAdded':
    case 'MessagePinned':
    case 'TimelineEdited':
    case 'SatisfactionAsked':
    // Nobody is shown up before the others; the audit has it.
    case 'AccessRefused':
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

/** What of the news is about the promises that we gave the customer: no other organisation hears of it. */
export function isAboutContract({ body }: IncidentEvent, plan: Plan): boolean {
  switch (body.type) {
    case 'AccountabilityChosen':
      return true;
    case 'ClockWarned':
    case 'ClockBreached':
    case 'ClockPaused':
    case 'PauseConfirmed':
    case 'ClockResumed':
      return !isJointClock(body.clock, plan);
    default:
      return false;
  }
}

function isContract(event: IncidentEvent, voice: Voice): boolean {
  return !seesContract(voice.eyes) && isAboutContract(event, voice.plan);
}

/** News of an organisation's own report is its own. */
export function isOthersOwn({ body }: IncidentEvent, eyes: Eyes): boolean {
  switch (body.type) {
    case 'DocumentDrafted':
    case 'DocumentApproved':
    case 'DocumentReturned':
    case 'DocumentSent':
    case 'DocumentMailed':
      return body.document === 'vendor' && body.organisation !== eyes?.org;
    default:
      return false;
  }
}
