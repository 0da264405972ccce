import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatPlatform } from '../src/chat/port.ts';
import { loadSettings, PROJECT } from '../src/config.ts';
import type { ContactMethod } from '../src/contact/port.ts';
import { createDesk, type Desk } from '../src/desk.ts';
import { loadKnowledge } from '../src/diagnosis/index.ts';
import type { Clock } from '../src/engine/clock.ts';
import type { CommandBody } from '../src/incident/commands.ts';
import type { Store } from '../src/store/port.ts';

const settings = loadSettings(join(PROJECT, 'warroom.sample.yaml'));
const knowledge = loadKnowledge();

/** A desk that calls nobody. */
export function benchDesk(
  store: Store,
  clock: Clock,
  contact: ContactMethod,
  platforms: readonly ChatPlatform[] = [],
): Promise<Desk> {
  return createDesk({ settings, knowledge, store, clock, contact, platforms, log: () => {} });
}

/** Runs one command as a person of the roster; throws when the rules refuse it. */
export async function command(desk: Desk, incident: string, by: string, body: CommandBody): Promise<void> {
  const person = settings.config.people.find((one) => one.id === by);
  const actor = { id: by, name: person?.name ?? by, org: person?.org ?? 'vendor' };
  const handled = await desk.handle(incident, {
    by: actor,
    at: null,
    backdateReason: null,
    sources: [],
    body,
  });
  if (!handled.ok) throw new Error(`refused: ${handled.refusal.code}`);
}

export function report(id: string): CommandBody {
  return {
    type: 'report',
    code: id,
    kind: 'fault',
    title: '批量作业失败',
    system: { id: 'social-insurance', name: '社保核心系统' },
    intake: { channel: 'alert', caller: null, number: null, organisation: null, since: null },
    systemDown: true,
    specialTime: false,
    remoteOnly: false,
    exceptional: false,
    place: { platform: 'web', workspace: 'local', conversation: id, language: 'zh', org: 'customer' },
    knowledge: 'bench',
  };
}

/** A folder for one measurement, gone after it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
