import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadSettings } from './config.ts';
import { contactMethods } from './contact/index.ts';
import { createDesk } from './desk.ts';
import { loadKnowledge } from './diagnosis/index.ts';
import { systemClock } from './engine/clock.ts';
import { sharedClock } from './engine/shared-clock.ts';
import { startBackfill } from './learning/backfill.ts';
import { openPlatforms } from './platforms.ts';
import { openStore } from './store/open.ts';
import { threadWriter } from './summary/write/worker/writer.ts';
import { webDeps } from './view/index.ts';
import { oidcDoor } from './view/sign-in.ts';
import { createWeb } from './web/app.tsx';
import { listen } from './web/listen.ts';

export interface StartOptions {
  readonly config: string | undefined;
  readonly port: number;
  readonly data: string;
  /** `postgres://…` when several instances share one database; otherwise a file in the data folder. */
  readonly database: string | undefined;
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
  const store = await openStore(options.database ?? join(options.data, 'warroom.db'));
  const warn = (what: string, detail: Readonly<Record<string, unknown>>): void => log.warn(detail, what);
  // With several instances no machine's own clock decides when a page is due.
  const ask = store.now;
  const shared = ask ? await sharedClock(systemClock, () => ask(), warn) : null;
  const clock = shared ?? systemClock;
  const platforms = await openPlatforms(settings, store, process.env, warn);
  const writer = threadWriter();
  const desk = await createDesk({
    settings,
    knowledge: loadKnowledge(),
    store,
    clock,
    platforms,
    write: writer.write,
    contact: contactMethods(settings.config, process.env, platforms),
    log: warn,
  });
  const web = createWeb(
    webDeps(desk, {
      newId: randomUUID,
      metricsToken: process.env.WARROOM_METRICS_TOKEN ?? null,
      environment: process.env,
      oidc: oidcDoor(settings.config, process.env, warn),
      failed: (number, error) => log.error({ number, error }, 'web request failed'),
    }),
  );
  try {
    const doors = platforms.flatMap((one) => (one.door ? [one.door] : []));
    const server = await listen(web.fetch, options.host, options.port, doors);
    desk.engine.start();
    desk.watch.start();
    desk.handover.start();
    const backfill = startBackfill(store, warn);
    for (const platform of platforms) {
      // The web room works while a chat platform does not.
      platform.start(desk.receive).catch((error: unknown) => {
        log.error({ platform: platform.name, error: String(error) }, 'chat platform not started');
      });
    }
    if (settings.sample) {
      process.stderr.write(
        '使用样例配置 warroom.sample.yaml；复制为 warroom.yaml 后改成自己的。 Using the sample configuration.\n',
      );
    }
    return {
      loginLink: await web.loginLink(settings.config.desk.publicUrl ?? server.url),
      stop: async () => {
        desk.watch.stop();
        desk.handover.stop();
        for (const platform of platforms) await platform.stop();
        await server.close();
        await desk.engine.stop();
        await writer.stop();
        shared?.stop();
        await backfill.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
