import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { GuestInvitation, WebDeps } from './deps.ts';
import { field, readForm, SMALL_FORM } from './form.ts';
import { GuestPage } from './pages/guest.tsx';
import { problem } from './problem.tsx';
import { sameOrigin } from './security.ts';
import { type Sessions, Throttle } from './session.ts';
import { addressOf, enter, languageOf, roomPath, SESSION_COOKIE, themeOf, type WebEnv } from './visit.ts';
import { words as wordsOf } from './words.ts';

/** Somebody without an account comes in by a link: once, in one browser, after saying who they are. */
export function guestRoutes(app: Hono<WebEnv>, deps: WebDeps, sessions: Sessions, throttle: Throttle): void {
  const guarded = async (
    c: Context<WebEnv>,
    then: (invitation: GuestInvitation, token: string) => Promise<Response>,
  ): Promise<Response> => {
    const language = languageOf(c);
    c.header('Cache-Control', 'no-store');
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return problem(c, 429, wordsOf(language).loginSlow(wait));
    }
    const token = c.req.param('token') ?? '';
    const invitation = await deps.invitation(token, language);
    if (invitation !== null) return then(invitation, token);
    throttle.failed(addressOf(c));
    return problem(c, 404, wordsOf(language).guest.unknown);
  };
  const page = (c: Context<WebEnv>, invitation: GuestInvitation, refused: string | null) => (
    <GuestPage
      invitation={invitation}
      zone={deps.zone}
      now={deps.now()}
      language={languageOf(c)}
      theme={themeOf(c)}
      problem={refused}
    />
  );

  app.get('/guest/:token', (c) =>
    guarded(c, async (invitation) => {
      if (await isOwn(c, invitation)) return c.redirect(roomPath(invitation.code), 303);
      // Looking opens nothing: the preview that a chat makes of a link must not use it up.
      return c.html(page(c, invitation, null), invitation.closed === null ? 200 : 403);
    }),
  );
  app.post('/guest/:token', (c) =>
    guarded(c, async (invitation) => {
      const language = languageOf(c);
      const words = wordsOf(language);
      if (!sameOrigin(c, deps.publicUrl)) return problem(c, 403, words.forbidden);
      const read = await readForm(c, SMALL_FORM);
      if (!read.ok) return problem(c, 400, words.badFields);
      const refused = await invitation.open(field(read.form, 'name') ?? '');
      if (refused !== null) return c.html(page(c, invitation, refused), 403);
      await enter(c, deps, sessions, {
        person: `guest:${invitation.target.link}`,
        language,
        by: 'guest',
        guest: invitation.target,
        expires: invitation.until,
      });
      return c.redirect(roomPath(invitation.code), 303);
    }),
  );

  /** Whether this browser is the one that opened the link. */
  async function isOwn(c: Context<WebEnv>, { target }: GuestInvitation): Promise<boolean> {
    const secret = getCookie(c, SESSION_COOKIE);
    const guest = secret === undefined ? undefined : (await sessions.find(secret))?.guest;
    return guest?.incident === target.incident && guest.link === target.link;
  }
}

/** What a guest may ask for: the one room, and what concerns their own session. Who may enter it is asked there. */
export function isForGuests(path: string): boolean {
  return path.startsWith('/i/') || path === '/language' || path === '/logout';
}

/** Posts of one guest within a minute: more than a person in a hurry types, less than a machine would. */
const MOST_POSTS = 60;

/** Counts what each guest sends; a link in wrong hands must not drown the room. */
export function guestPace(now: WebDeps['now']): { tooMany(session: string): number } {
  const sent = new Throttle(now, { windowMs: 60_000, each: MOST_POSTS, all: Number.POSITIVE_INFINITY });
  return {
    tooMany: (session) => {
      const wait = sent.waitSeconds(session);
      if (wait === 0) sent.failed(session);
      return wait;
    },
  };
}
