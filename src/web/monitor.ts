import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { WebDeps } from './deps.ts';
import { type Sessions, sameSecret } from './session.ts';
import { SESSION_COOKIE, type WebEnv } from './visit.ts';

/** Health for a load balancer, details and metrics for people and for a collector that holds the token. */
export function monitorRoutes(app: Hono<WebEnv>, deps: WebDeps, sessions: Sessions): void {
  const known = async (c: Context<WebEnv>): Promise<boolean> => {
    const bearer = c.req.header('authorization')?.replace(/^Bearer /, '');
    if (deps.metricsToken !== null && bearer !== undefined && sameSecret(bearer, deps.metricsToken))
      return true;
    const secret = getCookie(c, SESSION_COOKIE);
    const session = secret === undefined ? null : await sessions.find(secret);
    // Figures over all incidents are the business of those who run the desk.
    const people = session ? await deps.people(session.language) : [];
    return people.some((one) => one.id === session?.person && one.side === 'vendor');
  };
  app.get('/health', async (c) => {
    const { ok, detail } = await deps.health();
    // How much is going on in here is nobody's business who only asks whether it runs.
    return c.json((await known(c)) ? { ok, detail } : { ok }, ok ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    if (!(await known(c))) return c.text('log in, or send the metrics token as a bearer token\n', 401);
    return c.text(await deps.metrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}
