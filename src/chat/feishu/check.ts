import { z } from 'zod';
import { failure } from './failure.ts';
import { missingNeeds, type Need } from './scopes.ts';
import { type Credentials, createWire } from './wire.ts';

export interface Checked {
  readonly bot: string | null;
  /** What failed, in words; null when the app was recognised. */
  readonly problem: string | null;
  /** Needs of which no permission was granted; null when Feishu did not say what was. */
  readonly missing: readonly Need[] | null;
  /** Whether the app may hear everything that is said in its groups. */
  readonly hearsAll: boolean | null;
  /** How far this machine's clock is ahead of Feishu's; null when Feishu could not be asked. */
  readonly skewMs: number | null;
}

export interface CheckOptions {
  readonly app: Credentials;
  readonly wanted: ReadonlySet<Need['when']>;
  readonly clock: () => number;
}

const info = z.looseObject({ bot: z.looseObject({ app_name: z.string().default('') }) });
const granted = z.looseObject({
  data: z.looseObject({
    scopes: z.array(z.looseObject({ scope_name: z.string(), grant_status: z.number() })),
  }),
});

/** Asks Feishu who the app is and what it may do; sends nothing to anybody. */
export async function checkFeishu(options: CheckOptions): Promise<Checked> {
  const skewMs = await skew(options);
  const wire = createWire(options.app, () => {});
  let bot: string;
  try {
    const answer = await wire.call((client) =>
      client.request<unknown>({ method: 'GET', url: '/open-apis/bot/v3/info' }),
    );
    const read = info.safeParse(answer);
    bot = read.success ? read.data.bot.app_name : '';
  } catch (error) {
    const problem = failure(error, 'bot/v3/info').error;
    return { bot: null, problem, missing: null, hearsAll: null, skewMs };
  }
  try {
    // …/application-v6/scope/list: 1 is granted, and it asks for no permission itself.
    const answer = await wire.call((client) => client.application.v6.scope.list());
    const scopes = new Set(
      granted
        .parse(answer)
        .data.scopes.filter((one) => one.grant_status === 1)
        .map((one) => one.scope_name),
    );
    const missing = missingNeeds(scopes, options.wanted);
    return { bot, problem: null, missing, hearsAll: scopes.has('im:message.group_msg'), skewMs };
  } catch {
    return { bot, problem: null, missing: null, hearsAll: null, skewMs };
  }
}

/** By the header Date of an answer, which counts in seconds; half of the way there and back is not Feishu's. */
async function skew({ app, clock }: CheckOptions): Promise<number | null> {
  const hosts: Readonly<Record<string, string>> = {
    feishu: 'https://open.feishu.cn',
    lark: 'https://open.larksuite.com',
  };
  try {
    const began = clock();
    const response = await fetch(new URL('/open-apis/bot/v3/info', hosts[app.domain] ?? app.domain), {
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    const there = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(there) ? null : (began + clock()) / 2 - (there + 500);
  } catch {
    return null;
  }
}
