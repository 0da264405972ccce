import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import type { Knowledge } from '../../src/diagnosis/index.ts';
import type { Clock } from '../../src/engine/clock.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/port.ts';

export const SETTINGS = loadSettings(join(PROJECT, 'warroom.sample.yaml'));
const BEGIN = Date.parse('2026-03-02T09:00:00+08:00');

export const loadSpec = z.object({
  /** File of a SQLite database or the address of a PostgreSQL one. */
  database: z.string(),
  folder: z.string(),
  run: z.number(),
  instance: z.number(),
  seed: z.number(),
  /** Real time at which the story began, and how many times faster it runs. */
  realBegin: z.number(),
  speed: z.number(),
  incidents: z.number(),
  workers: z.number(),
  pauseMs: z.number(),
});
export type LoadSpec = z.infer<typeof loadSpec>;

export const arrivalSchema = z.object({
  run: z.number(),
  instance: z.number(),
  at: z.number(),
  incident: z.string(),
  page: z.string(),
  person: z.string(),
  marked: z.boolean(),
});
export type Arrival = z.infer<typeof arrivalSchema>;

/** The same story time in every process and after every restart. */
export function storyNow(spec: Pick<LoadSpec, 'realBegin' | 'speed'>): number {
  return BEGIN + (Date.now() - spec.realBegin) * spec.speed;
}

function fastClock(spec: LoadSpec): Clock {
  const now = (): number => storyNow(spec);
  return {
    now,
    at(when, run) {
      let timer: NodeJS.Timeout;
      const sleep = (): void => {
        timer = setTimeout(
          () => {
            if (now() < when) sleep();
            else void run();
          },
          Math.max(0, Math.ceil((when - now()) / spec.speed)),
        );
      };
      sleep();
      return () => clearTimeout(timer);
    },
  };
}

/** A desk whose phones are a file: what stands in it has arrived, whatever the process lived to hear of it. */
export async function loadDesk(
  spec: LoadSpec,
  knowledge: Knowledge,
  random: () => number,
  clock: Clock = fastClock(spec),
): Promise<{ desk: Desk; store: Store; arrived: Set<Arrival> }> {
  const store = await openStore(spec.database);
  const arrived = new Set<Arrival>();
  const file = join(spec.folder, 'arrivals.ndjson');
  const desk = await createDesk({
    settings: SETTINGS,
    knowledge,
    store,
    clock,
    platforms: [],
    random,
    log: (what, detail) =>
      appendFileSync(join(spec.folder, 'log.ndjson'), `${JSON.stringify({ what, ...detail })}\n`),
    contact: async (_contact, call) => {
      if (random() < 0.1) return { ok: false, permanent: false, retryAfterMs: null, detail: '503' };
      if (call.page !== null) {
        const incident = (await store.load(call.incident))?.incident;
        const person = incident?.pages.find((one) => one.id === call.page)?.person ?? '';
        const arrival = {
          run: spec.run,
          instance: spec.instance,
          at: clock.now(),
          incident: call.incident,
          page: call.page,
          person,
          marked: /可能重复|possible duplicate/.test(call.text),
        };
        appendFileSync(file, `${JSON.stringify(arrival)}\n`);
        arrived.add(arrival);
      }
      // The answer is on its way back for a while: the moment in which a kill makes a duplicate.
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      return { ok: true, detail: 'recorded' };
    },
  });
  return { desk, store, arrived };
}
