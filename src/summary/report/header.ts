import type { IncidentEvent } from '../../incident/events.ts';
import type { Moment } from '../../incident/plan.ts';
import { ACTION_STATUS, KIND, MOMENT, STATUS } from '../../words/terms.ts';
import { duration } from '../../words/time.ts';
import { type Block, type Statement, unstated } from '../document.ts';
import { course, type Mark } from '../drawing.ts';
import { readableTime } from '../summary-document.ts';
import {
  byEvents,
  byTalk,
  eventsOf,
  type Frame,
  lateMark,
  momentEvent,
  say,
  shortTime,
  statedMoments,
  time,
} from './frame.ts';
import { channelTitle, componentTitle } from './titles.ts';

type Row = { label: string; values: readonly Statement[] };

const known = (text: string | null, event: IncidentEvent | undefined): readonly Statement[] =>
  text === null || text.trim() === '' || event === undefined ? [unstated] : [byEvents(text, event)];

/** Who reported what, about which system, and how it stands. */
export function identity(frame: Frame): Block {
  const { language } = frame;
  const report = eventsOf(frame, 'IncidentReported')[0];
  const body = report?.body;
  const rows: Row[] = [
    { label: say(frame, '事件编号', 'Incident'), values: known(body?.code ?? null, report) },
    { label: say(frame, '类别', 'Kind'), values: known(body ? KIND[body.kind][language] : null, report) },
    { label: say(frame, '事件标题', 'Title'), values: known(body?.title ?? null, report) },
    { label: say(frame, '业务系统', 'System'), values: known(body?.system.name ?? null, report) },
    {
      label: say(frame, '报告单位', 'Reported by (organisation)'),
      values: known(body?.intake.organisation ?? null, report),
    },
    {
      label: say(frame, '报告人及电话', 'Caller and number'),
      values: known(callerOf(body), report),
    },
    {
      label: say(frame, '接报方式', 'Channel'),
      values: known(body ? channelTitle(body.intake.channel, language) : null, report),
    },
    {
      label: say(frame, '服务方式', 'Service'),
      values: known(
        body
          ? body.remoteOnly
            ? say(frame, '远程服务', 'served remotely')
            : say(frame, '现场服务', 'on site')
          : null,
        report,
      ),
    },
    { label: say(frame, '责任划分', 'Accountability'), values: accountability(frame) },
    { label: say(frame, '当前状态', 'State'), values: status(frame) },
  ];
  return { block: 'keyValue', rows };
}

function callerOf(
  body: { intake: { caller: string | null; number: string | null } } | undefined,
): string | null {
  const parts = [body?.intake.caller ?? null, body?.intake.number ?? null].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('，');
}

function accountability(frame: Frame): readonly Statement[] {
  const chosen = eventsOf(frame, 'AccountabilityChosen').at(-1);
  if (chosen === undefined) return [unstated];
  const { accountability: side } = chosen.body;
  const component =
    chosen.body.component === null ? null : componentTitle(chosen.body.component, frame.language);
  const word = side === 'lead' ? say(frame, '主责', 'we lead') : say(frame, '协助', 'we assist');
  return [
    byEvents(
      component === null ? word : say(frame, `${word}（${component}）`, `${word} (${component})`),
      chosen,
    ),
  ];
}

function status(frame: Frame): readonly Statement[] {
  const { incident, language } = frame;
  const last = eventsOf(
    frame,
    'ServiceRestored',
    'IncidentResolved',
    'IncidentClosed',
    'IncidentReopened',
    'IncidentReported',
  ).at(-1);
  const asFalseAlarm = incident.closedAs === 'false-alarm' ? say(frame, '（误报）', ' (false alarm)') : '';
  const merged =
    incident.closedAs === 'merged'
      ? say(frame, `（并入 ${incident.mergedInto ?? ''}）`, ` (merged into ${incident.mergedInto ?? ''})`)
      : '';
  return last === undefined
    ? [unstated]
    : [byEvents(STATUS[incident.status][language] + asFalseAlarm + merged, last)];
}

