import type { Context, Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import type { WebDeps } from './deps.ts';
import { field, readForm, SMALL_FORM } from './form.ts';
import { localPath } from './local-path.ts';
import { GoodbyePage, IdentityPage, InvitePage, LoginPage, WhoPage } from './pages/login.tsx';
import { problem } from './problem.tsx';
import { sameOrigin } from './security.ts';
import type { Sessions, Throttle } from './session.ts';
import { addressOf, enter, isSecure, languageOf, SESSION_COOKIE, themeOf, type WebEnv } from './visit.ts';
import { words as wordsOf } from './words.ts';

/** What is open to everybody: spending a login token. */
export function loginRoutes(app: Hono<WebEnv>, deps: WebDeps, sessions: Sessions, throttle: Throttle): void {
  app.get('/login', async (c) => {
    const language = languageOf(c);
    const words = wordsOf(language);
    const theme = themeOf(c);
    const next = localPath(c.req.query('next')) ?? '/';
    const account = deps.oidc !== null;
    c.header('Cache-Control', 'no-store');
    const token = c.req.query('token');
    const login = (sentence: string | null) => (
      <LoginPage language={language} theme={theme} problem={sentence} next={next} account={account} />
    );
    if (token === undefined) return c.html(login(null));
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(login(words.loginSlow(wait)), 429);
    }
    // Looking does not spend the token: a link preview must not use it up before its owner does.
    const found = await sessions.loginOf(token);
    if (!found) {
      throttle.failed(addressOf(c));
      return c.html(login(account ? words.oidc.linkBad : words.loginBad), 403);
    }
    const all = await deps.people(language);
    const people = found.person === undefined ? all : all.filter((one) => one.id === found.person);
    return c.html(
      <WhoPage
        language={language}
        theme={theme}
        token={token}
        people={people}
        switchable={deps.switchable}
        next={next}
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
    const read = await readForm(c, SMALL_FORM);
    if (!read.ok) return problem(c, 400, words.badFields);
    const language = field(read.form, 'language') === 'en' ? 'en' : 'zh';
    const person = field(read.form, 'person') ?? '';
    const known = (await deps.people(language)).some((one) => one.id === person);
    if (!known) return problem(c, 400, words.badFields);
    const token = field(read.form, 'token') ?? '';
    const path = (await sessions.loginOf(token))?.path ?? field(read.form, 'next');
    const opening = await sessions.redeem(token, person, language);
    if (opening === null) {
      throttle.failed(addressOf(c));
      return problem(c, 403, words.loginBad);
    }
    await enter(c, deps, sessions, opening);
    return c.redirect(localPath(path) ?? '/', 303);
  });

  app.get('/goodbye', async (c) => {
    c.header('Cache-Control', 'no-store');
    const base = deps.publicUrl ?? new URL(c.req.url).origin;
    const leaveProvider = (await deps.oidc?.provider.leave(new URL('/login', base).href)) ?? null;
    return c.html(<GoodbyePage language={languageOf(c)} theme={themeOf(c)} leaveProvider={leaveProvider} />);
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
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: isSecure(c, deps) });
    // Open pages of this session are to notice at once, not at the next change.
    deps.ended();
    return c.redirect(deps.oidc === null ? '/login' : '/goodbye', 303);
  });
  app.post('/invite', async (c) => {
    // With accounts nobody hands out a link that lets its holder be anybody.
    if (deps.oidc !== null) return problem(c, 403, c.get('visit').words.forbidden);
    const base = deps.publicUrl ?? new URL(c.req.url).origin;
    return c.html(<InvitePage visit={c.get('visit')} link={await loginLink(base)} />);
  });
}

/** The page the request came from, as a path of this server and nothing else. */
function backFrom(c: Context<WebEnv>): string {
  const referer = c.req.header('referer');
  if (referer === undefined || !URL.canParse(referer)) return '/';
  const { pathname, search } = new URL(referer);
  return localPath(pathname + search) ?? '/';
}
