import { AuthError } from '@azure/msal-node';
import { z } from 'zod';
import { parseJson } from '../json.ts';

/** A call to Teams that failed, as plain data; never carries a token. */
export class WireError extends Error {
  /** Null when no answer came. */
  readonly status: number | null;
  /** Teams' own word for it (`BotNotInConversationRoster`), where there is one. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  /** The request may have arrived although no answer came. */
  readonly uncertain: boolean;
  constructor(
    about: {
      status: number | null;
      code: string;
      retryAfterMs?: number | null;
      uncertain?: boolean;
    },
    cause: unknown,
  ) {
    super(about.code, { cause });
    this.status = about.status;
    this.code = about.code;
    this.retryAfterMs = about.retryAfterMs ?? null;
    this.uncertain = about.uncertain ?? false;
  }
}

const restError = z.object({
  name: z.string(),
  code: z.string().optional(),
  statusCode: z.number().optional(),
  response: z
    .object({
      bodyAsText: z.string().nullish(),
      headers: z.custom<{ get(name: string): string | undefined }>(
        (value) => typeof value === 'object' && value !== null && 'get' in value,
      ),
    })
    .optional(),
});

/** `{"error":{"code":…}}`, or a code in words within `message`: Teams answers both ways. */
const answer = z.object({
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  message: z.string().nullish(),
});

/** Refused before anything was sent; a connection that breaks later may have carried the message. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

export function wireErrorOf(error: unknown): Error {
  if (error instanceof AuthError) return tokenError(error);
  const read = restError.safeParse(error);
  if (!read.success || (read.data.name !== 'RestError' && read.data.name !== 'AbortError'))
    return error instanceof Error ? error : new Error(String(error));
  const { statusCode: status, response, code = 'no answer' } = read.data;
  if (status === undefined || !response)
    return new WireError({ status: null, code, uncertain: !NOT_SENT.has(code) }, error);
  const wait = Number(response.headers.get('retry-after'));
  return new WireError(
    {
      status,
      code: codeOf(response.bodyAsText ?? '') ?? `HTTP ${status}`,
      retryAfterMs: Number.isFinite(wait) && wait > 0 ? wait * 1000 : null,
    },
    error,
  );
}

function codeOf(body: string): string | null {
  const read = answer.safeParse(parseJson(body));
  if (!read.success) return null;
  const inner = z.object({ subCode: z.string() }).safeParse(parseJson(read.data.message ?? ''));
  return read.data.error?.code ?? (inner.success ? inner.data.subCode : null);
}

/** learn.microsoft.com/entra/identity-platform/reference-error-codes: what the token server says of the app. */
function tokenError(error: AuthError): WireError {
  const refused = ['invalid_client', 'unauthorized_client', 'invalid_request', 'invalid_grant'];
  const known = refused.includes(error.errorCode);
  const detail = /AADSTS\d{4,8}/.exec(error.errorMessage)?.[0];
  return new WireError(
    { status: known ? 401 : null, code: `token: ${detail ?? error.errorCode}`, uncertain: false },
    error,
  );
}