const MOMENTS: readonly Moment[] = [
  'reported',
  'first-contact',
  'dispatched',
  'on-site',
  'advice-given',
  'restored',
  'resolved',
];

/** When it began and how it went; ends that were taken back or did not last are printed with what became of them. */
export function moments(frame: Frame): Block {
  const rows: Row[] = [{ label: say(frame, '故障发生', 'Began'), values: began(frame) }];
  for (const moment of MOMENTS) {
    const found = statedMoments(frame, moment);
    if (found.length === 0 && moment === 'advice-given' && frame.incident.accountability === 'lead') continue;
    rows.push({
      label: MOMENT[moment][frame.language],
      values:
        found.length === 0
          ? [unstated]
          : found.map(({ event, withdrawn, reopened }) => {
              const remarks = [
                lateMark(frame, event),
                withdrawn ? say(frame, '已撤回', 'withdrawn') : null,
                reopened && !withdrawn ? say(frame, '此后重新打开', 're-opened later') : null,
              ].filter((part) => part !== null);
              return byEvents(
                time(frame, event.occurred) +
                  (remarks.length === 0
                    ? ''
                    : say(frame, `（${remarks.join('；')}）`, ` (${remarks.join('; ')})`)),
                event,
              );
            }),
    });
  }
  rows.push({ label: say(frame, '业务中断历时', 'Outage'), values: outage(frame) });
  return { block: 'keyValue', rows };
}

function began(frame: Frame): readonly Statement[] {
  const report = eventsOf(frame, 'IncidentReported')[0];
  const since = report?.body.intake.since ?? null;
  if (report !== undefined && since !== null && since.trim() !== '') return [byEvents(since, report)];
  const { started } = frame.heard;
  return started === null ? [unstated] : [byTalk(frame, readableTime(started.value), started.cites)];
}

/** From the report to the restored service: the two times that persons confirmed. */
function outage(frame: Frame): readonly Statement[] {
  const report = momentEvent(frame, 'reported');
  const back = momentEvent(frame, 'restored');
  if (report === undefined || back === undefined) return [unstated];
  const took = duration(back.occurred - report.occurred, frame.language);
  return [
    byEvents(say(frame, `${took}（自上报至业务恢复）`, `${took} (report to restoration)`), report, back),
  ];
}

/** The course as one line; null when fewer than two moments are known. */
export function courseFigure(frame: Frame): Block | null {
  const marks: Mark[] = (
    [
      ['reported', 'bad'],
      ['first-contact', 'plain'],
      ['on-site', 'plain'],
      ['cause-stated', 'warn'],
      ['restored', 'good'],
      ['resolved', 'good'],
    ] as const
  ).flatMap(([moment, tone]) => {
    const event = momentEvent(frame, moment);
    return event === undefined ? [] : [{ at: event.occurred, text: MOMENT[moment][frame.language], tone }];
  });
  return marks.length < 2
    ? null
    : {
        block: 'figure',
        caption: say(frame, '事件经过', 'Course of the incident'),
        drawing: course(marks, (at) => shortTime(frame, at)),
      };
}

/** How the work ended: the outcome of each thing that was done, for the customer who reads one page. */
export function outcome(frame: Frame): readonly Statement[] {
  const done = eventsOf(frame, 'ActionCarriedOut').map((event) => {
    const proposed = eventsOf(frame, 'ActionProposed', 'ActionEdited').findLast(
      (one) => one.body.action === event.body.action,
    );
    const title = proposed?.body.content.title ?? event.body.action;
    const note = event.body.note === null ? '' : say(frame, `：${event.body.note}`, `: ${event.body.note}`);
    const word = ACTION_STATUS[event.body.outcome][frame.language];
    return byEvents(
      say(frame, `${title}，${word}${note}。`, `${title}, ${word}${note}.`),
      event,
      ...(proposed === undefined ? [] : [proposed]),
    );
  });
  return done;
}
