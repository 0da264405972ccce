import { type Config, configSchema } from '../../src/roster/schema.ts';
import { webDeps } from '../../src/view/index.ts';
import { createWeb, type Web } from '../../src/web/app.tsx';
import type { WebDeps } from '../../src/web/deps.ts';
import { SETTINGS, type TestDesk, testDesk } from './desk.ts';

/** The sample's roster with a second customer, who has a system of its own, and an integrator without any post. */
export const TWO_CUSTOMERS: Config = configSchema.parse({
  ...SETTINGS.config,
  organisations: [
    ...SETTINGS.config.organisations,
    { id: 'water', name: '水务集团', side: 'customer' },
    { id: 'builder', name: '集成商', side: 'integrator' },
  ],
  people: [
    ...SETTINGS.config.people,
    { id: 'water-ops', name: '水务运维', org: 'water', contacts: [{ method: 'room' }] },
    { id: 'builder-eng', name: '集成商工程师', org: 'builder', contacts: [{ method: 'room' }] },
  ],
  systems: [
    ...SETTINGS.config.systems,
    {
      id: 'billing',
      name: '水费计费系统',
      org: 'water',
      criticality: 'important',
      approvers: { 'emergency-lead': { holder: 'water-ops', deputies: [] } },
    },
  ],
});

export interface WebDesk {
  readonly desk: TestDesk;
  readonly web: Web;
  readonly deps: WebDeps;
}

/** The web room over a real desk with two customers. */
export async function webDesk(config: Config = TWO_CUSTOMERS): Promise<WebDesk> {
  const desk = await testDesk({ settings: { ...SETTINGS, config } });
  const deps = webDeps(desk.desk, {
    newId: () => crypto.randomUUID(),
    metricsToken: null,
    environment: {},
    failed: (_number, error) => {
      throw error;
    },
  });
  return { desk, deps, web: createWeb(deps) };
}
