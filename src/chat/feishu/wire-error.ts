import { z } from 'zod';

/**
 * A call that Feishu did not carry out. An error arrives in three shapes: an HTTP status with a body, HTTP 200 with a
 * `code` that is not 0, and no answer at all (open.feishu.cn/document/server-docs/api-call-guide/generic-error-code).
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number | null;
  /** Feishu's own code; null when nothing of Feishu answered. */
  readonly code: number | null;
  readonly retryAfterMs: number | null;
  /** Permissions of which any one would do. */
  readonly scopes: readonly string[];
  /** It went out and no answer came: it may have arrived. */
  readonly uncertain: boolean;

  constructor(
    text: string,
    detail: {
      readonly status?: number | null;
      readonly code?: number | null;
      readonly retryAfterMs?: number | null;
      readonly scopes?: readonly string[];
      readonly uncertain?: boolean;
    },
  ) {
    super(text);
    this.status = detail.status ?? null;
    this.code = detail.code ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
    this.scopes = detail.scopes ?? [];
    this.uncertain = detail.uncertain ?? false;
  }
}

const body = z.looseObject({
  code: z.number(),
  msg: z.string().default(''),
  error: z
    .looseObject({ permission_violations: z.array(z.looseObject({ subject: z.string() })).optional() })
    .optional(),
});
const refused = z.looseObject({
  response: z.looseObject({
    status: z.number(),
    data: z.unknown(),
    // An instance of a class of axios, whose own properties are the headers.
    headers: z.unknown().transform((value): Record<string, unknown> => Object.assign({}, value)),
  }),
});
const failed = z.looseObject({ code: z.string().optional(), message: z.string().optional() });
/** The SDK puts a refused token into the words of an error. */
const TOKEN_CODE = /\bcode[=: ]+(\d{1,12})/;
/** The connection was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** An answer with a code that is not 0 as an error; null for a success. */
export function errorInAnswer(answer: unknown, status = 200, headers: Record<string, unknown> = {}) {
  const read = body.safeParse(answer);
  if (!read.success || read.data.code === 0) return null;
  const { code, msg, error } = read.data;
  return new WireError(msg, {
    status,
    code,
    retryAfterMs: resetIn(headers),
    scopes: (error?.permission_violations ?? []).map((one) => one.subject),
  });
}

/** What the SDK threw. Never carries a token: of the request nothing is kept. */
export function wireError(error: unknown): WireError {
  if (error instanceof WireError) return error;
  const answered = refused.safeParse(error);
  if (answered.success) {
    const { status, data, headers } = answered.data.response;
    return (
      errorInAnswer(data, status, headers) ??
      new WireError(`HTTP ${status}`, { status, retryAfterMs: resetIn(headers) })
    );
  }
  const read = failed.safeParse(error);
  const message = (read.success ? read.data.message : undefined) ?? String(error);
  const code = TOKEN_CODE.exec(message)?.[1];
  if (code !== undefined) return new WireError(message.slice(0, 200), { status: 200, code: Number(code) });
  const network = read.success ? read.data.code : undefined;
  if (network === undefined) return new WireError(message.slice(0, 200), {});
  return new WireError(network, { uncertain: !NEVER_SENT.has(network) });
}

/** …/frequency-control: `x-ogw-ratelimit-reset` says in how many seconds calls are taken again. */
function resetIn(headers: Record<string, unknown>): number | null {
  const seconds = Number(headers['x-ogw-ratelimit-reset'] ?? headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
