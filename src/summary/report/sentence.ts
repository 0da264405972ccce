import type { DocumentKind, EventOf, IncidentEvent } from '../../incident/events.ts';
import type { Language, Words } from '../../incident/plan.ts';
import { DELIVERY } from '../../words/delivery.ts';
import { logFactText } from '../../words/log-fact.ts';
import {
  ACTION_STATUS,
  BECAUSE,
  DOCUMENT,
  KIND,
  MOMENT,
  QUALIFICATION,
  QUESTION,
  RISK,
  ROLE,
  SEVERITY,
  term,
} from '../../words/terms.ts';
import type { TimelineRow } from '../document.ts';
import { type Frame, say, shortTime, time } from './frame.ts';
import { lessonText } from './review.ts';

export interface Sentence {
  readonly text: string;
  /** What the event holds beyond its line; printed with the sources, so that any value can be looked up there. */
  readonly detail: string;
  readonly tone: TimelineRow['tone'];
  /** Whether the line belongs on the timeline; the rest is found in its own section. */
  readonly onTimeline: boolean;
}

const CHANNEL = {
  chat: { zh: '聊天', en: 'chat' },
  phone: { zh: '电话', en: 'telephone' },
  alert: { zh: '告警', en: 'alert' },
  drill: { zh: '演练', en: 'drill' },
} as const;

const PHASE = {
  startup: { zh: '启动阶段', en: 'at start-up' },
  running: { zh: '运行中', en: 'while running' },
  unknown: { zh: '阶段不明', en: 'phase unknown' },
} as const;

/** The plan's components (L19); a component of another name is printed as it was written. */
const COMPONENT: Readonly<Record<string, Words>> = {
  application: { zh: '应用', en: 'application' },
  middleware: { zh: '中间件', en: 'middleware' },
  database: { zh: '数据库', en: 'database' },
  'operating-system': { zh: '操作系统', en: 'operating system' },
  network: { zh: '网络', en: 'network' },
  hardware: { zh: '硬件', en: 'hardware' },
  storage: { zh: '存储', en: 'storage' },
};

/** `server.log.1:33` in an archive of several files, `L33` elsewhere. */
export const placeOf = (proof: { line: number; file?: string; fileLine?: number }): string =>
  proof.file === undefined ? `L${proof.line}` : `${proof.file}:${proof.fileLine ?? proof.line}`;
export const componentTitle = (component: string, language: Language): string =>
  term(COMPONENT, component, language);
const aboutTitle = (about: string, language: Language): string =>
  about === 'severity' ? { zh: '定级', en: 'severity' }[language] : term(BECAUSE, about, language);
export const reportTitle = (report: DocumentKind, language: Language): string => DOCUMENT[report][language];
export const channelTitle = (channel: keyof typeof CHANNEL, language: Language): string =>
  CHANNEL[channel][language];
export const phaseTitle = (phase: keyof typeof PHASE, language: Language): string => PHASE[phase][language];
export function tierTitle(frame: Pick<Frame, 'plan' | 'language'>, tier: number): string {
  return frame.plan.tiers.find((one) => one.tier === tier)?.title[frame.language] ?? String(tier);
}

export function postTitle(frame: Pick<Frame, 'plan' | 'language'>, post: string): string {
  return frame.plan.posts.find((one) => one.id === post)?.title[frame.language] ?? post;
}

export function clockTitle(frame: Pick<Frame, 'plan' | 'language'>, clock: string): string {
  return frame.plan.clocks.find((one) => one.id === clock)?.title[frame.language] ?? clock;
}

