import type { Contact, Gateway } from '../roster/schema.ts';
import { reason } from './email.ts';
import type { Call, Sent } from './port.ts';

const TIMEOUT_MS = 10_000;

/** An SMS or voice gateway: one HTTP request made from the gateway's body template. */
export async function callWebhook(
  gateway: Gateway,
  contact: Extract<Contact, { method: 'webhook' }>,
  call: Call,
): Promise<Sent> {
  const json = Object.entries(gateway.headers).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && value.includes('json'),
  );
  const values = { address: contact.address, text: call.text, code: call.code, page: call.page ?? '' };
  try {
    const response = await fetch(fill(gateway.url, values, encodeURIComponent), {
      method: gateway.method,
      headers: gateway.headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(gateway.method === 'GET'
        ? {}
        : { body: fill(gateway.body, values, json ? jsonInner : encodeURIComponent) }),
    });
    await response.arrayBuffer();
    if (response.ok) return { ok: true, detail: `HTTP ${response.status}` };
    return {
      ok: false,
      permanent:
        response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429,
      retryAfterMs: retryAfter(response.headers.get('retry-after')),
      detail: `HTTP ${response.status}`,
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

function fill(
  template: string,
  values: Readonly<Record<string, string>>,
  encode: (text: string) => string,
): string {
  return template.replace(/\{\{(\w{1,20})\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encode(value);
  });
}

function jsonInner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
