import type { Hono } from 'hono';
import type { WebDeps } from './deps.ts';
import { readBody } from './form.ts';
import type { WebEnv } from './visit.ts';

const MOST_BYTES = 256 * 1024;

/** Where SMS and voice gateways say later what became of a page; the token in the path lets them in. */
export function reportRoutes(app: Hono<WebEnv>, deps: WebDeps): void {
  app.on(['POST', 'GET'], '/reports/:gateway/:token', async (c) => {
    const { gateway, token } = c.req.param();
    const read = c.req.method === 'GET' ? null : await readBody(c, MOST_BYTES);
    if (read?.ok === false) return c.text('too large\n', 413);
    const body = read?.body.toString() ?? new URL(c.req.url).search.slice(1);
    const taken = await deps.deliveryReports({ gateway, token, body });
    if (!taken.ok)
      return c.text(taken.status === 403 ? 'no such report address\n' : 'not understood\n', taken.status);
    const json = /^\s*[[{]/.test(taken.answer);
    return c.body(taken.answer, 200, {
      'Content-Type': json ? 'application/json' : 'text/plain; charset=utf-8',
    });
  });
}
