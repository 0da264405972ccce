import { BOT, type IncidentEvent } from '../../incident/events.ts';
import type { OrgClock } from '../../incident/org-clocks.ts';
import { duration } from '../../words/time.ts';
import { type Block, type Cell, label, unstated } from '../document.ts';
import { clockSection, verdict } from './clocks.ts';
import { byEvents, byTalk, eventsOf, type Frame, type Recorded, say, shortTime } from './frame.ts';
import { sentenceOf } from './sentence.ts';
import { postTitle } from './titles.ts';

/** Calls to the organisation's people, by name, for a post of theirs, or up their ladder. */
function callsTo(frame: Frame): readonly Recorded<'PersonPaged'>[] {
  const { organisation, incident } = frame;
  const people = new Set(
    incident.participants.filter((one) => one.org === organisation).map((one) => one.person),
  );
  return eventsOf(frame, 'PersonPaged').filter(
    ({ body }) => body.org === organisation || (body.org === undefined && people.has(body.person)),
  );
}

/** What the organisation was asked for, whom that called, and who answered when. */
export function requests(frame: Frame): Block {
  const asked = eventsOf(frame, 'PostNeeded').filter(({ body }) => body.org === frame.organisation);
  const rows = [
    ...asked.map((event) => ({ event, cells: askedRow(frame, event) })),
    ...callsTo(frame).map((event) => ({ event, cells: callRow(frame, event) })),
  ].sort((a, b) => a.event.occurred - b.event.occurred || a.event.position - b.event.position);
  if (rows.length === 0) return { block: 'paragraph', statements: [unstated] };
  return {
    block: 'table',
    columns: [
      { title: say(frame, '时间', 'Time'), share: 0.16 },
      { title: say(frame, '请求', 'Request'), share: 0.44 },
      { title: say(frame, '应答', 'Answer'), share: 0.4 },
    ],
    rows: rows.map(({ cells }) => cells),
  };
}

function askedRow(frame: Frame, event: Recorded<'PostNeeded'>): readonly Cell[] {
  const { post, reason } = event.body;
  const who = frame.names(event.by.id);
  const title = postTitle(frame, post);
  return [
    byEvents(shortTime(frame, event.occurred), event),
    byEvents(
      say(
        frame,
        `${who} 需要${title}${reason === null ? '' : `：${reason}`}`,
        `${who} asked for ${title}${reason === null ? '' : `: ${reason}`}`,
      ),
      event,
    ),
    label(''),
  ];
}

function callRow(frame: Frame, event: Recorded<'PersonPaged'>): readonly Cell[] {
  const { page, person, attempt } = event.body;
  const reply = eventsOf(frame, 'PageAcknowledged', 'PageDeclined', 'PageTimedOut', 'PageWithdrawn').find(
    (one) => one.body.page === page,
  );
  const name = frame.names(person);
  return [
    byEvents(shortTime(frame, event.occurred), event),
    byEvents(say(frame, `呼叫 ${name}，第 ${attempt} 次`, `${name} was called, attempt ${attempt}`), event),
    reply === undefined
      ? unstated
      : byEvents(
          `${shortTime(frame, reply.occurred)} ${sentenceOf(reply, frame).text}（${duration(reply.occurred - event.occurred, frame.language)}）`,
          event,
          reply,
        ),
  ];
}

/** The organisation's clocks as its own events ran them; the customer and we have those of the plan. */
export function ownClocks(frame: Frame): Block {
  const own = frame.clocks.filter((one) => one.key.startsWith(`${frame.organisation ?? ''}:`));
  if (own.length === 0) return clockSection(frame)[0] ?? { block: 'paragraph', statements: [unstated] };
  const rows = own.flatMap((clock): readonly (readonly Cell[])[] => {
    const behind = behindOf(frame, clock);
    return behind.length === 0 ? [] : [clockRow(frame, clock, behind)];
  });
  if (rows.length === 0) return { block: 'paragraph', statements: [unstated] };
  return {
    block: 'table',
    columns: [
      { title: say(frame, '时限', 'Clock'), share: 0.24 },
      { title: say(frame, '规定', 'Rule'), share: 0.28 },
      { title: say(frame, '起止', 'From, to'), share: 0.26 },
      { title: say(frame, '结论', 'Result'), share: 0.22 },
    ],
    rows,
  };
}

function clockRow(frame: Frame, clock: OrgClock, behind: readonly IncidentEvent[]): readonly Cell[] {
  const from = clock.startedAt === null ? '' : shortTime(frame, clock.startedAt);
  const to =
    clock.stoppedAt === null ? say(frame, '未停', 'still running') : shortTime(frame, clock.stoppedAt);
  const line = clock.line === '-' ? '' : `（${clock.line}）`;
  return [
    label(`${clock.title[frame.language]}${line}`),
    label(clock.readingTitle[frame.language]),
    byEvents(say(frame, `${from} 至 ${to}`, `${from} to ${to}`), ...behind),
    byEvents(verdict(frame, clock), ...behind),
  ];
}

/** What started and stopped it: what the organisation was asked, and what its people did then. */
function behindOf(frame: Frame, clock: OrgClock): readonly IncidentEvent[] {
  const at = (moment: number | null): IncidentEvent | undefined =>
    moment === null
      ? undefined
      : frame.events.find((event) => event.occurred === moment && concerns(frame, event));
  const start = at(clock.startedAt);
  const stop = at(clock.stoppedAt);
  if (start === undefined || (clock.stoppedAt !== null && stop === undefined)) return [];
  return stop === undefined ? [start] : [start, stop];
}

function concerns(frame: Frame, event: IncidentEvent): boolean {
  const { body, by } = event;
  if (by.org === frame.organisation) return true;
  switch (body.type) {
    case 'PostNeeded':
    case 'PersonPaged':
    case 'OrganisationInvited':
      return body.org === frame.organisation;
    case 'PersonDispatched':
      return body.org === frame.organisation;
    case 'CauseStated':
    case 'ServiceRestored':
    case 'IncidentResolved':
      return true;
    default:
      return false;
  }
}

/** What its people did, in their own order; the rest of the course stands in the joint report. */
export function deeds(frame: Frame): Block {
  const done = frame.events.filter(
    (event) =>
      event.by.org === frame.organisation && event.by.id !== BOT.id && sentenceOf(event, frame).onTimeline,
  );
  if (done.length === 0) return { block: 'paragraph', statements: [unstated] };
  return {
    block: 'list',
    ordered: true,
    items: done.map((event) =>
      byEvents(
        `${shortTime(frame, event.occurred)} ${frame.names(event.by.id)}${say(frame, '：', ': ')}${sentenceOf(event, frame).text}`,
        event,
      ),
    ),
  };
}

/** What its people said among themselves; no other report holds a word of it. */
export function ownNotes(frame: Frame): Block {
  const notes = frame.lines.flatMap((line, index) => (line.own === true ? [{ line, index }] : []));
  if (notes.length === 0) return { block: 'paragraph', statements: [unstated] };
  return {
    block: 'list',
    ordered: false,
    items: notes.map(({ line, index }) =>
      byTalk(frame, `${shortTime(frame, line.at)} ${line.author}${say(frame, '：', ': ')}${line.text}`, [
        index,
      ]),
    ),
  };
}
