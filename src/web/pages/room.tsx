import { MessageView, type RenderContext } from '../../chat/web/render.tsx';
import { mostUrgent } from '../../incident/clocks.ts';
import type { RoomSummary, RoomView } from '../deps.ts';
import type { Stream } from '../talk.ts';
import { pageOf, renderContext, roomPath, type Visit } from '../visit.ts';
import { ApprovalsPanel } from './approvals.tsx';
import { Bar, ClocksPanel, counting, Digits, levelOf } from './clocks.tsx';
import { Composer, NextActions } from './composer.tsx';
import { DiagnosisPanel } from './diagnosis.tsx';
import { Page } from './layout.tsx';
import { PostsPanel } from './posts.tsx';
import { ReportsPanel } from './reports.tsx';
import { homePanels, PagesBanner, RoomList } from './rooms.tsx';
import { SeverityMark, severityWord } from './severity.tsx';
import { Items } from './stream.tsx';

/** How many messages a page begins with; earlier ones are fetched on request. */
export const SHOWN = 80;

export interface RoomPageProps {
  readonly room: RoomView;
  readonly rooms: readonly RoomSummary[];
  readonly stream: Stream;
  readonly visit: Visit;
}

/** The parts of the page that are sent anew when they look different, by the name of their event. */
export function panels({ room, rooms, stream, visit }: RoomPageProps): Readonly<Record<string, string>> {
  const render = actContext(room, visit);
  return {
    ...homePanels(rooms, visit, room.incident.id),
    status: String(<Status room={room} stream={stream} visit={visit} render={render} />),
    next: String(<NextActions next={room.next} context={render} visit={visit} />),
    clocks: String(<ClocksPanel clocks={room.clocks} visit={visit} />),
    approvals: String(<ApprovalsPanel room={room} visit={visit} context={render} />),
    diagnosis: String(<DiagnosisPanel room={room} visit={visit} />),
    people: String(<PostsPanel posts={room.posts} visit={visit} context={render} />),
    reports: String(<ReportsPanel room={room} visit={visit} context={render} />),
  };
}

export function actContext(room: RoomView, visit: Visit): RenderContext {
  return renderContext(visit, `${roomPath(room.incident.code)}/act`);
}

export function RoomPage(props: RoomPageProps & { readonly cursor: string }) {
  const { room, rooms, stream, visit } = props;
  const { words } = visit;
  const { incident } = room;
  const path = roomPath(incident.code);
  const render = actContext(room, visit);
  const items = stream.last(SHOWN);
  const earlier = stream.size - items.length;
  const title = `${incident.severity === null ? words.unset : words.severity[incident.severity]} ${incident.code} ${incident.system.name ?? incident.title}`;
  return (
    <Page visit={visit} title={title} body="in-room">
      <div
        class={visit.guest === null ? 'room-frame' : 'room-frame alone'}
        hx-ext="sse"
        sse-connect={`${path}/live?${pageOf(visit)}&cursor=${props.cursor}`}
      >
        <div id="banner" class="banner" role="alert" sse-swap="banner">
          <PagesBanner rooms={rooms} visit={visit} />
        </div>
        <div id="status" class="status-slot" sse-swap="status">
          <Status room={room} stream={stream} visit={visit} render={render} />
        </div>
        <nav class="tabs" aria-label={words.views} data-no-script-hidden>
          {(
            [
              ...(visit.guest === null ? ([['list', words.list]] as const) : []),
              ['talk', words.stream],
              ['side', words.side],
            ] as const
          ).map(([tab, label]) => (
            <button type="button" data-tab={tab} aria-pressed={tab === 'talk' ? 'true' : 'false'}>
              {label}
            </button>
          ))}
        </nav>
        {visit.guest === null && (
          <nav class="column list" aria-label={words.rooms}>
            <div class="list-head">
              <h2>{words.rooms}</h2>
              <a href="/new" class="mini" data-new>
                ＋ {words.newIncident}
              </a>
            </div>
            <div id="rooms" sse-swap="rooms">
              <RoomList rooms={rooms} current={incident.id} visit={visit} />
            </div>
          </nav>
        )}
        <main id="main" class="column talk" data-drop={words.dropHere}>
          <section class="scroll" id="scroll" aria-label={words.stream}>
            {earlier > 0 && <Earlier path={path} count={earlier} visit={visit} />}
            <div id="messages" role="log" aria-live="polite" sse-swap="said" hx-swap="beforeend">
              {stream.size === 0 && <p class="nothing quiet">{words.emptyStream}</p>}
              <Items items={items} context={{ room, visit, render }} />
            </div>
            <div sse-swap="changed" hx-swap="none" id="changes" hidden />
          </section>
          <button type="button" class="new-below" id="new-below" hidden>
            {words.newBelow}
          </button>
          <div class="foot">
            <div id="answers" role="status" />
            <div id="next" class="next-actions" sse-swap="next">
              <NextActions next={room.next} context={render} visit={visit} />
            </div>
            <Composer room={room} visit={visit} />
          </div>
        </main>
        <aside class="column side" aria-label={words.side}>
          <section id="clocks" aria-labelledby="clocks-title" sse-swap="clocks">
            <ClocksPanel clocks={room.clocks} visit={visit} />
          </section>
          <section id="approvals" aria-labelledby="approvals-title" sse-swap="approvals">
            <ApprovalsPanel room={room} visit={visit} context={render} />
          </section>
          <section id="diagnosis" aria-labelledby="diagnosis-title" sse-swap="diagnosis">
            <DiagnosisPanel room={room} visit={visit} />
          </section>
          <section id="people" aria-labelledby="people-title" sse-swap="people">
            <PostsPanel posts={room.posts} visit={visit} context={render} />
          </section>
          <section id="reports" aria-labelledby="reports-title" sse-swap="reports">
            <ReportsPanel room={room} visit={visit} context={render} />
          </section>
          <section>
            <details
              class="fold"
              id="timeline-fold"
              hx-get={`${path}/timeline?part=1`}
              hx-trigger="toggle"
              hx-target="find .timeline-slot"
            >
              <summary>{words.timeline}</summary>
              <div class="timeline-slot" />
            </details>
          </section>
          <section class="links">
            <a href={`${path}/timeline`} data-timeline>
              {words.timeline} <kbd>l</kbd>
            </a>
            <a href={`${path}/print`}>{words.print}</a>
          </section>
        </aside>
      </div>
    </Page>
  );
}

