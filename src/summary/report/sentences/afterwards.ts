import type { EventOf, IncidentEvent } from '../../../incident/events.ts';
import { type Frame, time } from '../frame.ts';
import { lessonText } from '../review.ts';
import { reportTitle } from '../titles.ts';
import { joined, lineIn, type Sentence } from './line.ts';

type LaterEvent = EventOf<
  | 'FollowUpAdded'
  | 'FollowUpReminded'
  | 'FollowUpDone'
  | 'DocumentDrafted'
  | 'DocumentApproved'
  | 'DocumentReturned'
  | 'DocumentSent'
  | 'DocumentMailed'
  | 'ReviewScheduled'
  | 'ReviewReminded'
  | 'ReviewHeld'
  | 'SatisfactionAsked'
  | 'SatisfactionGiven'
  | 'LessonNoted'
  | 'ReportDelivered'
>;

/** What followed: documents, the review, corrective actions, the judgement. */
export function laterSentence(body: LaterEvent, event: IncidentEvent, frame: Frame): Sentence {
  const who = frame.names(event.by.id);
  const line = lineIn(frame);
  switch (body.type) {
    case 'ReportDelivered':
      return line(
        `${reportTitle(body.report, 'zh')}送达 ${body.to}`,
        `${reportTitle(body.report, 'en')} delivered to ${body.to}`,
        { tone: 'good' },
      );
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
