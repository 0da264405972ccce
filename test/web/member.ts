import type { Web } from '../../src/web/app.tsx';

export const ORIGIN = 'http://127.0.0.1:8080';
const HOST = '127.0.0.1:8080';

/** Somebody's browser: keeps the cookie, knows the form token of the page, follows nothing by itself. */
export interface Member {
  readonly cookie: string;
  readonly csrf: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  text(path: string): Promise<string>;
  /** Posts like a form of the page, live (htmx) unless told otherwise. */
  post(
    path: string,
    fields: Record<string, string | File>,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

export function bare(web: Web, path: string, init: RequestInit = {}): Promise<Response> {
  return web.fetch(
    new Request(`${ORIGIN}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { host: HOST, ...init.headers },
    }),
  );
}

export async function tokenOf(web: Web): Promise<string> {
  return new URL(await web.loginLink(ORIGIN)).searchParams.get('token') ?? '';
}

export async function member(web: Web, person: string, language: 'zh' | 'en' = 'zh'): Promise<Member> {
  const body = new URLSearchParams({ token: await tokenOf(web), person, language });
  const entered = await bare(web, '/login', { method: 'POST', headers: { origin: ORIGIN }, body });
  return memberOf(web, entered, '/');
}

/** Whoever was let in by an answer; `page` is one of theirs, which carries the form token. */
export async function memberOf(web: Web, entered: Response, page: string): Promise<Member> {
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = (path: string, headers: Record<string, string> = {}) =>
    bare(web, path, { headers: { cookie, ...headers } });
  const text = async (path: string) => (await get(path)).text();
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await text(page))?.[1] ?? '';
  return {
    cookie,
    csrf,
    get,
    text,
    post: (path, fields, headers = { 'hx-request': 'true' }) => {
      const form = new FormData();
      form.set('_csrf', csrf);
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return bare(web, path, { method: 'POST', headers: { cookie, origin: ORIGIN, ...headers }, body: form });
    },
  };
}
