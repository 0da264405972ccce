import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { RenderContext } from '../chat/web/render.tsx';
import type { Instant } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import type { Guest, Person, Reader, WebDeps } from './deps.ts';
import type { Opening, Session, Sessions } from './session.ts';
import { type Times, times } from './time.ts';
import { type Catalogue, words } from './words.ts';

/** `null` follows the system. */
export type Theme = 'light' | 'dark' | null;

/** One request by a person who is logged in: who looks, when, and in which words. */
export interface Visit {
  readonly deps: WebDeps;
  readonly session: Session;
  readonly reader: Reader;
  readonly person: Person;
  /** Somebody who came by a link; null for people of the roster. */
  readonly guest: Guest | null;
  /** Names of all organisations on the roster, by id. */
  readonly orgNames: ReadonlyMap<string, string>;
  readonly language: Language;
  readonly words: Catalogue;
  readonly times: Times;
  readonly now: Instant;
  readonly theme: Theme;
}

export interface WebEnv {
  Variables: { visit: Visit; form: FormData };
}

export const SESSION_COOKIE = 'warroom';
const THEME_COOKIE = 'warroom-theme';

/** Null when the session's person is no longer on the roster, or the link that they came by holds no more. */
export async function visitOf(deps: WebDeps, session: Session, theme: Theme): Promise<Visit | null> {
  const people = await deps.people(session.language);
  const guest = session.guest ? await deps.guest(session.guest, session.language) : null;
  const person = session.guest ? guest?.person : people.find((one) => one.id === session.person);
  if (!person) return null;
  const now = deps.now();
  return {
    deps,
    session,
    person,
    orgNames: new Map(people.map((one) => [one.org, one.orgName])),
    guest,
    reader: { person, language: session.language, only: guest?.incident },
    language: session.language,
    words: words(session.language),
    times: times(deps.zone, session.language, now),
    now,
    theme,
  };
}

/** Logs somebody in, under a secret that nobody had before; the session that the browser had until now ends. */
export async function enter(
  c: Context<WebEnv>,
  deps: Pick<WebDeps, 'now' | 'publicUrl'>,
  sessions: Sessions,
  opening: Opening,
): Promise<void> {
  await leave(c, sessions);
  setCookie(c, SESSION_COOKIE, await sessions.begin(opening), {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    maxAge: Math.max(1, Math.floor((opening.expires - deps.now()) / 1000)),
    secure: isSecure(c, deps),
  });
}

/** Ends the session that the browser has, if any. */
export async function leave(c: Context<WebEnv>, sessions: Sessions): Promise<void> {
  const secret = getCookie(c, SESSION_COOKIE);
  const session = secret === undefined ? null : await sessions.find(secret);
  if (session) await sessions.end(session);
}

export function isSecure(c: Context, deps: Pick<WebDeps, 'publicUrl'>): boolean {
  return new URL(deps.publicUrl ?? c.req.url).protocol === 'https:';
}

export function themeOf(c: Context): Theme {
  const kept = getCookie(c, THEME_COOKIE);
  return kept === 'light' || kept === 'dark' ? kept : null;
}

/** The browser's own wish, for pages that are shown before anybody is logged in. */
export function languageOf(c: Context): Language {
  const asked = c.req.query('lang');
  if (asked === 'zh' || asked === 'en') return asked;
  const first = (c.req.header('accept-language') ?? '').trim().toLowerCase();
  return first === '' || first.startsWith('zh') ? 'zh' : 'en';
}

/** Whom and in which language a page shows; its stream ends once the session is about somebody else. */
export function pageOf(visit: Visit): string {
  return `as=${encodeURIComponent(`${visit.person.id} ${visit.language}`)}`;
}

const connection = z.object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }) });

/** Where an attempt comes from, as the listening server saw it; a header could be made up by anybody. */
export function addressOf(c: Context<WebEnv>): string {
  const known = connection.safeParse(c.env);
  return known.success ? known.data.incoming.socket.remoteAddress : 'unknown';
}

export function roomPath(code: string): string {
  return `/i/${encodeURIComponent(code)}`;
}

export function renderContext(visit: Visit, actPath: string, interactive = true, live = true): RenderContext {
  return {
    actPath,
    csrf: visit.session.csrf,
    person: visit.person.id,
    interactive,
    live,
    labels: {
      copy: visit.words.copy,
      cancel: visit.words.cancel,
      required: visit.words.required,
    },
  };
}
