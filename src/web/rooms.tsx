import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { chartSvg } from '../chart/svg.ts';
import {
  type NotWritten,
  REPORT_FORMATS,
  REPORTS,
  type ReportFile,
  type ReportFormat,
  type RoomView,
  type StoredFile,
  type WebDeps,
} from './deps.ts';
import { PrintPage, ReportPage, TimelinePage } from './pages/incident.tsx';
import { IntakePage } from './pages/intake.tsx';
import { OnCallPage } from './pages/oncall.tsx';
import { actContext, Earlier, RoomPage, SHOWN } from './pages/room.tsx';
import { HomePage } from './pages/rooms.tsx';
import { Items } from './pages/stream.tsx';
import { Timeline } from './pages/timeline.tsx';
import { pictureType } from './picture.ts';
import { problem } from './problem.tsx';
import { FILE_POLICY, REPORT_POLICY, secure } from './security.ts';
import { Stream, writeCursor } from './talk.ts';
import { roomPath, type Visit, type WebEnv } from './visit.ts';

type In = Context<WebEnv>;
const reportKind = z.enum(REPORTS);
const reportFormat = z.enum(REPORT_FORMATS);
const DIGEST = /^[0-9a-f]{64}$/;
const wholeNumber = z.coerce.number().int().min(0);

/** The pages: everything that is looked at and changes nothing. */
export function roomRoutes(app: Hono<WebEnv>, deps: WebDeps): void {
  const inRoom =
    (show: (c: In, room: RoomView, visit: Visit) => Promise<Response>) =>
    async (c: In): Promise<Response> => {
      const visit = c.get('visit');
      const room = await deps.room(c.req.param('id') ?? '', visit.reader);
      return room === null ? problem(c, 404, visit.words.unknownRoom) : show(c, room, visit);
    };
  const streamOf = async (room: RoomView, visit: Visit): Promise<Stream> => {
    const stream = new Stream(visit.times.day);
    stream.add(await deps.talk(room.incident.id, visit.reader, null));
    return stream;
  };

  app.get('/', async (c) => {
    const visit = c.get('visit');
    return c.html(<HomePage rooms={await deps.rooms(visit.reader)} visit={visit} />);
  });
  app.get('/oncall', async (c) => {
    const visit = c.get('visit');
    return c.html(<OnCallPage onCall={await deps.onCall(visit.reader)} visit={visit} />);
  });
  app.get('/new', async (c) => {
    const visit = c.get('visit');
    return c.html(<IntakePage visit={visit} systems={await deps.systems(visit.reader)} />);
  });

  app.get(
    '/i/:id',
    inRoom(async (c, room, visit) => {
      const [stream, rooms] = await Promise.all([streamOf(room, visit), deps.rooms(visit.reader)]);
      const cursor = writeCursor(stream.cursor());
      return c.html(<RoomPage room={room} rooms={rooms} stream={stream} visit={visit} cursor={cursor} />);
    }),
  );
  app.get(
    '/i/:id/earlier',
    inRoom(async (c, room, visit) => {
      const before = wholeNumber.safeParse(c.req.query('before'));
      if (!before.success) return problem(c, 400, visit.words.badFields);
      const stream = await streamOf(room, visit);
      const items = stream.before(before.data, SHOWN);
      const left = Math.max(0, Math.min(before.data, stream.size) - items.length);
      return c.html(
        <>
          {left > 0 && <Earlier path={roomPath(room.incident.code)} count={left} visit={visit} />}
          <Items items={items} context={{ room, visit, render: actContext(room, visit) }} />
        </>,
      );
    }),
  );
  app.get(
    '/i/:id/timeline',
    inRoom(async (c, room, visit) => {
      const entries = await deps.timeline(room.incident.id, visit.reader);
      if (c.req.query('part') === '1') return c.html(<Timeline entries={entries} visit={visit} />);
      return c.html(<TimelinePage room={room} entries={entries} visit={visit} />);
    }),
  );
  app.get(
    '/i/:id/print',
    inRoom(async (c, room, visit) => {
      const [entries, stream] = await Promise.all([
        deps.timeline(room.incident.id, visit.reader),
        streamOf(room, visit),
      ]);
      return c.html(<PrintPage room={room} entries={entries} stream={stream} visit={visit} />);
    }),
  );
  app.get(
    '/i/:id/chart/:name',
    inRoom(async (c, room, visit) => {
      const excerpt = (c.req.param('name') ?? '').replace(/\.svg$/, '');
      const chart = await deps.chart(room.incident.id, excerpt, visit.reader);
      if (chart === null) return problem(c, 404, visit.words.unknownPage);
      secure(c, REPORT_POLICY);
      c.header('Content-Type', 'image/svg+xml; charset=utf-8');
      return c.body(chartSvg(chart, visit.language, visit.theme ?? undefined));
    }),
  );
  app.get(
    '/i/:id/files/:sha256',
    inRoom(async (c, room, visit) => {
      const sha256 = c.req.param('sha256') ?? '';
      const file = DIGEST.test(sha256) ? await deps.file(room.incident.id, sha256, visit.reader) : null;
      return file === null ? problem(c, 404, visit.words.unknownPage) : handOut(c, file);
    }),
  );
  app.get(
    '/i/:id/report/:kind',
    inRoom(async (c, room, visit) => {
      const kind = reportKind.safeParse(c.req.param('kind'));
      const report = room.reports.find((one) => one.report === kind.data);
      if (!kind.success || !report) return problem(c, 404, visit.words.unknownPage);
      return c.html(<ReportPage room={room} report={report} kind={kind.data} visit={visit} />);
    }),
  );
  app.get(
    '/i/:id/report/:kind/:format',
    inRoom(async (c, room, visit) => {
      const kind = reportKind.safeParse(c.req.param('kind'));
      const format = reportFormat.safeParse(c.req.param('format'));
      if (!kind.success || !format.success) return problem(c, 404, visit.words.unknownPage);
      const file = await deps.report(room.incident.id, kind.data, format.data, visit.reader);
      return download(c, file, format.data, visit);
    }),
  );
  app.get(
    '/i/:id/document/:kind/:version/:format',
    inRoom(async (c, room, visit) => {
      const kind = reportKind.safeParse(c.req.param('kind'));
      const version = wholeNumber.safeParse(c.req.param('version'));
      const format = reportFormat.safeParse(c.req.param('format'));
      if (!kind.success || !version.success || !format.success)
        return problem(c, 404, visit.words.unknownPage);
      const file = await deps.version(room.incident.id, kind.data, version.data, format.data, visit.reader);
      return download(c, file, format.data, visit);
    }),
  );
}

