import type { ReportKind, ReportView, RoomView, TimelineEntry } from '../deps.ts';
import type { Stream } from '../talk.ts';
import { renderContext, roomPath, type Visit } from '../visit.ts';
import { ClocksPanel } from './clocks.tsx';
import { Page } from './layout.tsx';
import { PostsPanel } from './posts.tsx';
import { Formats } from './reports.tsx';
import { SeverityMark, severityWord } from './severity.tsx';
import { Items } from './stream.tsx';
import { Timeline } from './timeline.tsx';

export function TimelinePage(props: { room: RoomView; entries: readonly TimelineEntry[]; visit: Visit }) {
  const { room, visit } = props;
  const { words } = visit;
  return (
    <Page visit={visit} title={`${words.timeline} ${room.incident.code}`} body="plain">
      <main id="main" class="paper-page">
        <PaperHead room={room} visit={visit} title={words.timeline} />
        <Timeline
          entries={props.entries}
          visit={visit}
          context={renderContext(visit, `${roomPath(room.incident.code)}/act`, true, false)}
        />
      </main>
    </Page>
  );
}

/**
 * The whole incident on paper: facts, clocks, people, timeline, talk; nothing that can be pressed. Paper is handed
 * around, so only what all can read stands on it.
 */
export function PrintPage(props: {
  room: RoomView;
  entries: readonly TimelineEntry[];
  stream: Stream;
  visit: Visit;
}) {
  const { room, entries, stream, visit } = props;
  const { words, times, now } = visit;
  const { incident } = room;
  const render = renderContext(visit, '', false);
  const facts: readonly (readonly [string, string | null])[] = [
    [words.system, incident.system.name],
    [words.intake.what, incident.title],
    [
      words.reporter,
      `${incident.reporter.name} · ${visit.orgNames.get(incident.reporter.org) ?? incident.reporter.org}`,
    ],
    [words.channel, words.channelWord[incident.intake.channel]],
    [words.intake.caller, incident.intake.caller],
    [words.intake.number, incident.intake.number],
    [words.intake.organisation, incident.intake.organisation],
    [words.intake.since, incident.intake.since],
  ];
  return (
    <Page visit={visit} title={incident.code} body="plain printable">
      <main id="main" class="paper-page">
        <PaperHead room={room} visit={visit} title={incident.title} />
        <p class="no-print">
          <button type="button" class="btn primary" data-print>
            {words.print}
          </button>
        </p>
        <h2>{words.header}</h2>
        <dl class="fields facts">
          {facts.map(
            ([label, value]) =>
              value !== null && (
                <div>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        <section class="paper-clocks">
          <ClocksPanel clocks={room.clocks} visit={visit} unfolded={true} />
        </section>
        <section>
          <PostsPanel posts={room.posts} visit={visit} context={render} />
        </section>
        <h2>{words.timeline}</h2>
        <Timeline entries={entries} visit={visit} />
        <h2>{words.stream}</h2>
        <div class="paper-talk">
          <Items
            items={stream.last(stream.size).filter((item) => item.stream === 'joint')}
            context={{ room, visit, render }}
          />
        </div>
        <p class="quiet">{words.printedAt(times.full(now))}</p>
      </main>
    </Page>
  );
}

export function ReportPage(props: { room: RoomView; report: ReportView; kind: ReportKind; visit: Visit }) {
  const { room, report, kind, visit } = props;
  const path = `${roomPath(room.incident.code)}/report/${kind}`;
  return (
    <Page visit={visit} title={`${report.title} ${room.incident.code}`} body="report-page">
      <main id="main" class="report-frame">
        <div class="report-bar">
          <a href={roomPath(room.incident.code)}>← {room.incident.code}</a>
          <h1>{report.title}</h1>
          <span class={report.openFacts.length === 0 ? 'good' : 'warn'}>
            {visit.words.openFacts(report.openFacts.length)}
          </span>
          <span class="formats">
            <Formats path={path} visit={visit} />
          </span>
        </div>
        <iframe src={`${path}/html?show=1`} title={report.title} />
      </main>
    </Page>
  );
}

function PaperHead({ room, visit, title }: { room: RoomView; visit: Visit; title: string }) {
  const { words } = visit;
  const { incident } = room;
  return (
    <header class={`paper-head sev-${incident.severity ?? 'unset'}`}>
      <p class="no-print">
        <a href={roomPath(incident.code)}>← {incident.code}</a>
      </p>
      <h1>{title}</h1>
      <p class="paper-meta">
        <SeverityMark severity={incident.severity} />
        <strong>{severityWord(words, incident.severity, incident.proposed?.severity ?? null)}</strong>
        <span>{incident.code}</span>
        <span>{incident.system.name ?? ''}</span>
        <span>{words.status[incident.status]}</span>
      </p>
    </header>
  );
}
