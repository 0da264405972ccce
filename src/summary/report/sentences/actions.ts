import type { ActionContent, EventOf } from '../../../incident/events.ts';
import { ACTION_STATUS, RISK, ROLE } from '../../../words/terms.ts';
import { type Frame, say } from '../frame.ts';
import { joined, lineIn, notedIn, type Sentence } from './line.ts';

type ActionEvent = EventOf<
  | 'ActionProposed'
  | 'ActionEdited'
  | 'ActionApproved'
  | 'ActionRejected'
  | 'ActionCarriedOut'
  | 'ApprovalReminded'
>;

/** What was proposed, approved and carried out. */
export function actionSentence(body: ActionEvent, frame: Frame): Sentence {
  const { language } = frame;
  const line = lineIn(frame);
  const noted = notedIn(frame);
  switch (body.type) {
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function contentDetail(content: ActionContent, frame: Frame): string {
  return joined(frame, [
    RISK[content.risk][frame.language],
    content.impact,
    content.rollback,
    ...content.commands,
  ]);
}