function download(
  c: In,
  file: ReportFile | NotWritten | null,
  format: ReportFormat,
  visit: Visit,
): Response | Promise<Response> {
  if (file === null) return problem(c, 404, visit.words.notReady);
  if (file === 'not-written') return problem(c, 500, visit.words.notWritten);
  secure(c, REPORT_POLICY);
  const shown = format === 'html' && c.req.query('show') === '1';
  c.header('Content-Type', file.contentType);
  c.header('Content-Disposition', disposition(shown ? 'inline' : 'attachment', file.filename));
  return c.body(typeof file.body === 'string' ? file.body : new Uint8Array(file.body));
}

/**
 * What somebody dropped may be anything, also a page that runs something: it is saved, not shown. Only pictures
 * whose own first bytes say so are shown in the room.
 */
function handOut(c: In, file: StoredFile): Response {
  secure(c, FILE_POLICY);
  const picture = pictureType(file.bytes);
  c.header('Content-Type', picture ?? 'application/octet-stream');
  c.header('Content-Disposition', disposition(picture === null ? 'attachment' : 'inline', file.name));
  return c.body(new Uint8Array(file.bytes));
}

/** RFC 6266: a plain name for old clients, the Chinese one beside it. */
function disposition(how: 'inline' | 'attachment', name: string): string {
  // Half a character cannot be encoded, and what is no letter ends no header.
  const filename = name.replace(/[\p{Cc}\p{Cs}]/gu, '_');
  const plain = filename.replace(/[^A-Za-z0-9._-]/g, '_');
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
