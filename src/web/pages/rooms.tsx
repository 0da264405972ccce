import { ButtonRow } from '../../chat/web/render.tsx';
import { severityRank } from '../../incident/plan.ts';
import type { RoomSummary } from '../deps.ts';
import { countdown } from '../time.ts';
import { pageOf, renderContext, roomPath, type Visit } from '../visit.ts';
import { counting, levelOf } from './clocks.tsx';
import { Page } from './layout.tsx';
import { SeverityMark, severityWord } from './severity.tsx';

/** Ended ones last; then the worst severity, where an undecided one counts as red until somebody has looked. */
export function worstFirst(rooms: readonly RoomSummary[]): readonly RoomSummary[] {
  const over = (room: RoomSummary) => room.status === 'resolved' || room.status === 'closed';
  const rank = (room: RoomSummary) =>
    room.severity === null ? severityRank(room.proposed ?? 'red') : severityRank(room.severity);
  const used = (room: RoomSummary) => room.urgent?.used ?? 0;
  return [...rooms].sort(
    (a, b) =>
      Number(over(a)) - Number(over(b)) ||
      Number(a.status === 'restored') - Number(b.status === 'restored') ||
      rank(b) - rank(a) ||
      used(b) - used(a) ||
      b.reportedAt - a.reportedAt,
  );
}

