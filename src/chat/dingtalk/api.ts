import { z } from 'zod';
import { parseJson } from '../json.ts';

export interface ApiOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => number;
  /** https://api.dingtalk.com unless the platform is operated elsewhere. */
  readonly apiUrl?: string | undefined;
  /** https://oapi.dingtalk.com, the older interface. */
  readonly oapiUrl?: string | undefined;
}

/** A call that DingTalk refused or that never came back. Carries no token and no address. */
export class DingTalkError extends Error {
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly code: string;
  /** The permissions whose lack was named. */
  readonly scopes: readonly string[];
  /** It went out and no answer came: it may have been carried out. */
  readonly uncertain: boolean;

  constructor(
    status: number | null,
    code: string,
    message: string,
    more: { readonly scopes?: readonly string[]; readonly uncertain?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.scopes = more.scopes ?? [];
    this.uncertain = more.uncertain ?? false;
  }
}

const token = z.object({ accessToken: z.string().min(1), expireIn: z.number() });
/**
 * open.dingtalk.com/document/orgapp/api-error-codes: the newer interface answers with a status and `code`, the older
 * one with HTTP 200 and `errcode`; some answers of the newer one say `success: false` inside HTTP 200.
 */
const refusal = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  errcode: z.number().nullish(),
  errmsg: z.string().nullish(),
  success: z.boolean().nullish(),
  accessdenieddetail: z.object({ requiredScopes: z.array(z.string()).nullish() }).nullish(),
});

const TIMEOUT_MS = 15_000;
/** A token is renewed this long before DingTalk forgets it. */
const MARGIN_MS = 5 * 60_000;
const SPENT = new Set(['InvalidAuthentication', '40014', '42001', '88']);

/** The server-side interface, with the app's own token. */
export function createApi(options: ApiOptions) {
  const api = options.apiUrl ?? 'https://api.dingtalk.com';
  const oapi = options.oapiUrl ?? 'https://oapi.dingtalk.com';
  let held: { readonly token: string; readonly until: number } | null = null;
  let asking: Promise<string> | null = null;

  /** open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app: good for two hours. */
  async function fresh(): Promise<string> {
    const { clientId: appKey, clientSecret: appSecret } = options;
    const answer = await request(new URL('/v1.0/oauth2/accessToken', api), 'POST', { appKey, appSecret }, {});
    const read = token.safeParse(answer);
    if (!read.success) throw new DingTalkError(200, 'token', 'no token in the answer');
    held = {
      token: read.data.accessToken,
      until: options.now() + read.data.expireIn * 1000 - MARGIN_MS,
    };
    return held.token;
  }
  async function accessToken(): Promise<string> {
    if (held && held.until > options.now()) return held.token;
    asking ??= fresh().finally(() => {
      asking = null;
    });
    return asking;
  }
  async function authorised<T>(send: (token: string) => Promise<T>): Promise<T> {
    const used = await accessToken();
    try {
      return await send(used);
    } catch (error) {
      if (!(error instanceof DingTalkError) || (error.status !== 401 && !SPENT.has(error.code))) throw error;
      if (held?.token === used) held = null;
      return send(await accessToken());
    }
  }

  return {
    accessToken,
    call: (method: 'POST' | 'PUT', path: string, body: object): Promise<unknown> =>
      authorised((one) => request(new URL(path, api), method, body, { 'x-acs-dingtalk-access-token': one })),
    /** The older interface. */
    callOld: (path: string, body: object | FormData): Promise<unknown> =>
      authorised((one) => {
        const url = new URL(path, oapi);
        url.searchParams.set('access_token', one);
        return request(url, 'POST', body, {});
      }),
    /** Without a token: the address itself is the permission. */
    hook: (url: URL, body: object): Promise<unknown> => request(url, 'POST', body, {}),
    oapiHost: new URL(oapi).host,
    oapi,
  };
}
export type Api = ReturnType<typeof createApi>;

async function request(
  url: URL,
  method: string,
  body: object | FormData,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const form = body instanceof FormData;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      redirect: 'error',
      headers: form ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: form ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    const reached = !isUnreached(error);
    const code = reached ? 'no answer' : 'unreachable';
    throw new DingTalkError(null, code, code, { uncertain: reached });
  }
  const value = parseJson(text);
  const read = refusal.safeParse(value);
  const said = read.success ? read.data : {};
  const bad = (said.errcode ?? 0) !== 0 || said.success === false;
  if (response.ok && !bad) return value;
  const code = (said.errcode ?? 0) === 0 ? (said.code ?? `HTTP ${response.status}`) : String(said.errcode);
  const message = said.errmsg ?? said.message ?? code;
  throw new DingTalkError(response.status, code, message.slice(0, 300), {
    scopes: said.accessdenieddetail?.requiredScopes ?? [],
  });
}

/** Whether the request cannot have arrived: there was no connection to send it on. */
function isUnreached(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : null;
  return (
    typeof code === 'string' && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code)
  );
}
