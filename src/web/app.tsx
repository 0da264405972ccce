import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { asset } from './assets.ts';
import { loginRoutes, memberRoutes } from './auth.tsx';
import type { WebDeps } from './deps.ts';
import { type ReadForm, readForm, tooLarge, UPLOAD_LIMIT, UploadRoom } from './form.ts';
import { guestPace, guestRoutes, isForGuests } from './guests.tsx';
import { liveRoutes } from './live.ts';
import { localPath } from './local-path.ts';
import { monitorRoutes } from './monitor.ts';
import { oidcRoutes } from './oidc/routes.tsx';
import { problem } from './problem.tsx';
import { reportRoutes } from './reports.ts';
import { roomRoutes } from './rooms.tsx';
import { csrfMatches, PAGE_POLICY, sameOrigin, secure } from './security.ts';
import { Sessions, Throttle } from './session.ts';
import { speakRoutes } from './speak.tsx';
import { surveyRoutes } from './survey.tsx';
import { languageOf, roomPath, SESSION_COOKIE, themeOf, visitOf, type WebEnv } from './visit.ts';
import { type Catalogue, words as wordsOf } from './words.ts';

/** Of all uploads that are under way. */
const MOST_UPLOADED = 5 * UPLOAD_LIMIT;

export interface Web {
  /** `env` is what the listening server knows of the connection; attempts to log in are counted by its address. */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** A link that logs one person in, once, within a day; with accounts, the address where one shows one's own. */
  loginLink(base: string): Promise<string>;
}

/** The web room over plain `Request` and `Response`: it listens nowhere and stores nothing by itself. */
export function createWeb(deps: WebDeps): Web {
  const sessions = new Sessions(deps);
  const uploads = new UploadRoom(MOST_UPLOADED);
  const pace = guestPace(deps.now);
  const throttle = new Throttle(deps.now);
  const loginLink = async (base: string): Promise<string> => {
    const link = new URL('/login', base);
    if (deps.oidc !== null) return link.href;
    link.searchParams.set('token', await sessions.issueToken());
    return link.href;
  };
  const app = new Hono<WebEnv>();

  app.use(async (c, next) => {
    secure(c, PAGE_POLICY);
    await next();
  });
  app.onError((error, c) => {
    const number = deps.randomId().slice(0, 8);
    deps.failed(number, error);
    return problem(c, 500, wordsOf(languageOf(c)).broken + number);
  });
  app.notFound((c) => problem(c, 404, wordsOf(languageOf(c)).unknownPage));

  app.get('/assets/:name', (c) => {
    const found = asset(c.req.param('name'));
    if (!found) return c.notFound();
    c.header('Content-Type', found.type);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    return c.body(found.body);
  });
  monitorRoutes(app, deps, sessions);
  reportRoutes(app, deps);
  loginRoutes(app, deps, sessions, throttle);
  if (deps.oidc !== null) oidcRoutes(app, deps, deps.oidc, sessions, throttle);
  surveyRoutes(app, deps, throttle);
  guestRoutes(app, deps, sessions, throttle);

  app.use(async (c, next) => {
    const secret = getCookie(c, SESSION_COOKIE);
    const session = secret === undefined ? null : await sessions.find(secret);
    const visit = session && (await visitOf(deps, session, themeOf(c)));
    if (!visit && session?.guest) {
      await sessions.end(session);
      return problem(c, 401, wordsOf(session.language).guest.ended);
    }
    if (!visit) {
      c.header('Cache-Control', 'no-store');
      if (c.req.header('hx-request') !== undefined) {
        c.header('HX-Redirect', '/login');
        return c.body(null, 401);
      }
      return c.req.method === 'GET' && !c.req.path.endsWith('/live')
        ? c.redirect(loginFor(c), 303)
        : problem(c, 401, wordsOf(languageOf(c)).login);
    }
    c.set('visit', visit);
    c.header('Cache-Control', 'no-store');
    if (visit.guest && c.req.path === '/') return c.redirect(roomPath(visit.guest.code), 303);
    if (visit.guest && !isForGuests(c.req.path)) return problem(c, 404, visit.words.unknownPage);
    await next();
  });

  app.post('*', async (c, next) => {
    const { words, session } = c.get('visit');
    if (!sameOrigin(c, deps.publicUrl)) return problem(c, 403, words.forbidden);
    const wait = session.guest ? pace.tooMany(session.key) : 0;
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return problem(c, 429, words.loginSlow(wait));
    }
    let held = 0;
    try {
      const read = await readForm(c, undefined, (size) => {
        const taken = uploads.take(size);
        if (taken) held += size;
        return taken;
      });
      if (!read.ok) return unread(c, read, words);
      if (!csrfMatches(read.form.get('_csrf'), session.csrf)) return problem(c, 403, words.forbidden);
      c.set('form', read.form);
      await next();
    } finally {
      uploads.give(held);
    }
  });

  memberRoutes(app, deps, sessions, loginLink);
  roomRoutes(app, deps);
  liveRoutes(app, deps, sessions);
  speakRoutes(app, deps);

  return {
    fetch: async (request, env) => app.fetch(request, env ?? {}),
    loginLink,
  };
}

/** Where somebody logs in who asked for a page; the home page needs no mention. */
function loginFor(c: Context<WebEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  const next = localPath(pathname + search);
  return next === null || next === '/' ? '/login' : `/login?${new URLSearchParams({ next }).toString()}`;
}

function unread(c: Context<WebEnv>, read: Extract<ReadForm, { ok: false }>, words: Catalogue) {
  switch (read.why) {
    case 'too-large':
      return problem(c, 413, tooLarge(words, read.size));
    case 'busy':
      c.header('Retry-After', '5');
      return problem(c, 503, words.uploadsBusy);
    case 'malformed':
      return problem(c, 400, words.badFields);
    default: {
      const unknown: never = read;
      throw new Error(`unknown reading ${JSON.stringify(unknown)}`);
    }
  }
}