export function RoomList({
  rooms,
  current,
  visit,
}: {
  rooms: readonly RoomSummary[];
  current: string | null;
  visit: Visit;
}) {
  const { words } = visit;
  const ordered = worstFirst(rooms);
  const live = ordered.filter((room) => room.status === 'open' || room.status === 'restored');
  const ended = ordered.filter((room) => room.status === 'resolved' || room.status === 'closed');
  return (
    <>
      {ordered.length === 0 && (
        <div class="nothing">
          <p>{words.noRooms}</p>
          <p class="quiet">{words.noRoomsHint}</p>
        </div>
      )}
      <ul class="rooms">
        {live.map((room) => (
          <RoomRow room={room} current={room.id === current} visit={visit} />
        ))}
      </ul>
      {ended.length > 0 && (
        <details class="fold ended-rooms" id="ended-rooms" open={live.length === 0}>
          <summary>
            {words.ended} {ended.length}
          </summary>
          <ul class="rooms">
            {ended.map((room) => (
              <RoomRow room={room} current={room.id === current} visit={visit} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function RoomRow({ room, current, visit }: { room: RoomSummary; current: boolean; visit: Visit }) {
  const { words, times, now, language } = visit;
  const over = room.status === 'resolved' || room.status === 'closed';
  return (
    <li class={`room sev-${room.severity ?? 'unset'}${over ? ' over' : ''}`}>
      <a href={roomPath(room.code)} data-room aria-current={current ? 'page' : undefined}>
        <span class="room-head">
          <SeverityMark severity={room.severity} />
          <span class="sev-word">{severityWord(words, room.severity, room.proposed)}</span>
          <span class="room-age">
            {over || room.status === 'restored'
              ? words.status[room.status]
              : age(now - room.reportedAt, visit)}
          </span>
        </span>
        <span class="room-title">{room.system ?? room.title}</span>
        {room.system !== null && <span class="room-sub">{room.title}</span>}
        <span class="room-foot">
          {room.urgent !== null && room.urgent.deadline !== null ? (
            <span class={`next level-${levelOf(room.urgent.used)}`} {...counting(room.urgent)}>
              {room.urgent.title[language]}{' '}
              <span class="sign" data-left={words.left} data-over={words.over}>
                {room.urgent.deadline < now ? words.over : words.left}
              </span>{' '}
              <span class="count" data-count>
                {countdown(room.urgent.deadline - now)}
              </span>{' '}
              <time datetime={times.iso(room.urgent.deadline)}>{times.short(room.urgent.deadline)}</time>
            </span>
          ) : (
            <span class="quiet">{over ? times.short(room.reportedAt) : words.noDeadline}</span>
          )}
          {room.openApprovals > 0 && <span class="badge">{words.approvalsOpen(room.openApprovals)}</span>}
          {room.kind !== 'fault' && <span class="badge">{words.kind[room.kind]}</span>}
        </span>
      </a>
    </li>
  );
}

const MINUTE = 60_000;
function age(ms: number, visit: Visit): string {
  return ms < MINUTE ? visit.words.justNow : visit.words.ago(visit.times.span(ms));
}

/** Pages that this reader has not answered: they stand above everything until somebody takes them. */
export function PagesBanner({ rooms, visit }: { rooms: readonly RoomSummary[]; visit: Visit }) {
  const { words, times, now } = visit;
  const pages = rooms.flatMap((room) => room.pages.map((page) => ({ room, page })));
  return (
    <>
      {pages.map(({ room, page }) => (
        <section class="paged-you" aria-label={words.pagedYou} data-paged>
          <strong class="paged-word">
            <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 2a7 7 0 0 0-7 7v5l-2 3.5h18L19 14V9a7 7 0 0 0-7-7zM9.5 19a2.5 2.5 0 0 0 5 0z" />
            </svg>
            {words.pagedYou}
          </strong>
          <span class="paged-what">
            <a href={roomPath(room.code)}>{room.code}</a> {room.system ?? room.title}
            <span class="quiet"> {page.because}</span>
          </span>
          <span class="paged-when" data-deadline={page.acknowledgeBy}>
            <span class="count" data-count>
              {countdown(page.acknowledgeBy - now)}
            </span>{' '}
            {words.answerBy(times.short(page.acknowledgeBy))}
          </span>
          <ButtonRow buttons={page.buttons} context={renderContext(visit, `${roomPath(room.code)}/act`)} />
        </section>
      ))}
    </>
  );
}

export function OpenLine({ visit }: { visit: Visit }) {
  const { words } = visit;
  return (
    <form
      class="open-line"
      method="post"
      action="/say"
      hx-post="/say"
      hx-target="#answers"
      hx-sync="this:drop"
    >
      <input type="hidden" name="_csrf" value={visit.session.csrf} />
      <input
        type="text"
        name="text"
        id="open-line"
        placeholder={words.openLine}
        aria-label={words.openLine}
        autocomplete="off"
      />
      <button type="submit" class="btn primary">
        {words.openSend}
      </button>
    </form>
  );
}

/** What every page keeps up to date, by the name of its event. */
export function homePanels(
  rooms: readonly RoomSummary[],
  visit: Visit,
  current: string | null = null,
): Readonly<Record<'banner' | 'rooms', string>> {
  return {
    banner: String(<PagesBanner rooms={rooms} visit={visit} />),
    rooms: String(<RoomList rooms={rooms} current={current} visit={visit} />),
  };
}

export function HomePage({ rooms, visit }: { rooms: readonly RoomSummary[]; visit: Visit }) {
  const { words } = visit;
  return (
    <Page visit={visit} title={words.rooms} body="at-home">
      <div class="home-frame" hx-ext="sse" sse-connect={`/live?${pageOf(visit)}`}>
        <div id="banner" class="banner" role="alert" sse-swap="banner">
          <PagesBanner rooms={rooms} visit={visit} />
        </div>
        <main id="main" class="home">
          <div class="home-head">
            <h1>{words.rooms}</h1>
            <a class="btn plain" href="/oncall">
              {words.onCall.title}
            </a>
            <a class="btn plain" href="/new" data-new>
              {words.newByPhone} <kbd>n</kbd>
            </a>
          </div>
          <OpenLine visit={visit} />
          <div id="answers" role="status" />
          <nav id="rooms" aria-label={words.rooms} sse-swap="rooms">
            <RoomList rooms={rooms} current={null} visit={visit} />
          </nav>
        </main>
      </div>
    </Page>
  );
}
