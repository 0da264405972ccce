import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PROJECT } from '../../src/config.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { virtualClock } from '../../src/engine/clock.ts';
import type { IncidentEvent } from '../../src/incident/events.ts';
import type { Store, Verification } from '../../src/store/port.ts';
import { type Arrival, arrivalSchema, type LoadSpec, loadDesk, loadReport, SETTINGS } from './load-desk.ts';

const CHILD = fileURLToPath(new URL('./load-child.ts', import.meta.url));
const MINUTE = 60_000;

export interface KillOptions {
  readonly database: string;
  readonly folder: string;
  readonly kills: number;
  /** Processes at work on the same database; each kill takes one of them. */
  readonly instances: number;
  /** Opened, and paged for, before the first kill; the load works on them and opens no others. */
  readonly incidents: number;
  /** How many times shorter every limit of the plan is. */
  readonly haste: number;
  readonly workers?: number;
  readonly pauseMs?: number;
  readonly random?: () => number;
  readonly progress?: (what: string) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly incidents: number;
  readonly events: number;
  readonly answered: number;
  readonly pages: number;
  readonly duplicates: number;
  /** Between the moment a page was called for and its first arrival, in seconds. */
  readonly latestSeconds: number;
  /** Between the end of a page's wait and the event that says so, in seconds: what a dead instance delays. */
  readonly latestTickSeconds: number;
  readonly verification: Verification;
  /** Everything that must not be; empty when every promise was kept. */
  readonly broken: readonly string[];
}

const answerSchema = z.union([
  z.object({
    incident: z.string(),
    key: z.string(),
    events: z.array(z.tuple([z.number(), z.string()])),
  }),
  z.object({ incident: z.string(), message: z.string() }),
]);

/** The load of a killed instance is taken over within this time: a lease, and the moment to notice it. */
const SURVIVOR_MS = 15_000;
const OPENED_TOGETHER = 100;

/** Runs a scripted load, kills it at random moments, lets what is left be done and holds the promises against it. */
export async function killUnderLoad(options: KillOptions): Promise<KillReport> {
  mkdirSync(options.folder, { recursive: true });
  const random = options.random ?? Math.random;
  const base = {
    database: options.database,
    folder: options.folder,
    haste: options.haste,
    incidents: options.incidents,
    workers: options.workers ?? 8,
    pauseMs: options.pauseMs ?? 10,
  };
  const specOf = (run: number, instance: number): LoadSpec => ({
    ...base,
    run,
    instance,
    seed: Math.floor(random() * 2 ** 32),
  });
  const alive = new Map<number, Instance>();
  const killed = new Map<string, number>();
  const progress = options.progress ?? (() => {});
  await openAll(specOf(-1, 0), options.incidents);
  progress(`${options.incidents} incidents are open and paged for`);
  try {
    for (let kill = 0; kill < options.kills; kill += 1) {
      for (let instance = 0; instance < options.instances; instance += 1) {
        if (!alive.has(instance)) alive.set(instance, await start(specOf(kill, instance)));
      }
      await sleep(100 + random() * 900);
      const victim = [...alive.values()][Math.floor(random() * alive.size)];
      if (!victim) throw new Error('nobody to kill');
      if (victim.failed()) throw new Error(`the load ended by itself: ${victim.failed()}`);
      killed.set(`${victim.spec.run}:${victim.spec.instance}`, Date.now());
      await end(victim);
      alive.delete(victim.spec.instance);
      if (kill % 10 === 9) progress(`${kill + 1} kills`);
    }
    // What the last one had under way is the survivors' to send.
    if (alive.size > 0) await sleep(SURVIVOR_MS);
  } finally {
    for (const one of alive.values()) {
      killed.set(`${one.spec.run}:${one.spec.instance}`, Date.now());
      await end(one);
    }
  }
  progress('what is left is done and everything is inspected');
  return finish(specOf(options.kills, 0), options, killed);
}

async function openAll(spec: LoadSpec, incidents: number): Promise<void> {
  const { desk, store } = await loadDesk(spec, loadKnowledge(), () => 0.5);
  const by = (id: string) => {
    const person = SETTINGS.config.people.find((one) => one.id === id);
    return { id, name: person?.name ?? id, org: person?.org ?? 'customer' };
  };
  const rest = { at: null, backdateReason: null, sources: [] };
  for (let first = 0; first < incidents; first += OPENED_TOGETHER) {
    const ids = Array.from(
      { length: Math.min(OPENED_TOGETHER, incidents - first) },
      (_, index) => `load-${first + index + 1}`,
    );
    await Promise.all(
      ids.map(async (id) => {
        await desk.handle(id, { by: by('ops'), ...rest, body: loadReport(id) });
        const body = { type: 'set-severity', severity: 'orange', reason: '业务中断' } as const;
        await desk.handle(id, { by: by('emergency-lead'), ...rest, body });
      }),
    );
  }
  await store.close();
}

interface Instance {
  readonly spec: LoadSpec;
  readonly process: ChildProcess;
  failed(): string | null;
}

async function start(spec: LoadSpec): Promise<Instance> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(spec)], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`the load did not start: ${errors}`)));
  });
  return { spec, process: child, failed: () => (child.exitCode === null ? null : errors || 'no message') };
}

async function end(one: Instance): Promise<void> {
  if (one.process.exitCode !== null || one.process.signalCode !== null) return;
  const gone = new Promise((resolve) => one.process.once('exit', resolve));
  one.process.kill('SIGKILL');
  await gone;
}

