import { BECAUSE, QUESTION, SEVERITY, term } from '../../words/terms.ts';
import { type Block, unstated } from '../document.ts';
import { byEvents, eventsOf, type Frame, say, shortTime, time } from './frame.ts';

/** The level, every change of it with its reason, and the answers that led there (plan L167–175). */
export function severity(frame: Frame): readonly Block[] {
  const { language } = frame;
  const changes = eventsOf(frame, 'SeveritySet', 'SeverityProposed');
  const answers = eventsOf(frame, 'QuestionAnswered');
  const last = eventsOf(frame, 'SeveritySet').at(-1);
  const blocks: Block[] = [
    {
      block: 'keyValue',
      rows: [
        {
          label: say(frame, '最终等级', 'Final level'),
          values: last === undefined ? [unstated] : [byEvents(SEVERITY[last.body.severity][language], last)],
        },
        {
          label: say(frame, '定级依据', 'Answers'),
          values:
            answers.length === 0
              ? [unstated]
              : answers.map((event) =>
                  byEvents(
                    say(
                      frame,
                      `${QUESTION[event.body.question].zh}：${event.body.answer ? '是' : '否'}`,
                      `${QUESTION[event.body.question].en}: ${event.body.answer ? 'yes' : 'no'}`,
                    ),
                    event,
                  ),
                ),
        },
      ],
    },
  ];
  if (changes.length === 0) return blocks;
  blocks.push({
    block: 'table',
    columns: [
      { title: say(frame, '时间', 'Time'), share: 0.2 },
      { title: say(frame, '等级', 'Level'), share: 0.22 },
      { title: say(frame, '理由', 'Reason'), share: 0.38 },
      { title: say(frame, '确认人', 'By'), share: 0.2 },
    ],
    rows: changes.map((event) => {
      const { body } = event;
      const by = byEvents(frame.names(event.by.id), event);
      if (body.type === 'SeverityProposed') {
        const because = body.because.map((one) => term(BECAUSE, one, language)).join(say(frame, '、', ', '));
        return [
          byEvents(shortTime(frame, event.occurred), event),
          byEvents(
            say(frame, `建议${SEVERITY[body.severity].zh}`, `${SEVERITY[body.severity].en} proposed`),
            event,
          ),
          byEvents(say(frame, `${because}（预案 ${body.line}）`, `${because} (plan ${body.line})`), event),
          by,
        ];
      }
      const to = SEVERITY[body.severity][language];
      const change = body.from === null ? to : `${SEVERITY[body.from][language]} → ${to}`;
      return [
        byEvents(shortTime(frame, event.occurred), event),
        byEvents(change, event),
        body.reason === null ? unstated : byEvents(body.reason, event),
        by,
      ];
    }),
  });
  return blocks;
}

/** Proposals to close systems for protection and what became of them; red also shows the leadership's posts (L195–196). */
export function shutdowns(frame: Frame): readonly Block[] {
  const proposals = eventsOf(frame, 'ActionProposed').filter(
    (event) => event.body.content.kind === 'protective-shutdown',
  );
  if (proposals.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '保护性关闭', 'Protective shutdown') },
    {
      block: 'list',
      ordered: false,
      items: proposals.flatMap((event) => {
        const { action, content } = event.body;
        const fate = frame.events.filter(
          (one) =>
            (one.body.type === 'ActionRejected' || one.body.type === 'ActionCarriedOut') &&
            one.body.action === action,
        );
        const target = content.target ?? content.title;
        const proposed = byEvents(
          say(
            frame,
            `${time(frame, event.occurred)} 建议保护性关闭：${target}。`,
            `${time(frame, event.occurred)} protective shutdown proposed: ${target}.`,
          ),
          event,
        );
        return [
          proposed,
          ...fate.map((one) => {
            const rejected = one.body.type === 'ActionRejected' ? one.body.reason : null;
            return byEvents(
              rejected === null
                ? say(
                    frame,
                    `${time(frame, one.occurred)} 已执行。`,
                    `${time(frame, one.occurred)} carried out.`,
                  )
                : say(
                    frame,
                    `${time(frame, one.occurred)} 未采纳：${rejected}。`,
                    `${time(frame, one.occurred)} refused: ${rejected}.`,
                  ),
              one,
            );
          }),
        ];
      }),
    },
  ];
}
