import type { IncidentEvent } from '../../incident/events.ts';
import { ACTION_STATUS, RISK, ROLE } from '../../words/terms.ts';
import { type Block, type Cell, label, unstated } from '../document.ts';
import {
  byEvents,
  byTalk,
  eventsOf,
  type Frame,
  lateMark,
  type Recorded,
  say,
  shortTime,
  time,
} from './frame.ts';

/** What was proposed, who agreed or refused, who carried it out and with what outcome. */
export function actions(frame: Frame): readonly Block[] {
  const proposals = eventsOf(frame, 'ActionProposed');
  if (proposals.length === 0) return [{ block: 'paragraph', statements: [unstated] }, ...heardActions(frame)];
  return [
    {
      block: 'table',
      columns: [
        { title: say(frame, '编号', 'No.'), share: 0.08 },
        { title: say(frame, '操作与风险', 'Action and risk'), share: 0.3 },
        { title: say(frame, '提议', 'Proposed'), share: 0.16 },
        { title: say(frame, '审批', 'Approval'), share: 0.26 },
        { title: say(frame, '执行与结果', 'Carried out'), share: 0.2 },
      ],
      rows: proposals.map((event) => row(frame, event)),
    },
    ...breakGlass(frame),
    ...heardActions(frame),
  ];
}

function row(frame: Frame, proposal: Recorded<'ActionProposed'>): readonly Cell[] {
  const { action } = proposal.body;
  const edits = eventsOf(frame, 'ActionEdited').filter((one) => one.body.action === action);
  const current = edits.at(-1) ?? proposal;
  const { content } = current.body;
  const marks = [
    RISK[content.risk][frame.language],
    content.kind === 'protective-shutdown' ? say(frame, '保护性关闭', 'protective shutdown') : null,
    content.kind === 'replacement' ? say(frame, '火线替代', 'replacement at once') : null,
    proposal.body.priority ? say(frame, '优先审批', 'priority') : null,
    edits.length > 0
      ? say(
          frame,
          `修改 ${edits.length} 次，以最后一次为准`,
          `reworded ${edits.length} times; the last holds`,
        )
      : null,
    content.rollback === null
      ? null
      : say(frame, `回退：${content.rollback}`, `roll-back: ${content.rollback}`),
  ].filter((mark) => mark !== null);
  const target = content.target === null ? '' : say(frame, `（${content.target}）`, ` (${content.target})`);
  return [
    label(action),
    byEvents(`${content.title}${target}\n${marks.join(say(frame, '；', '; '))}`, proposal, ...edits),
    byEvents(`${shortTime(frame, current.occurred)} ${frame.names(current.by.id)}`, current),
    approvals(frame, action, current.position),
    carriedOut(frame, action),
  ];
}

/** Only approvals of the present wording count; a reworded action lost the earlier ones. */
function approvals(frame: Frame, action: string, since: number): Cell {
  const answers = frame.events.filter(
    (event): event is Recorded<'ActionApproved' | 'ActionRejected'> =>
      (event.body.type === 'ActionApproved' || event.body.type === 'ActionRejected') &&
      event.body.action === action &&
      event.position > since,
  );
  if (answers.length === 0) return unstated;
  return byEvents(answers.map((event) => answer(frame, event)).join('\n'), ...answers);
}

function answer(frame: Frame, event: Recorded<'ActionApproved' | 'ActionRejected'>): string {
  const { body } = event;
  const when = shortTime(frame, event.occurred);
  const who = frame.names(body.person);
  const late = lateMark(frame, event);
  const tail = late === null ? '' : say(frame, `（${late}）`, ` (${late})`);
  if (body.type === 'ActionRejected') {
    return say(
      frame,
      `${when} ${who} 驳回：${body.reason}${tail}`,
      `${when} ${who} rejected: ${body.reason}${tail}`,
    );
  }
  if (body.breakGlass) {
    const reason = body.reason ?? '';
    return say(
      frame,
      `【破例】${when} ${who}：${reason}${tail}`,
      `[break-glass] ${when} ${who}: ${reason}${tail}`,
    );
  }
  const deputy =
    body.deputyFor === null
      ? ''
      : say(frame, `，代 ${frame.names(body.deputyFor)}`, `, deputy for ${frame.names(body.deputyFor)}`);
  return say(
    frame,
    `${when} ${who}（${ROLE[body.role].zh}${deputy}）批准${tail}`,
    `${when} ${who} (${ROLE[body.role].en}${deputy}) approved${tail}`,
  );
}