/** The last start, in this process and on a clock that only moves once everything due has been done. */
async function finish(
  spec: LoadSpec,
  options: KillOptions,
  killed: ReadonlyMap<string, number>,
): Promise<KillReport> {
  const clock = virtualClock(Date.now());
  const { desk, store } = await loadDesk(spec, loadKnowledge(), () => 0.5, clock);
  desk.engine.start();
  // Long enough for every lease to end and for the pauses after several failures to pass.
  await clock.advance(MINUTE / 2);
  await desk.engine.stop();
  const report = await inspect(store, options, killed);
  await store.close();
  return report;
}

async function inspect(
  store: Store,
  options: KillOptions,
  killed: ReadonlyMap<string, number>,
): Promise<KillReport> {
  const broken: string[] = [];
  const log = new Map<string, readonly IncidentEvent[]>();
  for (const incident of await store.incidents()) log.set(incident.id, await store.events(incident.id));
  const answers = lines(join(options.folder, 'answers.ndjson')).map((one) => answerSchema.parse(one));
  for (const answer of answers) await checkAnswer(answer, store, log, broken);
  const arrivals = new Map<string, Arrival[]>();
  for (const line of lines(join(options.folder, 'arrivals.ndjson'))) {
    const arrival = arrivalSchema.parse(line);
    arrivals.set(arrival.page, [...(arrivals.get(arrival.page) ?? []), arrival]);
  }
  const pages = [...log.values()].flatMap((events) => checkPages(events, arrivals, broken));
  let duplicates = 0;
  for (const [page, each] of arrivals) {
    duplicates += each.length - 1;
    checkDuplicates(page, each, killed, broken);
  }
  for (const id of log.keys()) await checkOrder(id, store, broken);
  const verification = await store.verify();
  if (!verification.ok) broken.push(`verify: ${JSON.stringify(verification)}`);
  const stats = await store.stats(0);
  if (stats.outboxFailed > 0) broken.push(`${stats.outboxFailed} rows were given up`);
  return {
    kills: options.kills,
    incidents: log.size,
    events: [...log.values()].reduce((sum, events) => sum + events.length, 0),
    answered: answers.length,
    pages: pages.length,
    duplicates,
    latestSeconds: Math.max(0, ...pages) / 1_000,
    latestTickSeconds: Math.max(0, ...[...log.values()].flatMap(tickLateness)) / 1_000,
    verification,
    broken,
  };
}

async function checkAnswer(
  answer: z.infer<typeof answerSchema>,
  store: Store,
  log: ReadonlyMap<string, readonly IncidentEvent[]>,
  broken: string[],
): Promise<void> {
  if ('message' in answer) {
    const said = await store.talk(answer.incident, ['joint']);
    const times = said.filter((one) => one.message === answer.message).length;
    if (times !== 1) broken.push(`message ${answer.message} was answered and is there ${times} times`);
    return;
  }
  const events = log.get(answer.incident) ?? [];
  for (const [position, type] of answer.events) {
    if (events[position - 1]?.body.type !== type)
      broken.push(`${answer.incident} event ${position} ${type} was answered and is lost`);
  }
  if (await store.claimInbound(answer.key, 0)) broken.push(`${answer.key} could act twice`);
}

/**
 * How late each page came, in milliseconds. One that was overtaken need not come: it was taken back, somebody
 * answered another one, or the same person was called anew.
 */
function checkPages(
  events: readonly IncidentEvent[],
  arrivals: ReadonlyMap<string, readonly Arrival[]>,
  broken: string[],
): readonly number[] {
  return events.flatMap((event) => {
    if (event.body.type !== 'PersonPaged') return [];
    const { page, person } = event.body;
    const first = arrivals.get(page)?.[0];
    if (first) return [first.at - event.recorded];
    const overtaken = events.some(({ body, position }) => {
      if (position < event.position) return false;
      if (body.type === 'PageWithdrawn') return body.page === page;
      if (body.type === 'PersonPaged') return body.person === person && body.page !== page;
      return body.type === 'PageAcknowledged';
    });
    if (!overtaken) broken.push(`${event.incident} page ${page} never arrived`);
    return [];
  });
}

function tickLateness(events: readonly IncidentEvent[]): readonly number[] {
  const deadlines = new Map<string, number>();
  return events.flatMap(({ body, recorded }) => {
    if (body.type === 'PersonPaged') deadlines.set(body.page, body.acknowledgeBy);
    if (body.type !== 'PageTimedOut') return [];
    return [recorded - (deadlines.get(body.page) ?? recorded)];
  });
}

/** Only what a killed process had under way may come twice, and then it says so. */
function checkDuplicates(
  page: string,
  each: readonly Arrival[],
  killed: ReadonlyMap<string, number>,
  broken: string[],
): void {
  for (const [index, arrival] of each.entries()) {
    if (index === 0) continue;
    if (!arrival.marked) broken.push(`page ${page} came again without a mark`);
    const before = each[index - 1];
    const death = before && killed.get(`${before.run}:${before.instance}`);
    if (death === undefined || death > arrival.at) broken.push(`page ${page} came again though nobody died`);
  }
}

/** What the room hears of an incident comes in the order in which it happened. */
async function checkOrder(incident: string, store: Store, broken: string[]): Promise<void> {
  const heard = (await store.talk(incident, ['joint']))
    .filter((one) => one.form === 'bot' && one.kind === 'said' && one.message.startsWith(`${incident}:`))
    .map((one) => {
      const [, position = '', effect = ''] = one.message.split(':');
      return Number(position) * 1_000 + Number(effect.replace('room-', ''));
    });
  const wrong = heard.findIndex((one, index) => index > 0 && one < (heard[index - 1] ?? 0));
  if (wrong >= 0) broken.push(`${incident} was heard out of order at message ${wrong}`);
  if (new Set(heard).size !== heard.length) broken.push(`${incident} heard a message twice`);
}

function lines(file: string): readonly unknown[] {
  if (!existsSync(file)) return [];
  // A kill may cut the last line short: what was not written whole was not answered.
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
