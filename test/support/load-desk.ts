import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import type { Knowledge } from '../../src/diagnosis/index.ts';
import { type Clock, systemClock } from '../../src/engine/clock.ts';
import type { CommandBody } from '../../src/incident/commands.ts';
import type { Plan } from '../../src/incident/plan.ts';
import { readPlanCopy } from '../../src/plan/copy.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/port.ts';

export const SETTINGS = loadSettings(join(PROJECT, 'warroom.sample.yaml'));

export const loadSpec = z.object({
  /** File of a SQLite database or the address of a PostgreSQL one. */
  database: z.string(),
  folder: z.string(),
  run: z.number(),
  instance: z.number(),
  seed: z.number(),
  /** How many times shorter every limit of the plan is; leases and pauses stay what they are. */
  haste: z.number(),
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

export function loadReport(id: string): CommandBody {
  return {
    type: 'report',
    code: id,
    kind: 'fault',
    title: '月结批量作业全部失败',
    system: { id: 'social-insurance', name: '社保核心系统' },
    intake: { channel: 'alert', caller: null, number: null, organisation: null, since: null },
    systemDown: true,
    specialTime: false,
    remoteOnly: false,
    exceptional: false,
    place: { platform: 'web', workspace: 'local', conversation: id, language: 'zh', org: 'customer' },
    knowledge: 'load',
  };
}

/** The plan with every limit shortened: escalations within seconds instead of hours. */
function hastened(plan: Plan, haste: number): Plan {
  const shorten = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shorten);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        typeof inner === 'number' && /minutes$/i.test(key) ? inner / haste : shorten(inner),
      ]),
    );
  };
  return readPlanCopy(shorten(plan), plan);
}

/** A desk whose phones are a file: what stands in it has arrived, whatever the process lived to hear of it. */
export async function loadDesk(
  spec: LoadSpec,
  knowledge: Knowledge,
  random: () => number,
  clock: Clock = systemClock,
): Promise<{ desk: Desk; store: Store; arrived: Set<Arrival> }> {
  const store = await openStore(spec.database);
  const arrived = new Set<Arrival>();
  const file = join(spec.folder, 'arrivals.ndjson');
  const desk = await createDesk({
    settings: { ...SETTINGS, plan: hastened(SETTINGS.plan, spec.haste) },
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
