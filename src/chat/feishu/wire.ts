import * as lark from '@larksuiteoapi/node-sdk';
import { errorInAnswer, WireError, wireError } from './wire-error.ts';

export interface Credentials {
  readonly appId: string;
  readonly appSecret: string;
  /** Feishu in China, Lark elsewhere, or the address of an installation of one's own. */
  readonly domain: string;
}

type Log = (what: string, detail: Readonly<Record<string, unknown>>) => void;

/** …/generic-error-code: the token was withdrawn before its time. */
const TOKEN_REFUSED = new Set([99991661, 99991663, 99991664, 99991668, 99991671]);
const TIMEOUT_MS = 10_000;

export interface Wire {
  readonly client: lark.Client;
  /** An answer with `code` 0, or a `WireError` thrown; a token that was withdrawn is fetched anew, once. */
  call<T>(run: (client: lark.Client) => Promise<T>): Promise<T>;
}

export function createWire(app: Credentials, log: Log): Wire {
  // The SDK itself waits for ever.
  lark.defaultHttpInstance.defaults.timeout = TIMEOUT_MS;
  // Its shared cache would mix the tokens of two apps of one id at two addresses.
  const cache = new lark.DefaultCache();
  const client = new lark.Client({
    appId: app.appId,
    appSecret: app.appSecret,
    domain: domainOf(app.domain),
    cache,
    logger: quietLogger(log, app.appSecret),
    loggerLevel: lark.LoggerLevel.warn,
  });
  return {
    client,
    async call(run) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const answer = await run(client);
          const failed = errorInAnswer(answer);
          if (failed) throw failed;
          return answer;
        } catch (error) {
          const failed = wireError(error);
          if (attempt > 1 || failed.code === null || !TOKEN_REFUSED.has(failed.code)) throw failed;
          cache.values.clear();
        }
      }
    },
  };
}

export function domainOf(name: string): lark.Domain | string {
  if (name === 'feishu') return lark.Domain.Feishu;
  return name === 'lark' ? lark.Domain.Lark : name.replace(/\/+$/, '');
}

/** The SDK logs whole requests, the app secret and what people wrote among them: only its own words are kept. */
export function quietLogger(log: Log, secret: string): Logger {
  const say = (level: string, parts: readonly unknown[]): void => {
    const text = parts
      .flat()
      .flatMap((part) => (typeof part === 'string' ? [part] : []))
      .join(' ')
      .replaceAll(secret, '****')
      .replace(/(access_key|ticket|token)=[^&\s]+/g, '$1=****');
    if (text !== '') log(`feishu sdk ${level}`, { text: text.slice(0, 300) });
  };
  return {
    error: (...parts) => say('error', parts),
    warn: (...parts) => say('warning', parts),
    info() {},
    debug() {},
    trace() {},
  };
}

interface Logger {
  error(...parts: readonly unknown[]): void;
  warn(...parts: readonly unknown[]): void;
  info(): void;
  debug(): void;
  trace(): void;
}

/** Nothing answered as it is documented. */
export function unexpected(what: string): WireError {
  return new WireError(`${what}: an answer without what it is documented to hold`, { status: 200 });
}
