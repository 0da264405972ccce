import { chartCaption, errorsOverTime } from '../chart-drawing.ts';
import { type Block, type Statement, unstated } from '../document.ts';
import { byEvents, byTalk, eventsOf, type Frame, momentEvent, type Recorded, say, time } from './frame.ts';
import { phaseTitle, placeOf } from './titles.ts';

/** Who was hit and how much: what a person stated for the record, else what the talk states, else 未说明. */
export function impact(frame: Frame): readonly Statement[] {
  const said = eventsOf(frame, 'ImpactStated').at(-1);
  if (said !== undefined) return [byEvents(said.body.text, said)];
  const { impact: heard } = frame.heard;
  return heard === null ? [unstated] : [byTalk(frame, heard.value, heard.cites)];
}

/** The cause, confirmed or suspected; a later confirmed statement replaces an earlier one, which stays visible. */
export function cause(frame: Frame): readonly Block[] {
  const all = eventsOf(frame, 'CauseStated');
  const confirmed = all.findLast((event) => event.body.confirmed);
  const suspected = all.filter((event) => event !== confirmed);
  const { cause: heard } = frame.heard;
  const statement: Statement =
    confirmed !== undefined
      ? byEvents(confirmed.body.text, confirmed)
      : heard === null
        ? unstated
        : byTalk(frame, heard.value, heard.cites);
  const blocks: Block[] = [
    {
      block: 'keyValue',
      rows: [
        { label: say(frame, '确认的原因', 'Confirmed cause'), values: [statement] },
        {
          label: say(frame, '查明时间', 'Stated at'),
          values: [timeOf(frame)],
        },
        {
          label: say(frame, '确认人', 'Stated by'),
          values: [confirmed === undefined ? unstated : byEvents(frame.names(confirmed.by.id), confirmed)],
        },
      ],
    },
  ];
  if (suspected.length > 0) {
    blocks.push({ block: 'heading', level: 2, text: say(frame, '曾考虑的原因', 'Causes considered') });
    blocks.push({
      block: 'list',
      ordered: false,
      items: suspected.map((event) => {
        const word = event.body.confirmed
          ? say(frame, '曾确认', 'confirmed earlier')
          : say(frame, '疑似', 'suspected');
        return byEvents(
          say(
            frame,
            `${time(frame, event.occurred)} ${word}：${event.body.text}`,
            `${time(frame, event.occurred)} ${word}: ${event.body.text}`,
          ),
          event,
        );
      }),
    });
  }
  return blocks;
}

function timeOf(frame: Frame): Statement {
  const event = momentEvent(frame, 'cause-stated');
  return event === undefined ? unstated : byEvents(time(frame, event.occurred), event);
}

type Found = Recorded<'FaultDiagnosed'>;

/** What the logs showed, line by line, and what they ruled out. */
export function diagnosis(frame: Frame): readonly Block[] {
  const found = eventsOf(frame, 'FaultDiagnosed');
  if (found.length === 0) return [{ block: 'paragraph', statements: [unstated] }];
  return found.flatMap((event): readonly Block[] => [conclusion(frame, event), ...drawnErrors(frame, event)]);
}

/** Errors over time where the log was long enough to be drawn. */
function drawnErrors(frame: Frame, { body: { chart } }: Found): readonly Block[] {
  if (!chart) return [];
  const caption = chartCaption(chart, frame.language);
  return [{ block: 'figure', caption, drawing: errorsOverTime(chart, frame.language) }];
}

function conclusion(frame: Frame, event: Found): Block {
  const { language } = frame;
  const [first, ...rest] = event.body.findings;
  const at = {
    label: say(frame, '诊断时间', 'Diagnosed at'),
    values: [byEvents(time(frame, event.occurred), event)],
  };
  if (first === undefined) {
    return {
      block: 'keyValue',
      rows: [
        at,
        {
          label: say(frame, '结论', 'Finding'),
          values: [byEvents(say(frame, '未匹配到已知故障', 'no known fault'), event)],
        },
        {
          label: say(frame, '特征', 'Signature'),
          values: event.body.signature === '' ? [unstated] : [byEvents(event.body.signature, event)],
        },
      ],
    };
  }
  const lines = first.evidence.slice(0, 12).map((one) => byEvents(`${placeOf(one)} ${one.text}`, event));
  return {
    block: 'keyValue',
    rows: [
      at,
      {
        label: say(frame, '结论', 'Finding'),
        values: [
          byEvents(
            say(
              frame,
              `${first.title.zh}（把握 ${first.confidence.toFixed(2)}，${phaseTitle(first.phase, 'zh')}）`,
              `${first.title.en} (confidence ${first.confidence.toFixed(2)}, ${phaseTitle(first.phase, 'en')})`,
            ),
            event,
          ),
        ],
      },
      {
        label: say(frame, '机理', 'Mechanism'),
        values: first.cause[language] === '' ? [unstated] : [byEvents(first.cause[language], event)],
      },
      { label: say(frame, '日志依据', 'Evidence'), values: lines.length === 0 ? [unstated] : lines },
      ...(rest.length === 0
        ? []
        : [
            {
              label: say(frame, '并存现象', 'Also seen'),
              values: [
                byEvents(
                  rest
                    .map((one) => `${one.title[language]} ${one.confidence.toFixed(2)}`)
                    .join(say(frame, '、', ', ')),
                  event,
                ),
              ],
            },
          ]),
      ...(first.ruledOut.length === 0
        ? []
        : [
            {
              label: say(frame, '已排除', 'Ruled out'),
              values: [
                byEvents(first.ruledOut.map((one) => one[language]).join(say(frame, '；', '; ')), event),
              ],
            },
          ]),
    ],
  };
}

/** Evidence that was saved before anything was restarted, and the logs that were handed in. */
export function captured(frame: Frame): readonly Block[] {
  const saved = eventsOf(frame, 'EvidenceCaptured');
  const logs = eventsOf(frame, 'LogPasted');
  const items: Statement[] = [
    ...saved.map((event) => byEvents(`${time(frame, event.occurred)} ${event.body.what}`, event)),
    ...logs.map((event) =>
      byEvents(
        say(
          frame,
          `${time(frame, event.occurred)} 日志 ${event.body.lines} 行${event.body.name === null ? '' : `（${event.body.name}）`}，SHA-256 ${event.body.sha256}`,
          `${time(frame, event.occurred)} log of ${event.body.lines} lines${event.body.name === null ? '' : ` (${event.body.name})`}, SHA-256 ${event.body.sha256}`,
        ),
        event,
      ),
    ),
  ];
  return [
    items.length === 0
      ? { block: 'paragraph', statements: [unstated] }
      : { block: 'list', ordered: false, items },
  ];
}
