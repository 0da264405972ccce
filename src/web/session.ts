import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../incident/events.ts';
import type { WebDeps } from './deps.ts';

const SESSION_DAYS = 14;
const TOKEN_HOURS = 24;
const DAY = 24 * 60 * 60_000;

const sessionSchema = z.object({
  person: z.string(),
  language: z.enum(['zh', 'en']),
  csrf: z.string(),
  expires: z.number(),
  /** How it began: with a link that lets anybody say who they are, with a link of one's own, with an account. */
  by: z.enum(['link', 'personal', 'oidc', 'guest']).default('link'),
  /** The link that somebody without an account came by. */
  guest: z.object({ incident: z.string(), link: z.string() }).optional(),
});
export type Session = Readonly<z.infer<typeof sessionSchema>> & { readonly key: string };
/** What a session begins with. */
export type Opening = Omit<Session, 'key' | 'csrf'>;

const tokenSchema = z.object({
  expires: z.number(),
  /** The only one who may come in with it; whoever holds the first link of an installation says who they are. */
  person: z.string().optional(),
  /** Where they wanted to go: a path of this server. */
  path: z.string().optional(),
});
export type Login = Readonly<z.infer<typeof tokenSchema>>;

const PERSONAL_MINUTES = 15;

/** A link that logs this one person in, once, within a quarter of an hour, and leads to `path`. */
export async function personalLogin(
  notes: Pick<WebDeps, 'now' | 'putNote'>,
  base: string,
  login: { readonly person: string; readonly path: string },
): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  const expires = notes.now() + PERSONAL_MINUTES * 60_000;
  await notes.putNote(tokenKey(token), JSON.stringify({ expires, ...login }));
  const link = new URL('/login', base);
  link.searchParams.set('token', token);
  return link.href;
}

/**
 * Sessions and one-time login tokens. Only their digests are kept, so that whoever reads the database cannot
 * come in with what is written there; they outlive a restart, because an incident does.
 */
export class Sessions {
  private readonly deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.deps = deps;
  }

  /** A fresh login token, good for one login within a day. */
  async issueToken(): Promise<string> {
    const token = randomBytes(24).toString('base64url');
    const expires = this.deps.now() + TOKEN_HOURS * 60 * 60_000;
    await this.deps.putNote(tokenKey(token), JSON.stringify({ expires }));
    return token;
  }

  /** Null when it is unknown, spent or too old. */
  async loginOf(token: string): Promise<Login | null> {
    const note = await this.deps.getNote(tokenKey(token));
    const found = note === null ? null : tokenSchema.safeParse(JSON.parse(note));
    if (found?.success !== true || found.data.expires <= this.deps.now()) return null;
    return found.data.person === undefined && !this.anybodyMayEnter() ? null : found.data;
  }

  /** Spends the token; null when it is unknown, spent, too old or somebody else's. */
  async redeem(token: string, person: string, language: Session['language']): Promise<Opening | null> {
    const login = await this.loginOf(token);
    if (!login || (login.person !== undefined && login.person !== person)) return null;
    await this.deps.putNote(tokenKey(token), null);
    const by = login.person === undefined ? 'link' : 'personal';
    return { person, language, by, expires: this.deps.now() + SESSION_DAYS * DAY };
  }

  /** A new session under a new secret, which is answered and not kept. */
  async begin(session: Opening): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const csrf = randomBytes(24).toString('base64url');
    await this.save({ ...session, key: sessionKey(secret), csrf });
    return secret;
  }

  async find(secret: string): Promise<Session | null> {
    return this.live(sessionKey(secret));
  }

  /** The session as it is now; null once it has ended, in this instance or in another one. */
  async current(session: Session): Promise<Session | null> {
    return this.live(session.key);
  }

  async save(session: Session): Promise<void> {
    const { key, ...kept } = session;
    await this.deps.putNote(key, JSON.stringify(kept));
  }

  /** With a new form token: a page that still shows the former person can no longer act, as anybody. */
  async actAs(session: Session, person: string): Promise<void> {
    await this.save({ ...session, person, csrf: randomBytes(24).toString('base64url') });
  }

  async end(session: Pick<Session, 'key'>): Promise<void> {
    await this.deps.putNote(session.key, null);
  }

  private async live(key: string): Promise<Session | null> {
    const note = await this.deps.getNote(key);
    const parsed = note === null ? null : sessionSchema.safeParse(JSON.parse(note));
    if (parsed?.success !== true) return null;
    const session = { key, ...parsed.data };
    // Whoever came in as anybody before accounts were asked for has to show theirs now.
    if (session.by === 'link' && !this.anybodyMayEnter()) return null;
    if (session.expires > this.deps.now()) return session;
    await this.end(session);
    return null;
  }

  private anybodyMayEnter(): boolean {
    return this.deps.oidc === null;
  }
}

type SessionDeps = Pick<WebDeps, 'now' | 'getNote' | 'putNote' | 'oidc'>;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
function sessionKey(secret: string): string {
  return `session:${digest(secret)}`;
}
function tokenKey(token: string): string {
  return `login:${digest(token)}`;
}

/** Compares secrets in time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

/**
 * Counts failures in a sliding window, for each address and for all of them together, so that many addresses
 * do not help to guess.
 */
export class Throttle {
  private readonly failures = new Map<string, Instant[]>();
  private readonly now: () => Instant;
  private readonly limits: { readonly windowMs: number; readonly each: number; readonly all: number };

  constructor(now: () => Instant, limits = { windowMs: 60_000, each: 8, all: 60 }) {
    this.now = now;
    this.limits = limits;
  }

  /** Seconds to wait before another attempt is heard; 0 when it may come now. */
  waitSeconds(address: string): number {
    const own = this.recent(address);
    const all = this.recent('*');
    const waits = [
      own.length >= this.limits.each ? (own[own.length - this.limits.each] ?? 0) : null,
      all.length >= this.limits.all ? (all[all.length - this.limits.all] ?? 0) : null,
    ].flatMap((first) => (first === null ? [] : [first + this.limits.windowMs - this.now()]));
    return waits.length === 0 ? 0 : Math.max(1, Math.ceil(Math.max(...waits) / 1000));
  }

  failed(address: string): void {
    for (const known of [...this.failures.keys()]) this.recent(known);
    for (const key of [address, '*']) this.failures.set(key, [...this.recent(key), this.now()]);
  }

  private recent(key: string): Instant[] {
    const since = this.now() - this.limits.windowMs;
    const kept = (this.failures.get(key) ?? []).filter((at) => at > since);
    if (kept.length === 0) this.failures.delete(key);
    else this.failures.set(key, kept);
    return kept;
  }
}
