import { type Block, unstated } from '../document.ts';
import { contentBehind } from './actions.ts';
import { byEvents, eventsOf, type Frame, type Recorded, say, shortTime } from './frame.ts';

const REPLACES = /更换|替换|换件|备件|replac|swap|spare/i;

/** Parts that were replaced: what the record says of each; serial numbers and spares are for the engineer to fill in. */
export function replacedParts(frame: Frame): readonly Block[] {
  const done = eventsOf(frame, 'ActionCarriedOut').filter((event) => {
    const content = contentBehind(frame, event)?.body.content;
    return (
      content?.kind === 'replacement' || REPLACES.test(`${content?.title ?? ''} ${event.body.note ?? ''}`)
    );
  });
  if (done.length === 0) {
    return [
      { block: 'paragraph', statements: [unstated] },
      {
        block: 'note',
        text: say(
          frame,
          '事件记录中没有执行过的更换操作。',
          'The record holds no replacement that was carried out.',
        ),
      },
    ];
  }
  return [
    {
      block: 'table',
      columns: [
        { title: say(frame, '更换内容', 'Replaced'), share: 0.28 },
        { title: say(frame, '时间', 'Time'), share: 0.16 },
        { title: say(frame, '执行人', 'By'), share: 0.16 },
        { title: say(frame, '结果', 'Outcome'), share: 0.2 },
        { title: say(frame, '旧件/新件序列号', 'Serial numbers, old/new'), share: 0.2 },
      ],
      rows: done.map((event) => row(frame, event)),
    },
  ];
}

function row(frame: Frame, event: Recorded<'ActionCarriedOut'>) {
  const wording = contentBehind(frame, event);
  const result =
    event.body.outcome === 'succeeded' ? say(frame, '成功', 'succeeded') : say(frame, '失败', 'failed');
  const note = event.body.note === null ? '' : say(frame, `：${event.body.note}`, `: ${event.body.note}`);
  return [
    wording === undefined ? unstated : byEvents(wording.body.content.title, wording),
    byEvents(shortTime(frame, event.occurred), event),
    byEvents(frame.names(event.body.person), event),
    byEvents(result + note, event),
    unstated,
  ];
}
