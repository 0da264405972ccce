import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainText } from '../chat/message.ts';
import type { Settings } from '../config.ts';
import { createDesk, type Desk } from '../desk.ts';
import type { Knowledge } from '../diagnosis/index.ts';
import { virtualClock } from '../engine/clock.ts';
import { clocks, type Clock as PlanClock } from '../incident/clocks.ts';
import type { Incident } from '../incident/state.ts';
import { openSqliteStore } from '../store/sqlite/index.ts';
import type { Script } from './script.ts';

const MINUTE = 60_000;

export interface DrillResult {
  readonly incident: Incident;
  readonly clocks: readonly PlanClock[];
  /** Pages that would have gone out, by contact method; nobody real is called. */
  readonly pages: number;
  /** What the bot answered to a line that it refused, with the minute. */
  readonly refusals: readonly string[];
  readonly desk: Desk;
  close(): Promise<void>;
}

/** Plays a script on a virtual clock against a real store: hours in seconds, with every deadline served. */
export async function runDrill(
  script: Script,
  settings: Settings,
  knowledge: Knowledge,
): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-drill-'));
  const start = Date.parse(script.start);
  const clock = virtualClock(start);
  const store = openSqliteStore({ file: join(folder, 'drill.db') });
  let pages = 0;
  let ids = 0;
  const desk = await createDesk({
    settings,
    knowledge,
    store,
    clock,
    platforms: [],
    newId: () => {
      ids += 1;
      return `d${ids}`;
    },
    random: () => 0.5,
    contact: async (contact) => {
      pages += 1;
      return { ok: true, detail: `drill: ${contact.method}` };
    },
    log: () => {},
  });
  desk.engine.start();
  let incident: string | null = null;
  const refusals: string[] = [];
  for (const [index, step] of script.steps.entries()) {
    const wait = start + step.at * MINUTE - clock.now();
    if (wait > 0) await clock.advance(wait);
    const person = settings.config.people.find((one) => one.id === step.by);
    if (!person) throw new Error(`drill: nobody on the roster is called "${step.by}" (step ${index + 1})`);
    const reply = await desk.receive({
      kind: 'text',
      id: `step-${index}`,
      messageId: `step-${index}`,
      place: {
        platform: 'web',
        workspace: 'local',
        conversation: incident ?? 'lobby',
        language: 'zh',
        org: person.org,
      },
      incident,
      author: { id: person.id, name: person.name, org: person.org },
      at: clock.now(),
      language: 'zh',
      text: step.say.trim(),
    });
    if (reply.incident) incident = reply.incident;
    if (reply.toAsker?.tone === 'warn')
      refusals.push(`+${step.at} min ${person.name}: ${plainText(reply.toAsker.headline)}`);
    if (reply.form) refusals.push(`+${step.at} min ${person.name}: ${reply.form.title}`);
    await clock.advance(0);
  }
  const loaded = incident === null ? null : await store.load(incident);
  if (!loaded) throw new Error('drill: the first step must open an incident');
  const plan = await desk.planOf(loaded.incident.pinned.planVersion);
  return {
    incident: loaded.incident,
    clocks: clocks(loaded.incident, plan, clock.now()),
    pages,
    refusals,
    desk,
    close: async () => {
      await desk.engine.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