function carriedOut(frame: Frame, action: string): Cell {
  const done = eventsOf(frame, 'ActionCarriedOut').filter((event) => event.body.action === action);
  if (done.length === 0) return unstated;
  const texts = done.map((event) => {
    const note = event.body.note === null ? '' : say(frame, `：${event.body.note}`, `: ${event.body.note}`);
    const late = lateMark(frame, event);
    return `${shortTime(frame, event.occurred)} ${frame.names(event.body.person)} ${ACTION_STATUS[event.body.outcome][frame.language]}${note}${late === null ? '' : say(frame, `（${late}）`, ` (${late})`)}`;
  });
  return byEvents(texts.join('\n'), ...done);
}

/** A break-glass approval set the two-person rule aside: it is said once more, by itself, with its reason. */
function breakGlass(frame: Frame): readonly Block[] {
  const broken = eventsOf(frame, 'ActionApproved').filter((event) => event.body.breakGlass);
  if (broken.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '破例批准', 'Break-glass approvals') },
    {
      block: 'list',
      ordered: false,
      items: broken.map((event) => {
        const { action, person, reason } = event.body;
        const why = reason ?? say(frame, '未说明', 'not stated');
        return byEvents(
          say(
            frame,
            `${time(frame, event.occurred)} ${frame.names(person)} 未经双人审批批准操作 ${action}，理由：${why}`,
            `${time(frame, event.occurred)} ${frame.names(person)} approved action ${action} without the second approver: ${why}`,
          ),
          event,
        );
      }),
    },
  ];
}

/** Things that people said they did outside the approval; the reader sees that they are hearsay. */
function heardActions(frame: Frame): readonly Block[] {
  const heard = frame.heard.actions.slice(0, 40);
  if (heard.length === 0) return [];
  return [
    {
      block: 'heading',
      level: 2,
      text: say(frame, '对话中提到的措施', 'Measures mentioned in the conversation'),
    },
    { block: 'list', ordered: false, items: heard.map((fact) => byTalk(frame, fact.value, fact.cites)) },
  ];
}

/** What was done, in the words of those who did it: for the technical report, with the commands. */
export function carriedOutSteps(frame: Frame): readonly Block[] {
  const done = eventsOf(frame, 'ActionCarriedOut');
  if (done.length === 0) return [{ block: 'paragraph', statements: [unstated] }];
  return done.map((event): Block => {
    const wording = contentBehind(frame, event);
    const content = wording?.body.content ?? null;
    const of = (text: string | null): readonly Cell[] =>
      text === null || text === '' || wording === undefined ? [unstated] : [byEvents(text, wording)];
    const rows = [
      { label: say(frame, '操作', 'Action'), values: of(content?.title ?? null) },
      { label: say(frame, '对象', 'Target'), values: of(content?.target ?? null) },
      {
        label: say(frame, '风险', 'Risk'),
        values: of(content === null ? null : RISK[content.risk][frame.language]),
      },
      { label: say(frame, '命令', 'Commands'), values: of(content?.commands.join('\n') ?? null) },
      { label: say(frame, '回退方法', 'Roll-back'), values: of(content?.rollback ?? null) },
      {
        label: say(frame, '执行与结果', 'Carried out'),
        values: [carriedOut(frame, event.body.action)],
      },
    ].map((one) => ({ label: one.label, values: one.values.filter((value) => value.kind !== 'label') }));
    return { block: 'keyValue', rows };
  });
}

export function contentBehind(
  frame: Frame,
  event: IncidentEvent & { readonly body: { readonly action: string } },
): Recorded<'ActionProposed' | 'ActionEdited'> | undefined {
  return eventsOf(frame, 'ActionProposed', 'ActionEdited').findLast(
    (one) => one.body.action === event.body.action && one.position < event.position,
  );
}
