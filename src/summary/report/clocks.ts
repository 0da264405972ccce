import type { IncidentEvent } from '../../incident/events.ts';
import type { OrgClock } from '../../incident/org-clocks.ts';
import type { ClockReading, ClockRule } from '../../incident/plan.ts';
import { duration } from '../../words/time.ts';
import { type Block, type Cell, label, type Statement, unstated } from '../document.ts';
import { type Bar, bars } from '../drawing.ts';
import { byEvents, eventsOf, type Frame, lateMark, momentEvent, say, shortTime } from './frame.ts';

interface Shown {
  readonly clock: OrgClock;
  readonly start: IncidentEvent;
  /** What stopped it; null while it runs, or when it no longer matters. */
  readonly stop: IncidentEvent | null;
}

const MINUTE = 60_000;

/** The plan's limits that ran in this incident: kept or not, by how much, gross and net, with the other readings. */
export function clockSection(frame: Frame): readonly Block[] {
  const shown = frame.clocks.flatMap((clock): readonly Shown[] => {
    const rule = frame.plan.clocks.find((one) => one.id === clock.id);
    const reading = rule?.readings.find((one) => one.id === clock.reading);
    if (rule === undefined || reading === undefined || rule.repeats === true) return [];
    const start = momentEvent(frame, startOf(frame, reading));
    const stop = clock.stoppedAt === null ? undefined : momentEvent(frame, rule.stops);
    if (start === undefined || clock.startedAt === null || (clock.stoppedAt !== null && stop === undefined))
      return [];
    return [{ clock, start, stop: stop ?? null }];
  });
  const blocks: Block[] = [];
  if (shown.length === 0) blocks.push({ block: 'paragraph', statements: [unstated] });
  else {
    blocks.push(table(frame, shown));
    blocks.push({
      block: 'figure',
      caption: say(
        frame,
        '时限使用情况（竖线为到时，虚线为另一读法）',
        'Use of the limits (line: due; dashed: the other reading)',
      ),
      drawing: bars(
        shown.map((one) => barOf(frame, one)),
        say(frame, '到时', 'due'),
      ),
    });
  }
  const updates = statusUpdates(frame);
  if (updates !== null) blocks.push(updates);
  blocks.push(...pauses(frame));
  return blocks;
}

function startOf(frame: Frame, reading: ClockReading): ClockReading['starts'] {
  return frame.incident.remoteOnly && reading.startsRemote !== undefined
    ? reading.startsRemote
    : reading.starts;
}

function table(frame: Frame, shown: readonly Shown[]): Block {
  const { language } = frame;
  return {
    block: 'table',
    columns: [
      { title: say(frame, '时限', 'Clock'), share: 0.13 },
      { title: say(frame, '规定', 'Rule'), share: 0.21 },
      { title: say(frame, '起止', 'From, to'), share: 0.18 },
      { title: say(frame, '用时（毛/净）', 'Used (gross/net)'), share: 0.16 },
      { title: say(frame, '结论', 'Result'), share: 0.14 },
      { title: say(frame, '另一读法', 'Other reading'), share: 0.18 },
    ],
    rows: shown.map(({ clock, start, stop }): readonly Cell[] => {
      const behind = stop === null ? [start] : [start, stop];
      const until = stop === null ? say(frame, '未停', 'still running') : shortTime(frame, stop.occurred);
      const ended = clock.status === 'void' ? say(frame, '不再适用', 'no longer applies') : until;
      return [
        label(`${clock.title[language]}（${clock.line}）`),
        label(clock.readingTitle[language]),
        byEvents(
          say(
            frame,
            `${shortTime(frame, start.occurred)} 至 ${ended}`,
            `${shortTime(frame, start.occurred)} to ${ended}`,
          ),
          ...behind,
        ),
        byEvents(`${duration(clock.gross, language)} / ${duration(clock.net, language)}`, ...behind),
        byEvents(verdict(frame, clock), ...behind),
        others(frame, clock, stop, behind),
      ];
    }),
  };
}

/** 达成, 超时 and by how much. What counts is the net time. */
export function verdict(frame: Frame, clock: OrgClock): string {
  const over = duration(Math.abs(clock.net - clock.minutes * MINUTE), frame.language);
  switch (clock.status) {
    case 'met':
      return say(frame, `达成，余 ${over}`, `met, ${over} left`);
    case 'missed':
      return say(frame, `超时 ${over}`, `missed by ${over}`);
    case 'overdue':
      return say(frame, `已超时 ${over}`, `overdue by ${over}`);
    case 'running':
      return say(frame, `计时中，余 ${over}`, `running, ${over} left`);
    case 'paused':
      return say(frame, '暂停中', 'paused');
    case 'waiting':
      return say(frame, '未开始', 'not started');
    case 'void':
      return say(frame, '不再适用', 'no longer applies');
    default: {
      const never: never = clock.status;
      return never;
    }
  }
}

