import { webApi } from '@slack/bolt';
import { failure } from './failure.ts';
import { NEEDED_SCOPES } from './scopes.ts';

const API = 'https://slack.com/api/';

/** `skewMs`: how far this machine's clock is ahead of Slack's; null when Slack could not be asked. */
export type Checked = { readonly skewMs: number | null } & (
  | { readonly ok: true; readonly team: string; readonly bot: string }
  | { readonly ok: false; readonly detail: string; readonly missing: readonly string[] }
);

export interface CheckOptions {
  readonly botToken: string;
  /** The app-level token in Socket Mode; null in HTTP mode. */
  readonly appToken: string | null;
  readonly apiUrl?: string | undefined;
  readonly clock: () => number;
}

/** Asks Slack who the tokens are and what they may do; sends nothing to anybody. */
export async function checkSlack(options: CheckOptions): Promise<Checked> {
  const settings = {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    logLevel: webApi.LogLevel.ERROR,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
  };
  const skewMs = await skew(options);
  let method = 'auth.test';
  try {
    const known = await new webApi.WebClient(options.botToken, settings).auth.test();
    // Slack names a token's scopes in the header x-oauth-scopes of every answer.
    const granted = new Set(known.response_metadata?.scopes ?? []);
    const missing = NEEDED_SCOPES.filter((scope) => !granted.has(scope));
    if (missing.length > 0) return { ok: false, detail: 'missing scopes', missing, skewMs };
    method = 'apps.connections.open';
    if (options.appToken !== null)
      await new webApi.WebClient(options.appToken, settings).apps.connections.open({});
    return { ok: true, team: known.team ?? '', bot: known.user ?? '', skewMs };
  } catch (error) {
    return { ok: false, detail: failure(error, method).error, missing: [], skewMs };
  }
}

/** By the header Date of an answer, which counts in seconds; half of the way there and back is not Slack's. */
async function skew(options: CheckOptions): Promise<number | null> {
  try {
    const began = options.clock();
    const response = await fetch(new URL('api.test', options.apiUrl ?? API), {
      method: 'POST',
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    const there = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(there) ? null : (began + options.clock()) / 2 - (there + 500);
  } catch {
    return null;
  }
}
