import type { EventOf, LessonSide } from '../../incident/events.ts';
import { type Block, type Cell, label, type Statement, unstated } from '../document.ts';
import { byEvents, eventsOf, type Frame, type Recorded, say, time } from './frame.ts';

const SIDES: readonly LessonSide[] = ['well', 'badly', 'lucky'];

/** What went well, badly, or by luck, as each organisation published it. */
export function lessons(frame: Frame): readonly Block[] {
  const noted = eventsOf(frame, 'LessonNoted');
  if (noted.length === 0) return [{ block: 'paragraph', statements: [unstated] }];
  const titles: Readonly<Record<LessonSide, string>> = {
    well: say(frame, '做得好的', 'What went well'),
    badly: say(frame, '有待改进的', 'What went badly'),
    lucky: say(frame, '侥幸的', 'Where we were lucky'),
  };
  return SIDES.flatMap((side): readonly Block[] => {
    const of = noted.filter((event) => event.body.side === side);
    return of.length === 0
      ? []
      : [
          { block: 'heading', level: 2, text: titles[side] },
          {
            block: 'list',
            ordered: true,
            items: of.map((event) => byEvents(lessonText(frame, event), event)),
          },
        ];
  });
}

/** With who says so: the organisations see things differently. */
export function lessonText(frame: Frame, { body }: { readonly body: EventOf<'LessonNoted'> }): string {
  const from = [frame.orgs(body.org), body.author].filter((part) => part !== '').join(say(frame, '，', ', '));
  return say(frame, `${body.text}（${from}）`, `${body.text} (${from})`);
}

/** What is to be done, by whom and until when; what is done, with what shows it. */
export function followUps(frame: Frame): readonly Block[] {
  const added = eventsOf(frame, 'FollowUpAdded');
  if (added.length === 0) return [{ block: 'paragraph', statements: [unstated] }];
  return [
    {
      block: 'table',
      columns: [
        { title: say(frame, '编号', 'No.'), share: 0.1 },
        { title: say(frame, '措施', 'Measure'), share: 0.38 },
        { title: say(frame, '责任人', 'Owner'), share: 0.17 },
        { title: say(frame, '期限', 'Due'), share: 0.15 },
        { title: say(frame, '完成情况', 'State'), share: 0.2 },
      ],
      rows: added.map((event) => {
        const { followUp, text, owner, due } = event.body;
        return [
          label(followUp),
          byEvents(text, event),
          owner === null ? unstated : byEvents(frame.names(owner), event),
          due === null ? unstated : byEvents(due, event),
          stateOf(frame, event),
        ];
      }),
    },
  ];
}

function stateOf(frame: Frame, added: Recorded<'FollowUpAdded'>): Cell {
  const done = eventsOf(frame, 'FollowUpDone').find((event) => event.body.followUp === added.body.followUp);
  return done === undefined
    ? label(say(frame, '未完成', 'open'))
    : byEvents(say(frame, `已完成：${done.body.proof}`, `done: ${done.body.proof}`), done);
}

/** The customer's judgement; null while nobody of the customer gave one. */
export function satisfaction(frame: Frame): Statement | null {
  const given = eventsOf(frame, 'SatisfactionGiven').at(-1);
  if (given === undefined) return null;
  const { score, text, person } = given.body;
  const words = text === null ? '' : say(frame, `：${text}`, `: ${text}`);
  return byEvents(
    say(
      frame,
      `${score} 分（满分 5 分）${words}（${frame.names(person)}）`,
      `${score} of 5${words} (${frame.names(person)})`,
    ),
    given,
  );
}

/** When and where the review was held, and by whom. */
export function meeting(frame: Frame): Block {
  const set = eventsOf(frame, 'ReviewScheduled').at(-1);
  const held = eventsOf(frame, 'ReviewHeld').at(-1);
  const where = set?.body.where ?? null;
  return {
    block: 'keyValue',
    rows: [
      {
        label: say(frame, '会议时间', 'Time'),
        values: [
          held !== undefined
            ? byEvents(time(frame, held.occurred), held)
            : set !== undefined
              ? byEvents(
                  say(frame, `${time(frame, set.body.at)}（约定）`, `${time(frame, set.body.at)} (set)`),
                  set,
                )
              : unstated,
        ],
      },
      {
        label: say(frame, '会议地点', 'Place'),
        values: [set === undefined || where === null ? unstated : byEvents(where, set)],
      },
      {
        label: say(frame, '参会人员', 'Present'),
        values:
          held === undefined || held.body.attendees.length === 0
            ? [unstated]
            : [byEvents(held.body.attendees.map(frame.names).join(say(frame, '、', ', ')), held)],
      },
      {
        label: say(frame, '记录人', 'Recorded by'),
        values: [held === undefined ? unstated : byEvents(frame.names(held.by.id), held)],
      },
    ],
  };
}
