import type { Context, Hono } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { z } from 'zod';
import type { WebDeps } from '../deps.ts';
import { localPath } from '../local-path.ts';
import { LoginPage } from '../pages/login.tsx';
import type { Sessions, Throttle } from '../session.ts';
import { addressOf, enter, isSecure, languageOf, themeOf, type WebEnv } from '../visit.ts';
import { words as wordsOf } from '../words.ts';
import type { OidcDoor } from './door.ts';

export const OIDC_CALLBACK = '/login/oidc/back';

const JOURNEY_COOKIE = 'warroom-oidc';
/** Time to type a password and a second factor. */
const JOURNEY_SECONDS = 15 * 60;
const journeySchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  until: z.number(),
});

/** Leaving for the provider and coming back; who comes back becomes the person that the roster names. */
export function oidcRoutes(
  app: Hono<WebEnv>,
  deps: WebDeps,
  door: OidcDoor,
  sessions: Sessions,
  throttle: Throttle,
): void {
  const refuse = (c: Context<WebEnv>, status: 400 | 403 | 429 | 503, problem: string) => {
    const language = languageOf(c);
    return c.html(
      <LoginPage language={language} theme={themeOf(c)} problem={problem} next="/" account={true} />,
      status,
    );
  };

  app.get('/login/oidc', async (c) => {
    c.header('Cache-Control', 'no-store');
    const begun = await door.provider.begin();
    if ('unreachable' in begun) {
      door.refused('provider unreachable', begun.unreachable);
      return refuse(c, 503, wordsOf(languageOf(c)).oidc.unreachable);
    }
    const kept = {
      ...begun.journey,
      next: localPath(c.req.query('next')) ?? '/',
      until: deps.now() + JOURNEY_SECONDS * 1000,
    };
    await setSignedCookie(c, JOURNEY_COOKIE, JSON.stringify(kept), door.cookieKey, {
      httpOnly: true,
      // The way back is a link on another site: `Strict` would leave the cookie behind.
      sameSite: 'Lax',
      path: '/login/oidc',
      maxAge: JOURNEY_SECONDS,
      secure: isSecure(c, deps),
    });
    return c.redirect(begun.to, 303);
  });

  app.get(OIDC_CALLBACK, async (c) => {
    c.header('Cache-Control', 'no-store');
    const language = languageOf(c);
    const words = wordsOf(language).oidc;
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return refuse(c, 429, wordsOf(language).loginSlow(wait));
    }
    const journey = await journeyOf(c);
    deleteCookie(c, JOURNEY_COOKIE, { path: '/login/oidc', secure: isSecure(c, deps) });
    if (!journey) {
      throttle.failed(addressOf(c));
      return refuse(c, 400, words.lost);
    }
    const signedIn = await door.provider.finish(new URL(c.req.url).searchParams, journey);
    if (!signedIn.ok) {
      throttle.failed(addressOf(c));
      door.refused(signedIn.why, signedIn.error);
      const status = ({ unreachable: 503, declined: 403, failed: 403 } as const)[signedIn.why];
      return refuse(c, status, words[signedIn.why]);
    }
    const owner = door.ownerOf(signedIn.claims);
    if (owner.found !== 'person') {
      door.refused(owner.found, 'name' in owner ? owner.name : null);
      const ask = words.ask(door.ask);
      if (owner.found === 'nothing') return refuse(c, 403, words.nothing + ask);
      return refuse(c, 403, words[owner.found](owner.name) + ask);
    }
    await enter(c, deps, sessions, {
      person: owner.person,
      language,
      by: 'oidc',
      expires: deps.now() + door.sessionMs,
    });
    return c.redirect(journey.next, 303);
  });

  async function journeyOf(c: Context<WebEnv>): Promise<z.infer<typeof journeySchema> | null> {
    const kept = await getSignedCookie(c, door.cookieKey, JOURNEY_COOKIE);
    if (typeof kept !== 'string') return null;
    const journey = journeySchema.safeParse(JSON.parse(kept));
    return journey.success && journey.data.until > deps.now() ? journey.data : null;
  }
}
