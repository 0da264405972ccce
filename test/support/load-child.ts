import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import type { CommandBody } from '../../src/incident/commands.ts';
import { type Actor, BOT } from '../../src/incident/events.ts';
import { loadDesk, loadSpec, SETTINGS } from './load-desk.ts';

/**
 * One instance under load, to be killed at any moment. It writes down what was answered only after it was
 * answered, so that whatever stands in that file must be in the store for good.
 */
const spec = loadSpec.parse(JSON.parse(process.argv[2] ?? '{}'));
const answers = join(spec.folder, 'answers.ndjson');

let seed = spec.seed;
/** Small and repeatable; the moment of the kill is what has to be random. */
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}
const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

const { desk, store, arrived } = await loadDesk(spec, loadKnowledge(), random);
desk.engine.start();
process.stdout.write('ready\n');

const people = SETTINGS.config.people.filter((one) => one.org === 'customer');
const actor = (id: string): Actor => {
  const person = SETTINGS.config.people.find((one) => one.id === id);
  return person ? { id, name: person.name, org: person.org } : BOT;
};
const known = (await store.incidents({ openOnly: true })).map((one) => one.id);
let count = 0;

async function run(incident: string, by: string, body: CommandBody): Promise<void> {
  count += 1;
  const key = `load:${spec.run}:${spec.instance}:${count}`;
  const handled = await desk.handle(
    incident,
    { by: actor(by), at: null, backdateReason: null, sources: [], body },
    key,
  );
  if (!handled.ok || handled.events.length === 0) return;
  const events = handled.events.map((one) => [one.position, one.body.type]);
  appendFileSync(answers, `${JSON.stringify({ incident, key, events })}\n`);
}

async function something(): Promise<void> {
  const dice = random();
  const incident = pick(known);
  if (incident === undefined) return;
  if (dice < 0.5) return run(incident, 'duty', { type: 'update-status', text: `正在处理 ${count}` });
  if (dice < 0.6) {
    const severity = pick(['blue', 'yellow', 'orange'] as const) ?? 'blue';
    return run(incident, 'emergency-lead', { type: 'set-severity', severity, reason: '按影响重新判断' });
  }
  if (dice < 0.75) {
    const page = pick([...arrived]);
    if (!page) return;
    arrived.delete(page);
    return run(page.incident, page.person, { type: 'acknowledge', page: page.page, route: 'load' });
  }
  if (dice < 0.8) return run(incident, 'duty', { type: 'escalate', reason: '需要更多人' });
  const author = pick(people);
  if (!author) return;
  count += 1;
  const message = `m:${spec.run}:${spec.instance}:${count}`;
  await store.say([
    {
      incident,
      stream: 'joint',
      kind: 'said',
      message,
      author: actor(author.id),
      occurred: desk.clock.now(),
      recorded: desk.clock.now(),
      text: `现场情况 ${count}`,
      platform: 'web',
      form: 'text',
    },
  ]);
  appendFileSync(answers, `${JSON.stringify({ incident, message })}\n`);
}

async function worker(): Promise<void> {
  for (;;) {
    await something();
    await new Promise((resolve) => setTimeout(resolve, spec.pauseMs));
  }
}
await Promise.all(Array.from({ length: spec.workers }, worker));
