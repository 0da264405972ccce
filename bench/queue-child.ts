import { createInterface } from 'node:readline';
import { Logger, run as runWorker } from 'graphile-worker';
import PgBoss from 'pg-boss';
import { z } from 'zod';
import type { Clock } from '../src/engine/clock.ts';
import { createEngine } from '../src/engine/engine.ts';
import { BOT, type Fact } from '../src/incident/events.ts';
import { evolve } from '../src/incident/evolve.ts';
import type { Store } from '../src/store/port.ts';
import { openPostgresStore } from '../src/store/postgres/index.ts';
import { benchDesk } from './rig.ts';

/** `begun` is what the story's clock shows when the measurement begins. */
type Start = (begun: number) => unknown;

/** One instance of a measurement: gets ready, says so, and begins when it is told to. */
async function main(): Promise<void> {
  const [kind, url] = z
    .tuple([z.enum(['desk', 'ticks', 'sends', 'graphile', 'boss']), z.string()])
    .parse(process.argv.slice(2));
  const start = await prepare(kind, url);
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) await start(Number(line));
}

async function prepare(kind: string, url: string): Promise<Start> {
  switch (kind) {
    case 'graphile':
      return graphile(url);
    case 'boss':
      return boss(url);
    case 'desk':
      return wholeDesk(await openPostgresStore({ url }));
    default:
      return bareEngine(await openPostgresStore({ url }));
  }
}

/** Shows `begun` from now on. */
function clockFrom(begun: number): Clock {
  const real = performance.now();
  const now = (): number => begun + Math.round(performance.now() - real);
  return {
    now,
    at(when, run) {
      const timer = setTimeout(run, Math.max(0, when - now()));
      return () => clearTimeout(timer);
    },
  };
}

function wholeDesk(store: Store): Start {
  return async (begun) => {
    const desk = await benchDesk(store, clockFrom(begun), async () => ({ ok: true, detail: 'taken' }));
    desk.engine.start();
  };
}

/** The engine and the store without the rules: a tick writes one event and one row, a send does nothing. */
function bareEngine(store: Store): Start {
  return (begun) => {
    const clock = clockFrom(begun);
    const tick = async (incident: string): Promise<void> => {
      const loaded = await store.load(incident);
      if (!loaded) throw new Error(`no incident ${incident}`);
      const expected = loaded.version;
      const at = clock.now();
      const body = { type: 'StatusUpdated', text: '到点' } as const;
      const fact: Fact = { by: BOT, occurred: at, recorded: at, backdated: null, sources: [], body };
      const state = evolve(loaded.incident, { ...fact, incident, position: expected + 1 });
      const row = {
        lane: `page:${incident}`,
        priority: 'page',
        mergeKey: null,
        key: `${incident}:${expected + 1}`,
        notBefore: at,
        payload: '{}',
      } as const;
      await store.append({ incident, expected, facts: [fact], state, due: null, outbox: [row] });
      engine.kick();
    };
    const engine = createEngine({
      store,
      clock,
      tick,
      pay: async () => ({ outcome: 'sent' }),
      log: () => {},
    });
    engine.start();
  };
}

/** As fast as its own handbook makes it: jobs fetched and completed in batches. */
function graphile(url: string): Start {
  return async () => {
    await runWorker({
      preset: {
        worker: {
          connectionString: url,
          concurrentJobs: 24,
          maxPoolSize: 16,
          localQueue: { size: 500 },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          pollInterval: 500,
        },
      },
      logger: new Logger(() => () => {}),
      taskList: { noop: async () => {} },
    });
  };
}

function boss(url: string): Start {
  return async () => {
    const mine = new PgBoss({ connectionString: url, max: 16 });
    await mine.start();
    for (let worker = 0; worker < 2; worker += 1) {
      await mine.work('noop', { batchSize: 500, pollingIntervalSeconds: 0.5 }, async () => {});
    }
  };
}

await main();