export function Earlier(props: { path: string; count: number; visit: Visit }) {
  return (
    <p class="earlier">
      <a
        class="mini"
        href={`${props.path}/print`}
        hx-get={`${props.path}/earlier?before=${props.count}`}
        hx-target="closest p"
        hx-swap="outerHTML"
      >
        {props.visit.words.earlier(props.count)}
      </a>
    </p>
  );
}

function Status(props: { room: RoomView; stream: Stream; visit: Visit; render: RenderContext }) {
  const { room, stream, visit, render } = props;
  const { words, times, now, language } = visit;
  const { incident } = room;
  const urgent = incident.status === 'closed' ? null : mostUrgent(room.clocks);
  const reported = incident.moments.reported?.at ?? null;
  const proposed = incident.severity === null ? (incident.proposed?.severity ?? null) : null;
  return (
    <section
      class={`status sev-${incident.severity ?? 'unset'} is-${incident.status}`}
      aria-label={words.side}
    >
      <p class="status-sev">
        <SeverityMark severity={incident.severity} />
        <span class="sev-word">
          {incident.severity === null ? words.unset : words.severity[incident.severity]}
        </span>
        {incident.status !== 'open' && <span class="sev-state">{words.status[incident.status]}</span>}
        {proposed !== null && (
          <span class="sev-proposed">{severityWord(words, null, proposed).split(' · ')[1]}</span>
        )}
      </p>
      <div class="status-main">
        <h1>{incident.system.name ?? incident.title}</h1>
        {incident.system.name !== null && <p class="status-title">{incident.title}</p>}
        <p class="status-meta">
          <span class="code-word">{incident.code}</span>
          <span class={`state-word ${incident.status}`}>{words.status[incident.status]}</span>
          {incident.kind !== 'fault' && <span>{words.kind[incident.kind]}</span>}
          {reported !== null && (
            <span>
              {words.since} <time datetime={times.iso(reported)}>{times.short(reported)}</time>
              {words.ageBeside(times.span(now - reported))}
            </span>
          )}
        </p>
      </div>
      {urgent !== null && urgent.deadline !== null && (
        <div class={`status-clock level-${levelOf(urgent.used)}`} {...counting(urgent)}>
          <p class="clock-name">
            {urgent.title[language]}{' '}
            <time datetime={times.iso(urgent.deadline)}>{words.before(times.short(urgent.deadline))}</time>
          </p>
          <Digits left={urgent.deadline - now} visit={visit} paused={false} />
          <Bar used={urgent.used} />
        </div>
      )}
      {stream.pinned !== null && (
        <details class="pinned fold" id="pinned">
          <summary>{words.side}</summary>
          <MessageView message={stream.pinned} context={render} />
        </details>
      )}
    </section>
  );
}
