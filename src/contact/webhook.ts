import type { Contact, Gateway } from '../roster/schema.ts';
import { judge } from './answer.ts';
import { reason } from './email.ts';
import type { Call, Sent } from './port.ts';
import { sign } from './signing.ts';
import { fill, fillFields, jsonInner, valuesOf } from './template.ts';

const TIMEOUT_MS = 10_000;

/** An SMS or voice gateway: one HTTP request made from the gateway's template, signed where the cloud wants it. */
export async function callWebhook(
  gateway: Gateway,
  contact: Extract<Contact, { method: 'webhook' }>,
  call: Call,
  environment: NodeJS.ProcessEnv,
): Promise<Sent> {
  const request = requestOf(gateway, contact.address, call, environment);
  if (typeof request === 'string')
    return { ok: false, permanent: true, retryAfterMs: null, detail: `${request} is empty` };
  try {
    const response = await fetch(request.url, {
      method: gateway.method,
      headers: request.headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(gateway.method === 'GET' ? {} : { body: request.body }),
    });
    const answer = await response.text();
    const verdict = judge(gateway, answer);
    if (response.ok && verdict.taken) {
      const { messageId } = verdict;
      return { ok: true, detail: messageId ?? `HTTP ${response.status}`, messageId: messageId ?? undefined };
    }
    // What the cloud says inside is nearer to the truth than the status around it.
    const inside = gateway.failure && !verdict.taken && !verdict.detail.startsWith('unexpected');
    return {
      ok: false,
      permanent: (!verdict.taken && verdict.permanent) || (!inside && isFinal(response.status)),
      retryAfterMs: retryAfter(response.headers.get('retry-after')),
      detail:
        verdict.taken || !response.ok
          ? `HTTP ${response.status}${inside ? ` ${verdict.detail}` : ''}`
          : verdict.detail,
    };
  } catch (error) {
    return {
      ok: false,
      permanent: false,
      retryAfterMs: null,
      detail: reason(error),
      uncertain: !neverConnected(error),
    };
  }
}

interface Ready {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request as it goes out, or the name of the environment variable that is missing. */
function requestOf(
  gateway: Gateway,
  address: string,
  call: Call,
  environment: NodeJS.ProcessEnv,
): Ready | string {
  const values = valuesOf(address, call);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(gateway.headers))
    headers[name.toLowerCase()] = fill(value, values, environment, (text) => text.replace(/[\r\n]/g, ' '));
  const url = new URL(fill(gateway.url, values, environment, encodeURIComponent));
  for (const [name, value] of fillFields(gateway.query, values, environment))
    url.searchParams.append(name, value);
  let body = '';
  if (gateway.form) {
    headers['content-type'] ??= 'application/x-www-form-urlencoded';
    body = fillFields(gateway.form, values, environment).toString();
  } else if (gateway.method !== 'GET') {
    const json = headers['content-type']?.includes('json') ?? false;
    body = fill(gateway.body, values, environment, json ? jsonInner : encodeURIComponent);
  }
  if (!gateway.sign) return { url, headers, body };
  const { keyIdEnv, keySecretEnv } = gateway.sign;
  const id = environment[keyIdEnv];
  const secret = environment[keySecretEnv];
  if (!id) return keyIdEnv;
  if (!secret) return keySecretEnv;
  const signed = sign(gateway.sign, { method: gateway.method, url, headers, body }, { id, secret });
  return { url, headers: signed, body };
}

function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Without a connection nothing went out; after that, a gateway may have called and not said so. */
function neverConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return (
    code === 'ECONNREFUSED' ||
    code === 'ENOTFOUND' ||
    code === 'EAI_AGAIN' ||
    code === 'EHOSTUNREACH' ||
    code === 'ENETUNREACH' ||
    code === 'UND_ERR_CONNECT_TIMEOUT'
  );
}

/** Seconds or an HTTP date. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
