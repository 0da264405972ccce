import type { Context } from 'hono';
import { sameSecret } from './session.ts';

/** No inline script or style anywhere, nothing from another origin, not to be framed. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A report is a whole document of its own with its own style sheet; it runs nothing and reaches nothing. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups";

/** What people dropped into the room: nothing in it runs, loads or is framed, whatever a browser takes it for. */
export const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

export function secure(c: Context, policy: string): void {
  c.header('Content-Security-Policy', policy);
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('X-Frame-Options', policy === REPORT_POLICY ? 'SAMEORIGIN' : 'DENY');
  // Some links carry a token: it must not travel on to another site. Without any referrer a browser would not say
  // either where a form comes from, and the form would be refused.
  c.header('Referrer-Policy', 'same-origin');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  c.header('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  if (new URL(c.req.url).protocol === 'https:') c.header('Strict-Transport-Security', 'max-age=31536000');
}

/**
 * False when the browser says that the request comes from another site's page. A client that sends neither
 * header is no browser of today; the session's own token decides about it.
 */
export function sameOrigin(c: Context, publicUrl: string | null): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = c.req.header('origin');
  if (origin === undefined) return true;
  const host = hostOf(origin);
  return (
    host !== null && (host === c.req.header('host') || (publicUrl !== null && host === hostOf(publicUrl)))
  );
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

export function csrfMatches(given: unknown, expected: string): boolean {
  return typeof given === 'string' && sameSecret(given, expected);
}
