import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadSettings } from './config.ts';
import { contactMethods } from './contact/index.ts';
import { createDesk } from './desk.ts';
import { loadKnowledge } from './diagnosis/index.ts';
import { systemClock } from './engine/clock.ts';
import { openSqliteStore } from './store/sqlite/index.ts';
import { webDeps } from './view/index.ts';
import { createWeb } from './web/app.tsx';
import { listen } from './web/listen.ts';

export interface StartOptions {
  readonly config: string | undefined;
  readonly port: number;
  readonly data: string;
  readonly host: string;
}

export interface Running {
  readonly loginLink: string;
  stop(): Promise<void>;
}

/** Chooses and wires: configuration, store, desk, engine, doors. */
export async function startWarroom(options: StartOptions): Promise<Running> {
  // Standard output carries the login link and nothing else; the log goes to standard error.
  const log = pino(
    { level: process.env.WARROOM_LOG ?? 'warn', redact: ['*.token', '*.password', '*.secret'] },
    pino.destination(2),
  );
  const settings = loadSettings(options.config);
  const store = openSqliteStore({ file: join(options.data, 'warroom.db') });
  const desk = await createDesk({
    settings,
    knowledge: loadKnowledge(),
    store,
    clock: systemClock,
    platforms: [],
    contact: contactMethods(settings.config, process.env, []),
    log: (what, detail) => log.warn(detail, what),
  });
  const web = createWeb(
    webDeps(desk, {
      newId: randomUUID,
      metricsToken: process.env.WARROOM_METRICS_TOKEN ?? null,
      failed: (number, error) => log.error({ number, error }, 'web request failed'),
    }),
  );
  try {
    const server = await listen(web.fetch, options.host, options.port);
    desk.engine.start();
    desk.watch.start();
    if (settings.sample) {
      process.stderr.write(
        '使用样例配置 warroom.sample.yaml；复制为 warroom.yaml 后改成自己的。 Using the sample configuration.\n',
      );
    }
    return {
      loginLink: await web.loginLink(settings.config.desk.publicUrl ?? server.url),
      stop: async () => {
        desk.watch.stop();
        await server.close();
        await desk.engine.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
