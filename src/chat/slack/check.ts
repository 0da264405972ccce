import { webApi } from '@slack/bolt';
import { failure } from './failure.ts';
import { NEEDED_SCOPES } from './scopes.ts';

export type Checked =
  | { readonly ok: true; readonly team: string; readonly bot: string }
  | { readonly ok: false; readonly detail: string; readonly missing: readonly string[] };

export interface CheckOptions {
  readonly botToken: string;
  /** The app-level token in Socket Mode; null in HTTP mode. */
  readonly appToken: string | null;
  readonly apiUrl?: string;
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
  let method = 'auth.test';
  try {
    const known = await new webApi.WebClient(options.botToken, settings).auth.test();
    // Slack names a token's scopes in the header x-oauth-scopes of every answer.
    const granted = new Set(known.response_metadata?.scopes ?? []);
    const missing = NEEDED_SCOPES.filter((scope) => !granted.has(scope));
    if (missing.length > 0) return { ok: false, detail: 'missing scopes', missing };
    method = 'apps.connections.open';
    if (options.appToken !== null)
      await new webApi.WebClient(options.appToken, settings).apps.connections.open({});
    return { ok: true, team: known.team ?? '', bot: known.user ?? '' };
  } catch (error) {
    return { ok: false, detail: failure(error, method).error, missing: [] };
  }
}