/** The same run judged by the other printed readings, so that nobody has to take our choice of reading on trust. */
function others(
  frame: Frame,
  clock: OrgClock,
  stop: IncidentEvent | null,
  behind: readonly IncidentEvent[],
): Cell {
  if (clock.others.length === 0) return label(say(frame, '无', 'none'));
  const texts = clock.others.map((other) => {
    const title = other.title[frame.language];
    if (other.deadline === null) return say(frame, `${title}：未起算`, `${title}: not started`);
    const at = stop?.occurred ?? frame.now;
    const late = at - other.deadline;
    const word =
      late > 0
        ? say(frame, `超时 ${duration(late, 'zh')}`, `late by ${duration(late, 'en')}`)
        : stop === null
          ? say(frame, `至 ${shortTime(frame, other.deadline)}`, `until ${shortTime(frame, other.deadline)}`)
          : say(frame, '达成', 'met');
    return `${title}${say(frame, '：', ': ')}${word}`;
  });
  return byEvents(texts.join(say(frame, '；', '; ')), ...behind);
}

function barOf(frame: Frame, { clock, start }: Shown): Bar {
  const first = clock.others.find((other) => other.deadline !== null)?.deadline ?? null;
  const late = clock.status === 'missed' || clock.status === 'overdue';
  return {
    name: clock.title[frame.language],
    used: clock.used,
    other: first === null ? null : Math.max(0, (first - start.occurred) / (clock.minutes * MINUTE)),
    note: verdict(frame, clock),
    tone: clock.status === 'void' ? 'muted' : late ? 'warn' : 'good',
  };
}

/** The clock that starts anew with each update is judged by how often it ran out. */
function statusUpdates(frame: Frame): Block | null {
  const rule = frame.plan.clocks.find((one: ClockRule) => one.repeats === true);
  if (rule === undefined) return null;
  const given = eventsOf(frame, 'StatusUpdated');
  const missed = eventsOf(frame, 'ClockBreached').filter((event) => event.body.clock === rule.id);
  const title = rule.title[frame.language];
  const statements: Statement[] = [];
  if (given.length > 0)
    statements.push(
      byEvents(
        say(frame, `${title} ${given.length} 次。`, `${title}: given ${given.length} times.`),
        ...given,
      ),
    );
  if (missed.length > 0) {
    const times = missed.map((event) => shortTime(frame, event.occurred)).join(say(frame, '、', ', '));
    statements.push(
      byEvents(
        say(
          frame,
          `其中超时 ${missed.length} 次（${times}）。`,
          `Overdue ${missed.length} times (${times}).`,
        ),
        ...missed,
      ),
    );
  }
  return statements.length === 0 ? null : { block: 'paragraph', statements };
}

/** Pauses count only once the customer's side has confirmed them; the unconfirmed are shown as such. */
function pauses(frame: Frame): readonly Block[] {
  const asked = eventsOf(frame, 'ClockPaused');
  if (asked.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '暂停记录', 'Pauses') },
    {
      block: 'table',
      columns: [
        { title: say(frame, '时限', 'Clock'), share: 0.2 },
        { title: say(frame, '起', 'From'), share: 0.2 },
        { title: say(frame, '止', 'To'), share: 0.2 },
        { title: say(frame, '原因', 'Reason'), share: 0.22 },
        { title: say(frame, '客户确认', 'Confirmed'), share: 0.18 },
      ],
      rows: asked.map((event) => {
        const later = (type: 'PauseConfirmed' | 'ClockResumed') =>
          eventsOf(frame, type).find(
            (one) => one.position > event.position && one.body.clock === event.body.clock,
          );
        const confirmed = later('PauseConfirmed');
        const resumed = later('ClockResumed');
        const title = frame.plan.clocks.find((one) => one.id === event.body.clock)?.title[frame.language];
        return [
          label(title ?? event.body.clock),
          byEvents(
            shortTime(frame, event.occurred) +
              (lateMark(frame, event) === null ? '' : ` ${lateMark(frame, event)}`),
            event,
          ),
          resumed === undefined ? unstated : byEvents(shortTime(frame, resumed.occurred), resumed),
          byEvents(event.body.reason, event),
          confirmed === undefined ? unstated : byEvents(frame.names(confirmed.by.id), confirmed),
        ];
      }),
    },
  ];
}
