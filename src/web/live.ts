import type { Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Change, WebDeps } from './deps.ts';
import { actContext, panels } from './pages/room.tsx';
import { homePanels } from './pages/rooms.tsx';
import { changedItems, newItems } from './pages/stream.tsx';
import { problem } from './problem.tsx';
import type { Session, Sessions } from './session.ts';
import { readCursor, Stream, writeCursor } from './talk.ts';
import { pageOf, themeOf, type Visit, visitOf, type WebEnv } from './visit.ts';

/** Changes that come together are shown together; a person cannot see the difference. */
const TOGETHER_MS = 60;
/** Proxies cut what is silent; the browser notices a dead line by the missing beat. */
const BEAT_MS = 15_000;
/** Ages and whatever else only time changes are put right this often, in beats. */
const LOOK_EVERY = 4;

/** Pages that stay up to date: each open page is one stream of server-sent events. A fault ends it; the browser comes again. */
export function liveRoutes(app: Hono<WebEnv>, deps: WebDeps, sessions: Sessions): void {
  const open = (c: Context<WebEnv>, show: (out: SSEStreamingApi) => Promise<void>): Response => {
    c.header('X-Accel-Buffering', 'no');
    return streamSSE(c, async (out) => {
      try {
        await (isStale(c) ? reload(out) : show(out));
      } catch (error) {
        // Left to the library, the error's text would be sent to the browser.
        deps.failed(deps.randomId().slice(0, 8), error);
      }
    });
  };

  app.get('/live', (c) => {
    const visit = c.get('visit');
    const theme = themeOf(c);
    return open(c, async (out) => {
      const sent = new Sent(out);
      await follow(
        deps,
        out,
        () => true,
        async () => {
          const fresh = await again(deps, sessions, visit.session, theme);
          if (!fresh) return false;
          await sent.changed(homePanels(await deps.rooms(fresh.reader), fresh), '');
          return true;
        },
      );
    });
  });

  app.get('/i/:id/live', async (c) => {
    const visit = c.get('visit');
    const theme = themeOf(c);
    const room = await deps.room(c.req.param('id'), visit.reader);
    if (room === null) return problem(c, 404, visit.words.unknownRoom);
    const { id } = room.incident;
    const from = readCursor(c.req.header('last-event-id') ?? c.req.query('cursor') ?? '') ?? {};
    return open(c, async (out) => {
      const sent = new Sent(out);
      const stream = new Stream(visit.times.day);
      const all = await deps.talk(id, visit.reader, null);
      stream.add(all.filter((entry) => entry.position <= (from[entry.stream] ?? 0)));
      const concerns = (change: Change) => change.incident === null || change.incident === id;
      await follow(deps, out, concerns, async (here) => {
        const fresh = await again(deps, sessions, visit.session, theme);
        if (!fresh) return false;
        const rooms = await deps.rooms(fresh.reader);
        if (!here) {
          await sent.changed(homePanels(rooms, fresh, id), writeCursor(stream.cursor()));
          return true;
        }
        const now = await deps.room(id, fresh.reader);
        if (now === null) return false;
        const before = stream.size;
        const told = writeCursor(stream.cursor());
        const { changed } = stream.add(await deps.talk(id, fresh.reader, stream.cursor()));
        const cursor = writeCursor(stream.cursor());
        const context = { room: now, visit: fresh, render: actContext(now, fresh) };
        const added = stream.before(stream.size, stream.size - before);
        const isNew = new Set(added.map((item) => item.key));
        const altered = stream.only(new Set([...changed].filter((key) => !isNew.has(key))));
        // A line that breaks between the two must not lose the second: the page has read on only after it.
        if (altered.length > 0)
          await sent.say('changed', changedItems(altered, context), added.length > 0 ? told : cursor);
        if (added.length > 0) await sent.say('said', newItems(added, context), cursor);
        await sent.changed(panels({ room: now, rooms, stream, visit: fresh }), cursor);
        return true;
      });
    });
  });
}

/** Tells the page that it is about nobody any more. */
function reload(out: SSEStreamingApi): Promise<void> {
  return out.writeSSE({ event: 'reload', data: '' });
}

/** True for a page that was made for somebody else, or in another language, than the session is about now. */
function isStale(c: Context<WebEnv>): boolean {
  const as = c.req.query('as');
  return as !== undefined && `as=${encodeURIComponent(as)}` !== pageOf(c.get('visit'));
}

/** Remembers what a page was sent last, so that a page hears only of what looks different. */
class Sent {
  private readonly last = new Map<string, string>();
  private readonly out: SSEStreamingApi;

  constructor(out: SSEStreamingApi) {
    this.out = out;
  }

  async say(event: string, data: string, id: string): Promise<void> {
    await this.out.writeSSE({ event, data, id });
  }

  async changed(parts: Readonly<Record<string, string>>, id: string): Promise<void> {
    for (const [event, data] of Object.entries(parts)) {
      if (this.last.get(event) === data) continue;
      this.last.set(event, data);
      await this.say(event, data, id);
    }
  }
}

/** Who looks, as of now: the session may have ended, or act as somebody else. */
async function again(
  deps: WebDeps,
  sessions: Sessions,
  session: Session,
  theme: Visit['theme'],
): Promise<Visit | null> {
  const current = await sessions.current(session);
  return current?.person === session.person && current.language === session.language
    ? visitOf(deps, current, theme)
    : null;
}

/**
 * Calls `look` once at the start and after changes, never twice at the same time, until the browser leaves or
 * `look` answers false. `here` tells whether a change concerned what the page is about.
 */
async function follow(
  deps: Pick<WebDeps, 'subscribe'>,
  out: SSEStreamingApi,
  concerns: (change: Change) => boolean,
  look: (here: boolean) => Promise<boolean>,
): Promise<void> {
  let waiting = true;
  let beats = 0;
  let here = true;
  let wake: () => void = () => {};
  const unsubscribe = deps.subscribe((change) => {
    waiting = true;
    here ||= concerns(change);
    wake();
  });
  out.onAbort(() => wake());
  try {
    while (!out.aborted && !out.closed) {
      if (waiting) {
        const concerned = here;
        waiting = false;
        here = false;
        if (!(await look(concerned))) {
          await reload(out);
          return;
        }
        await out.sleep(TOGETHER_MS);
        continue;
      }
      const beat = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), BEAT_MS);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
        if (out.aborted) wake();
      });
      if (!beat) continue;
      await out.writeSSE({ event: 'beat', data: '' });
      beats += 1;
      if (beats % LOOK_EVERY === 0) {
        waiting = true;
        here = true;
      }
    }
  } finally {
    unsubscribe();
  }
}
