import type { Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { WebDeps } from './deps.ts';
import { field, readForm } from './form.ts';
import { IdentityPage, InvitePage, LoginPage, WhoPage } from './pages/login.tsx';
import { problem } from './problem.tsx';
import { sameOrigin } from './security.ts';
import { SESSION_SECONDS, type Sessions, type Throttle } from './session.ts';
import { addressOf, languageOf, SESSION_COOKIE, themeOf, type WebEnv } from './visit.ts';
import { words as wordsOf } from './words.ts';

/** What is open to everybody: spending a login token. */
export function loginRoutes(app: Hono<WebEnv>, deps: WebDeps, sessions: Sessions, throttle: Throttle): void {
  app.get('/login', async (c) => {
    const language = languageOf(c);
    const words = wordsOf(language);
    const theme = themeOf(c);
    c.header('Cache-Control', 'no-store');
    const token = c.req.query('token');
    if (token === undefined) return c.html(<LoginPage language={language} theme={theme} problem={null} />);
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(<LoginPage language={language} theme={theme} problem={words.loginSlow(wait)} />, 429);
    }
    // Looking does not spend the token: a link preview must not use it up before its owner does.
    const login = await sessions.loginOf(token);
    if (!login) {
      throttle.failed(addressOf(c));
      return c.html(<LoginPage language={language} theme={theme} problem={words.loginBad} />, 403);
    }
    const all = await deps.people(language);
    const people = login.person === undefined ? all : all.filter((one) => one.id === login.person);
    return c.html(
      <WhoPage
        language={language}
        theme={theme}
        token={token}
        people={people}
        switchable={deps.switchable}
      />,
    );
  });

  app.post('/login', async (c) => {
    const words = wordsOf(languageOf(c));
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return problem(c, 429, words.loginSlow(wait));
    }
    if (!sameOrigin(c, deps.publicUrl)) return problem(c, 403, words.forbidden);
    const read = await readForm(c);
    if (!read.ok) return problem(c, 400, words.badFields);
    const language = field(read.form, 'language') === 'en' ? 'en' : 'zh';
    const person = field(read.form, 'person') ?? '';
    const known = (await deps.people(language)).some((one) => one.id === person);
    if (!known) return problem(c, 400, words.badFields);
    const token = field(read.form, 'token') ?? '';
    const path = (await sessions.loginOf(token))?.path ?? '/';
    const secret = await sessions.redeem(token, person, language);
    if (secret === null) {
      throttle.failed(addressOf(c));
      return problem(c, 403, words.loginBad);
    }
    setCookie(c, SESSION_COOKIE, secret, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: SESSION_SECONDS,
      secure: new URL(deps.publicUrl ?? c.req.url).protocol === 'https:',
    });
    return c.redirect(path.startsWith('//') ? '/' : path, 303);
  });
}

/** What somebody who is logged in may change about the session. */
export function memberRoutes(
  app: Hono<WebEnv>,
  deps: WebDeps,
  sessions: Sessions,
  loginLink: (base: string) => Promise<string>,
): void {
  app.get('/identity', async (c) => {
    const visit = c.get('visit');
    return c.html(<IdentityPage visit={visit} people={await deps.people(visit.language)} />);
  });
  app.post('/identity', async (c) => {
    const { session, words, language } = c.get('visit');
    const person = field(c.get('form'), 'person') ?? '';
    const known = (await deps.people(language)).some((one) => one.id === person);
    if (!deps.switchable || !known) return problem(c, 403, words.forbidden);
    await sessions.actAs(session, person);
    return c.redirect('/', 303);
  });
  app.post('/language', async (c) => {
    const { session } = c.get('visit');
    await sessions.save({ ...session, language: session.language === 'zh' ? 'en' : 'zh' });
    return c.redirect(backFrom(c), 303);
  });
  app.post('/logout', async (c) => {
    await sessions.end(c.get('visit').session);
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.redirect('/login', 303);
  });
  app.post('/invite', async (c) => {
    const base = deps.publicUrl ?? new URL(c.req.url).origin;
    return c.html(<InvitePage visit={c.get('visit')} link={await loginLink(base)} />);
  });
}

/** The page the request came from, as a path of this server and nothing else. */
function backFrom(c: Context<WebEnv>): string {
  const referer = c.req.header('referer');
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return pathname.startsWith('//') ? '/' : pathname + search;
}
