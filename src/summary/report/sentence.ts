import type { EventOf, IncidentEvent } from '../../incident/events.ts';
import type { Language } from '../../incident/plan.ts';
import { logFactText } from '../../words/log-fact.ts';
import { BECAUSE, KIND, MOMENT, QUESTION, SEVERITY, term } from '../../words/terms.ts';
import { type Frame, say, shortTime } from './frame.ts';
import { actionSentence } from './sentences/actions.ts';
import { laterSentence } from './sentences/afterwards.ts';
import { joined, lineIn, notedIn, type Sentence } from './sentences/line.ts';
import { organisationSentence } from './sentences/organisations.ts';
import { pagingSentence } from './sentences/paging.ts';
import {
  aboutTitle,
  channelTitle,
  clockTitle,
  componentTitle,
  phaseTitle,
  placeOf,
  postTitle,
} from './titles.ts';

/** One event in written words; what is typed by people stands in them verbatim. */
export function sentenceOf(event: IncidentEvent, frame: Frame): Sentence {
  const { body } = event;
  const { language } = frame;
  const who = frame.names(event.by.id);
  const line = lineIn(frame);
  const noted = notedIn(frame);
  switch (body.type) {
    case 'IncidentReported': {
      const { intake } = body;
      return line(`事件上报：${body.title}`, `incident reported: ${body.title}`, {
        tone: 'bad',
        detail: joined(frame, [
          body.code,
          KIND[body.kind][language],
          body.system.name,
          channelTitle(intake.channel, language),
          intake.caller,
          intake.number,
          intake.organisation,
          intake.since,
          body.systemDown ? say(frame, '系统不可用', 'system down') : null,
          body.specialTime ? say(frame, '特别重要时刻', 'special time') : null,
          body.remoteOnly ? say(frame, '远程服务', 'served remotely') : null,
          body.exceptional ? say(frame, '影响面特别大', 'exceptional impact') : null,
        ]),
      });
    }
    case 'PlanPinned':
      return line(
        `采用预案 ${body.plan}（版本 ${body.version}）`,
        `plan ${body.plan} (version ${body.version})`,
        { hidden: true },
      );
    case 'KnowledgePinned':
      return line(`采用知识库版本 ${body.version}`, `knowledge version ${body.version}`, { hidden: true });
    case 'RoomRequested':
      return line(`申请独立房间 ${body.name}`, `a room of its own asked for: ${body.name}`, { hidden: true });
    case 'RoomOpened':
      return line(`建立事件房间（${body.place.platform}）`, `room opened (${body.place.platform})`, {
        hidden: true,
      });
    case 'PostNeeded':
    case 'LevelRaised':
    case 'LeadHandedOver':
      return organisationSentence(body, frame);
    case 'OrganisationInvited':
      return line(`${frame.orgs(body.org)} 加入联合处置`, `${frame.orgs(body.org)} joined the war room`);
    case 'OrganisationRemoved':
      return line(
        `${frame.orgs(body.org)} 移出联合处置${noted(body.reason)}`,
        `${frame.orgs(body.org)} was removed from the war room${noted(body.reason)}`,
      );
    case 'PlaceUnlinked':
      return line(
        `不再同步到 ${frame.orgs(body.place.org)} 的会话`,
        `no longer mirrored into the conversation of ${frame.orgs(body.place.org)}`,
        { hidden: true },
      );
    case 'PlaceShared':
      return line(
        `${frame.orgs(body.place.org)} 的会话里有其他单位的人`,
        `people of other organisations are in the conversation of ${frame.orgs(body.place.org)}`,
        { hidden: true },
      );
    case 'GuestLinkIssued':
      return line(
        `给 ${frame.orgs(body.org)} 发访客链接 ${body.link}`,
        `the guest link ${body.link} was given to ${frame.orgs(body.org)}`,
        { hidden: true },
      );
    case 'GuestLinkOpened':
      return line(
        `${body.name} 用访客链接 ${body.link} 进入`,
        `${body.name} came in by the guest link ${body.link}`,
        { hidden: true },
      );
    case 'GuestLinkRevoked':
      return line(
        `收回访客链接 ${body.link}${noted(body.reason)}`,
        `the guest link ${body.link} was revoked${noted(body.reason)}`,
        { hidden: true },
      );
    case 'PersonJoined':
      return line(`${body.name} 加入`, `${body.name} joined`, { hidden: true });
    case 'QuestionAnswered': {
      const answer = body.answer ? say(frame, '是', 'yes') : say(frame, '否', 'no');
      const question = QUESTION[body.question][language];
      return line(`定级问题“${question}”：${answer}`, `question "${question}": ${answer}`, { hidden: true });
    }
    case 'SeverityProposed': {
      const because = body.because.map((one) => term(BECAUSE, one, language)).join(say(frame, '、', ', '));
      const severity = SEVERITY[body.severity][language];
      return line(
        `建议定级${severity}：${because}（预案 ${body.line}）`,
        `${severity} proposed: ${because} (plan ${body.line})`,
      );
    }
    case 'SeveritySet': {
      const severity = SEVERITY[body.severity][language];
      const from = body.from === null ? null : SEVERITY[body.from][language];
      return line(
        `${from === null ? `定级${severity}` : `等级由${from}改为${severity}`}${noted(body.reason)}`,
        `${from === null ? `severity set to ${severity}` : `severity changed from ${from} to ${severity}`}${noted(body.reason)}`,
        { tone: 'warn' },
      );
    }
    case 'AccountabilityChosen':
      return line(
        `${body.accountability === 'lead' ? '确定为主责' : '确定为协助'}${body.component === null ? '' : `（${componentTitle(body.component, 'zh')}）`}${noted(body.reason)}`,
        `${body.accountability === 'lead' ? 'we lead' : 'we assist'}${body.component === null ? '' : ` (${componentTitle(body.component, 'en')})`}${noted(body.reason)}`,
      );
    case 'PersonNotified':
      return line(
        `通知${postTitle(frame, body.post)} ${frame.names(body.person)}`,
        `${postTitle(frame, body.post)} ${frame.names(body.person)} notified`,
        { detail: aboutTitle(frame, body.about) },
      );
    case 'PostVacant':
      return line(
        `岗位空缺，无人可通知：${postTitle(frame, body.post)}`,
        `nobody holds the post: ${postTitle(frame, body.post)}`,
        { tone: 'bad', detail: aboutTitle(frame, body.about) },
      );
    case 'PersonPaged':
    case 'PageAcknowledged':
    case 'PageDeclined':
    case 'PageTimedOut':
    case 'PageWithdrawn':
    case 'PageDelivered':
    case 'TierRaised':
    case 'TierSkipped':
    case 'QualificationOverridden':
      return pagingSentence(body, frame);
    case 'PersonDispatched':
      return line(
        `派出 ${frame.names(body.person)}${body.to === null ? '' : `，前往 ${body.to}`}`,
        `${frame.names(body.person)} dispatched${body.to === null ? '' : ` to ${body.to}`}`,
      );
    case 'FirstContactMade':
      return line(
        `${frame.names(body.person)} 首次联系${noted(body.note)}`,
        `first contact by ${frame.names(body.person)}${noted(body.note)}`,
        { tone: 'good' },
      );
    case 'PersonArrived':
      return line(
        `${frame.names(body.person)} 到达现场${noted(body.note)}`,
        `${frame.names(body.person)} on site${noted(body.note)}`,
        { tone: 'good' },
      );
    case 'MomentWithdrawn':
      return line(
        `撤回“${MOMENT[body.moment].zh}”的记录：${body.reason}`,
        `"${MOMENT[body.moment].en}" withdrawn: ${body.reason}`,
        { tone: 'warn' },
      );
    case 'LogPasted':
      return line(
        `提交日志 ${body.lines} 行${body.name === null ? '' : `（${body.name}）`}`,
        `log of ${body.lines} lines submitted${body.name === null ? '' : ` (${body.name})`}`,
        {
          detail: joined(frame, [
            `SHA-256 ${body.sha256}`,
            body.masked > 0
              ? say(frame, `已遮盖 ${body.masked} 处敏感信息`, `${body.masked} secrets masked`)
              : null,
          ]),
        },
      );
    case 'FaultDiagnosed': {
      const [first] = body.findings;
      if (first === undefined) {
        return line('诊断：未匹配到已知故障', 'diagnosis: no known fault', { detail: body.signature });
      }
      const found = body.findings.map((one) => `${one.title[language]} ${one.confidence.toFixed(2)}`);
      const detail = body.findings.flatMap((one) => [
        `${one.title[language]}：${one.cause[language]}`,
        phaseTitle(one.phase, language),
        ...(one.measured ?? []).map((each) => each[language]),
        ...one.evidence.map((each) => `${placeOf(each)} ${each.text}`),
        ...one.ruledOut.map((each) => each[language]),
      ]);
      return line(`诊断：${found.join('、')}`, `diagnosis: ${found.join(', ')}`, {
        detail: joined(frame, detail),
      });
    }
    case 'LogFactAdded':
      return line(logFactText(body.fact, 'zh'), logFactText(body.fact, 'en'), {
        detail: joined(frame, [
          body.fact.text === '' ? null : body.fact.text,
          body.zone === null
            ? null
            : say(frame, `时区由人确认：${body.zone}`, `zone given by a person: ${body.zone}`),
        ]),
      });
    case 'EvidenceCaptured':
      return line(`取证：${body.what}`, `captured: ${body.what}`, { tone: 'good' });
    case 'CauseStated':
      return line(
        `${body.confirmed ? '原因' : '疑似原因'}：${body.text}`,
        `${body.confirmed ? 'cause' : 'suspected cause'}: ${body.text}`,
        { tone: body.confirmed ? 'good' : 'plain' },
      );
    case 'ImpactStated':
      return line(`影响：${body.text}`, `impact: ${body.text}`);
    case 'ActionProposed':
    case 'ActionEdited':
    case 'ActionApproved':
    case 'ActionRejected':
    case 'ActionCarriedOut':
    case 'ApprovalReminded':
      return actionSentence(body, frame);
    case 'StatusUpdated':
      return line(`进展：${body.text}`, `status: ${body.text}`);
    case 'AdviceGiven':
      return line(`技术建议：${body.text}`, `advice: ${body.text}`, { tone: 'good' });
    case 'ServiceRestored':
      return line(`业务恢复${noted(body.note)}`, `service restored${noted(body.note)}`, { tone: 'good' });
    case 'IncidentResolved':
      return line(`事件解决${noted(body.note)}`, `incident resolved${noted(body.note)}`, { tone: 'good' });
    case 'IncidentReopened':
      return line(`事件重新打开：${body.reason}`, `incident re-opened: ${body.reason}`, { tone: 'bad' });
    case 'IncidentClosed': {
      const as = term(BECAUSE, body.as, language);
      const into = body.into === null ? '' : say(frame, `（${body.into}）`, ` (${body.into})`);
      return line(
        `事件关闭：${as}${into}${noted(body.reason)}`,
        `incident closed: ${as}${into}${noted(body.reason)}`,
      );
    }
    case 'IncidentLinked':
      return line(`关联事件 ${body.to}`, `linked to ${body.to}`);
    case 'FollowUpAdded':
    case 'FollowUpReminded':
    case 'FollowUpDone':
    case 'DocumentDrafted':
    case 'DocumentApproved':
    case 'DocumentReturned':
    case 'DocumentSent':
    case 'DocumentMailed':
    case 'ReviewScheduled':
    case 'ReviewReminded':
    case 'ReviewHeld':
    case 'SatisfactionAsked':
    case 'SatisfactionGiven':
    case 'LessonNoted':
    case 'ReportDelivered':
      return laterSentence(body, event, frame);
    case 'ClockWarned':
      return line(
        `时限“${clockTitle(frame, body.clock)}”已用 ${body.percent}%`,
        `${clockTitle(frame, body.clock)}: ${body.percent} % used`,
        { hidden: true, detail: shortTime(frame, body.deadline) },
      );
    case 'ClockBreached':
      return line(
        `时限已过：${clockTitle(frame, body.clock)}，应于 ${shortTime(frame, body.deadline)}`,
        `clock breached: ${clockTitle(frame, body.clock)}, due ${shortTime(frame, body.deadline)}`,
        { tone: 'bad' },
      );
    case 'ClockPaused':
      return line(
        `申请暂停时限“${clockTitle(frame, body.clock)}”：${body.reason}`,
        `pause of ${clockTitle(frame, body.clock)} asked for: ${body.reason}`,
      );
    case 'PauseConfirmed':
      return line(
        `${frame.names(body.person)} 确认暂停“${clockTitle(frame, body.clock)}”`,
        `pause of ${clockTitle(frame, body.clock)} confirmed by ${frame.names(body.person)}`,
      );
    case 'ClockResumed':
      return line(`“${clockTitle(frame, body.clock)}”继续计时`, `${clockTitle(frame, body.clock)} goes on`);
    case 'MessagePinned':
      return line(`${body.author}：${body.text}`, `${body.author}: ${body.text}`);
    case 'TimelineEdited':
      return line(`时间线整理：${editWords(body, 'zh')}`, `timeline edited: ${editWords(body, 'en')}`, {
        hidden: true,
      });
    case 'KnowledgeDrafted':
      return line(
        `知识草稿 ${body.draft}（${body.title.zh}）由 ${who} 提交`,
        `knowledge draft ${body.draft} (${body.title.en}) by ${who}`,
        { hidden: true },
      );
    case 'KnowledgeReviewed': {
      const verdict = {
        approved: { zh: '生效', en: 'made active' },
        refused: { zh: '驳回', en: 'refused' },
        'false-alarm': { zh: '因误报未生效', en: 'not made active: false alarms' },
      }[body.verdict];
      return line(
        `知识 ${body.entry} v${body.version} 复核：${verdict.zh}（${who}）`,
        `knowledge ${body.entry} v${body.version} ${verdict.en} (${who})`,
        { hidden: true },
      );
    }
    case 'KnowledgeWithdrawn':
      return line(
        `知识 ${body.entry} v${body.version} 撤回（${who}）：${body.reason}`,
        `knowledge ${body.entry} v${body.version} withdrawn (${who}): ${body.reason}`,
        { hidden: true },
      );
    case 'RemoteSessionOpened':
      return line(
        `远程会话开始：${body.scope}，${frame.names(body.consentBy)} 同意，至 ${shortTime(frame, body.until)}`,
        `remote session opened: ${body.scope}, consent by ${frame.names(body.consentBy)}, until ${shortTime(frame, body.until)}`,
      );
    case 'RemoteSessionEnded':
      return line(`远程会话结束（${who}）`, `remote session ended (${who})`);
    case 'AccessRefused':
      return line(`${who} 无权“${body.command}”`, `${who} may not "${body.command}"`, { hidden: true });
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** What was done to an entry, for the record; the words themselves stand in the timeline. */
function editWords({ entry, edit }: EventOf<'TimelineEdited'>, language: Language): string {
  const words = {
    drop: { zh: `略去 ${entry}`, en: `${entry} left out` },
    restore: { zh: `恢复 ${entry}`, en: `${entry} restored` },
    reword: { zh: `改写 ${entry}`, en: `${entry} reworded` },
    move: { zh: `移动 ${entry}`, en: `${entry} moved` },
  };
  return words[edit.do][language];
}
