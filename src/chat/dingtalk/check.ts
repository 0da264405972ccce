import { type ApiOptions, createApi, DingTalkError } from './api.ts';
import { failure } from './failure.ts';

export interface Checked {
  /** How far this machine's clock is ahead of DingTalk's; null when it could not be asked. */
  readonly skewMs: number | null;
  /** What failed, in words a person can act on; null when the app is let in and the stream can be opened. */
  readonly problem: string | null;
  readonly missing: readonly string[];
}

/**
 * Asked in a way that can do nothing: DingTalk looks at the permission before it looks at the parameters
 * (open.dingtalk.com/document/orgapp/add-api-permission), so that an empty request tells whether it is there.
 */
const PROBES = ['/v1.0/robot/oToMessages/batchSend', '/v1.0/robot/groupMessages/send'];
const CARD_PROBE = '/v1.0/card/instances/createAndDeliver';

/** Credentials, reachability, clock and permissions; sends nothing to anybody. */
export async function checkDingTalk(options: ApiOptions & { readonly cards: boolean }): Promise<Checked> {
  const api = createApi(options);
  const base = options.apiUrl ?? 'https://api.dingtalk.com';
  const skewMs = await skew(base, options.now);
  const missing = new Set<string>();
  try {
    await api.accessToken();
    // open.dingtalk.com/document/direction/stream-mode-protocol-access-description: a ticket that nobody uses expires.
    await api.hook(new URL('/v1.0/gateway/connections/open', base), {
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      ua: 'warroom-doctor',
      subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }],
    });
    for (const path of options.cards ? [...PROBES, CARD_PROBE] : PROBES)
      for (const scope of await denied(() => api.call('POST', path, {}))) missing.add(scope);
  } catch (error) {
    return { skewMs, problem: failure(error, 'accessToken').error, missing: [] };
  }
  return { skewMs, problem: null, missing: [...missing] };
}

async function denied(probe: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await probe();
    return [];
  } catch (error) {
    if (!(error instanceof DingTalkError)) throw error;
    if (error.status === null) throw error;
    return error.scopes;
  }
}

async function skew(base: string, clock: () => number): Promise<number | null> {
  try {
    const asked = clock();
    const response = await fetch(base, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header counts whole seconds; half the way there and back is added to what was asked.
    return Number.isFinite(date) ? Math.round((asked + clock()) / 2 - date - 500) : null;
  } catch {
    return null;
  }
}