const joined = (frame: Frame, parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(say(frame, '；', '; '));

/** One event in written words; what is typed by people stands in them verbatim. */
export function sentenceOf(event: IncidentEvent, frame: Frame): Sentence {
  const { body } = event;
  const { language } = frame;
  const who = frame.names(event.by.id);
  const line = (
    zh: string,
    en: string,
    more: { tone?: TimelineRow['tone']; detail?: string; hidden?: boolean } = {},
  ): Sentence => ({
    text: say(frame, zh, en),
    detail: more.detail ?? '',
    tone: more.tone ?? 'plain',
    onTimeline: more.hidden !== true,
  });
  const noted = (note: string | null): string => (note === null ? '' : say(frame, `：${note}`, `: ${note}`));
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
        { detail: aboutTitle(body.about, language) },
      );
    case 'PostVacant':
      return line(
        `岗位空缺，无人可通知：${postTitle(frame, body.post)}`,
        `nobody holds the post: ${postTitle(frame, body.post)}`,
        { tone: 'bad', detail: aboutTitle(body.about, language) },
      );
    case 'PersonPaged': {
      const target =
        body.tier === null
          ? body.post === null
            ? ''
            : postTitle(frame, body.post)
          : tierTitle(frame, body.tier);
      const because = term(BECAUSE, body.because, language);
      const person = frame.names(body.person);
      return line(
        `呼叫 ${person}${target === '' ? '' : `（${target}）`}，第 ${body.attempt} 次：${because}`,
        `${person} paged${target === '' ? '' : ` (${target})`}, attempt ${body.attempt}: ${because}`,
        {
          detail: say(
            frame,
            `应于 ${shortTime(frame, body.acknowledgeBy)} 前应答`,
            `answer due by ${shortTime(frame, body.acknowledgeBy)}`,
          ),
        },
      );
    }
    case 'PageAcknowledged':
      return line(`${frame.names(body.person)} 应答`, `${frame.names(body.person)} acknowledged`, {
        tone: 'good',
        detail: body.route,
      });
    case 'PageDeclined':
      return line(
        `${frame.names(body.person)} 拒接：${body.reason}`,
        `${frame.names(body.person)} declined: ${body.reason}`,
        { tone: 'warn' },
      );
    case 'PageTimedOut':
      return line(
        `${frame.names(body.person)} 到时未应答`,
        `${frame.names(body.person)} did not answer in time`,
        { tone: 'bad' },
      );
    case 'PageWithdrawn': {
      const because = term(BECAUSE, body.because, language);
      return line(
        `撤回对 ${frame.names(body.person)} 的呼叫：${because}`,
        `page to ${frame.names(body.person)} withdrawn: ${because}`,
        { hidden: true },
      );
    }
    case 'PageDelivered': {
      const outcome = DELIVERY[body.delivery.outcome][language];
      const failed = body.delivery.outcome === 'failed' || body.delivery.outcome === 'exhausted';
      return line(
        `对 ${frame.names(body.person)} 的呼叫经 ${body.delivery.method}：${outcome}`,
        `page to ${frame.names(body.person)} by ${body.delivery.method}: ${outcome}`,
        { tone: failed ? 'bad' : 'plain', detail: body.delivery.detail, hidden: !failed },
      );
    }
    case 'TierRaised':
      return line(
        `升级到${tierTitle(frame, body.tier)}：${term(BECAUSE, body.because, language)}`,
        `raised to ${tierTitle(frame, body.tier)}: ${term(BECAUSE, body.because, language)}`,
        { tone: 'warn' },
      );
    case 'TierSkipped':
      return line(
        `跳过${tierTitle(frame, body.tier)}：${term(BECAUSE, body.because, language)}`,
        `${tierTitle(frame, body.tier)} skipped: ${term(BECAUSE, body.because, language)}`,
        { tone: 'bad' },
      );
    case 'QualificationOverridden': {
      const missing = body.missing
        .map((one) => term(QUALIFICATION, one, language))
        .join(say(frame, '、', ', '));
      return line(
        `准许 ${frame.names(body.person)} 首派，缺 ${missing}：${body.reason}`,
        `${frame.names(body.person)} allowed as first responder without ${missing}: ${body.reason}`,
        { tone: 'warn' },
      );
    }
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
    case 'ActionProposed': {
      const { content } = body;
      return line(
        `提议操作 ${body.action}：${content.title}${content.target === null ? '' : `（${content.target}）`}`,
        `action ${body.action} proposed: ${content.title}${content.target === null ? '' : ` (${content.target})`}`,
        { detail: contentDetail(body.content, frame) },
      );
    }
    case 'ActionEdited':
      return line(
        `修改操作 ${body.action}：${body.content.title}，此前批准作废`,
        `action ${body.action} reworded: ${body.content.title}; earlier approvals void`,
        { tone: 'warn', detail: contentDetail(body.content, frame) },
      );
    case 'ActionApproved': {
      const role = ROLE[body.role][language];
      const deputy =
        body.deputyFor === null
          ? ''
          : say(frame, `，代 ${frame.names(body.deputyFor)}`, `, deputy for ${frame.names(body.deputyFor)}`);
      const person = frame.names(body.person);
      return body.breakGlass
        ? line(
            `${person} 破例批准操作 ${body.action}${noted(body.reason)}`,
            `break-glass approval of action ${body.action} by ${person}${noted(body.reason)}`,
            { tone: 'warn' },
          )
        : line(
            `${person}（${role}${deputy}）批准操作 ${body.action}${noted(body.reason)}`,
            `action ${body.action} approved by ${person} (${role}${deputy})${noted(body.reason)}`,
            { tone: 'good' },
          );
    }
    case 'ActionRejected':
      return line(
        `${frame.names(body.person)} 驳回操作 ${body.action}：${body.reason}`,
        `action ${body.action} rejected by ${frame.names(body.person)}: ${body.reason}`,
        { tone: 'warn' },
      );
    case 'ActionCarriedOut': {
      const outcome = ACTION_STATUS[body.outcome][language];
      return line(
        `${frame.names(body.person)} 执行操作 ${body.action}，${outcome}${noted(body.note)}`,
        `action ${body.action} carried out by ${frame.names(body.person)}, ${outcome}${noted(body.note)}`,
        { tone: body.outcome === 'succeeded' ? 'good' : 'bad' },
      );
    }
    case 'ApprovalReminded': {
      const people = body.people.map(frame.names).join(say(frame, '、', ', '));
      return line(
        `催办操作 ${body.action} 的批准：${people}`,
        `reminder of action ${body.action}: ${people}`,
        { hidden: true },
      );
    }
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
    case 'ReportDelivered':
      return line(
        `${reportTitle(body.report, 'zh')}送达 ${body.to}`,
        `${reportTitle(body.report, 'en')} delivered to ${body.to}`,
        { tone: 'good' },
      );
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
    case 'DocumentDrafted':
      return line(
        `${reportTitle(body.document, 'zh')}第 ${body.version} 版定稿`,
        `${reportTitle(body.document, 'en')}: version ${body.version} put down`,
        { hidden: true, detail: `SHA-256 ${body.sha256}` },
      );
    case 'DocumentApproved':
      return line(
        `${who} 批准${reportTitle(body.document, 'zh')}第 ${body.version} 版`,
        `${who} approved version ${body.version} of the ${reportTitle(body.document, 'en')}`,
        { hidden: true },
      );
    case 'DocumentReturned':
      return line(
        `${who} 退回${reportTitle(body.document, 'zh')}第 ${body.version} 版：${body.reason}`,
        `${who} returned version ${body.version} of the ${reportTitle(body.document, 'en')}: ${body.reason}`,
        { hidden: true },
      );
    case 'DocumentSent':
      return line(
        `发出${reportTitle(body.document, 'zh')}第 ${body.version} 版：${body.to.map(frame.names).join('、')}`,
        `version ${body.version} of the ${reportTitle(body.document, 'en')} sent to ${body.to.map(frame.names).join(', ')}`,
        { tone: 'good' },
      );
    case 'DocumentMailed':
      return line(
        `${reportTitle(body.document, 'zh')}第 ${body.version} 版邮件：${frame.names(body.to)}，${body.outcome === 'accepted' ? '对方服务器已收下' : `未送达（${body.detail}）`}`,
        `mail of version ${body.version} of the ${reportTitle(body.document, 'en')} to ${frame.names(body.to)}: ${body.outcome === 'accepted' ? 'accepted' : `not delivered (${body.detail})`}`,
        { hidden: true },
      );
    case 'ReviewScheduled':
      return line(
        `约定复盘会：${time(frame, body.at)}${body.where === null ? '' : `，${body.where}`}`,
        `review set for ${time(frame, body.at)}${body.where === null ? '' : `, ${body.where}`}`,
      );
    case 'ReviewReminded':
      return line('复盘会提醒', 'reminder of the review', { hidden: true });
    case 'ReviewHeld':
      return line(
        `召开复盘会，参会：${body.attendees.map(frame.names).join('、')}`,
        `review held with ${body.attendees.map(frame.names).join(', ')}`,
        { tone: 'good' },
      );
    case 'FollowUpReminded':
      return line(
        `提醒整改 ${body.followUp}${body.overdue ? '（已逾期）' : ''}`,
        `reminder of corrective action ${body.followUp}${body.overdue ? ' (overdue)' : ''}`,
        { hidden: true },
      );
    case 'FollowUpDone':
      return line(
        `整改 ${body.followUp} 已完成：${body.proof}`,
        `corrective action ${body.followUp} done: ${body.proof}`,
        { tone: 'good' },
      );
    case 'SatisfactionAsked':
      return line(
        `请 ${frame.names(body.person)} 评价满意度`,
        `${frame.names(body.person)} was asked for a judgement`,
        { hidden: true },
      );
    case 'SatisfactionGiven':
      return line(
        `客户满意度 ${body.score} 分${body.text === null ? '' : `：${body.text}`}`,
        `customer satisfaction ${body.score} of 5${body.text === null ? '' : `: ${body.text}`}`,
        { tone: body.score >= 4 ? 'good' : 'warn' },
      );
    case 'LessonNoted':
      return line(`经验教训：${lessonText(frame, { body })}`, `lesson: ${lessonText(frame, { body })}`, {
        hidden: true,
      });
    case 'FollowUpAdded':
      return line(`整改 ${body.followUp}：${body.text}`, `corrective action ${body.followUp}: ${body.text}`, {
        detail: joined(frame, [body.owner === null ? null : frame.names(body.owner), body.due]),
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** What was done to an entry, for the record; the words themselves stand in the timeline. */
export function editWords({ entry, edit }: EventOf<'TimelineEdited'>, language: Language): string {
  const words = {
    drop: { zh: `略去 ${entry}`, en: `${entry} left out` },
    restore: { zh: `恢复 ${entry}`, en: `${entry} restored` },
    reword: { zh: `改写 ${entry}`, en: `${entry} reworded` },
    move: { zh: `移动 ${entry}`, en: `${entry} moved` },
  };
  return words[edit.do][language];
}

function contentDetail(
  content: Extract<IncidentEvent['body'], { type: 'ActionProposed' }>['content'],
  frame: Frame,
): string {
  return joined(frame, [
    RISK[content.risk][frame.language],
    content.impact,
    content.rollback,
    ...content.commands,
  ]);
}
