import * as lark from '@larksuiteoapi/node-sdk';
import { type Credentials, domainOf, type quietLogger } from './wire.ts';

export interface LineOptions {
  readonly app: Credentials;
  readonly dispatcher: lark.EventDispatcher;
  readonly logger: ReturnType<typeof quietLogger>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  readonly pongWithinS: number;
}

const AGAIN_MS = 60_000;
const HANDSHAKE_MS = 15_000;

/**
 * The long connection. A socket that is open on this side only, or that Feishu gave up, is opened anew: the SDK does
 * so after a ping without an answer; after what it takes for the end (too many connections) it is started again here.
 */
export function openLine(options: LineOptions): { start(): Promise<void>; stop(): void } {
  const { app, dispatcher, logger, log } = options;
  let client: lark.WSClient | null = null;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;
  let waiting: () => void = () => {};

  function connect(): Promise<void> {
    return new Promise((resolve) => {
      waiting = resolve;
      client = new lark.WSClient({
        appId: app.appId,
        appSecret: app.appSecret,
        domain: domainOf(app.domain),
        logger,
        loggerLevel: lark.LoggerLevel.warn,
        handshakeTimeoutMs: HANDSHAKE_MS,
        wsConfig: { pingTimeout: options.pongWithinS },
        onReady: resolve,
        onReconnected: () => log('feishu: the long connection stands again', {}),
        onReconnecting: () => log('feishu: the long connection is down', {}),
        onError: (error) => {
          log('feishu: the long connection could not be opened', { error: error.message.slice(0, 300) });
          resolve();
          if (!stopped) again = setTimeout(() => void connect(), AGAIN_MS);
        },
      });
      void client.start({ eventDispatcher: dispatcher });
    });
  }

  return {
    async start() {
      // The SDK says nothing but a line in its log, and then never connects.
      if (!/^cli_[0-9a-f]{16}$/i.test(app.appId))
        throw new Error(
          'feishu: App ID 形如 cli_ 加 16 位十六进制，请核对环境变量 / an App ID is cli_ and sixteen hex digits: check the environment variable',
        );
      await connect();
    },
    stop() {
      stopped = true;
      clearTimeout(again);
      client?.close({ force: true });
      waiting();
    },
  };
}
