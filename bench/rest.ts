import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock, virtualClock } from '../src/engine/clock.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { benchDesk, command, inFolder, quantile, report } from './rig.ts';

const FEW = 100;
const MANY = 100_000;
const REST_MS = 10_000;
const COMMANDS = 300;

export async function run(): Promise<string[]> {
  return inFolder(async (folder) => {
    const small = join(folder, 'few.db');
    const large = join(folder, 'many.db');
    const tomorrow = Date.now() + 24 * 3_600_000;
    await open(small);
    copyFileSync(small, large);
    multiply(large, tomorrow);
    const few = await atRest(small);
    const many = await atRest(large);
    const among = await commands([small, large]);
    const [fewMs = 0, manyMs = 0] = among.map((times) => quantile(times, 0.5));
    return [
      `${MANY} open incidents at rest: ${(many.cpu * 100).toFixed(2)} % of one core, ${many.megabytes.toFixed(0)} MB resident; with ${FEW}: ${(few.cpu * 100).toFixed(2)} %, ${few.megabytes.toFixed(0)} MB`,
      `a command among ${FEW} incidents ${fewMs.toFixed(2)} ms, among ${MANY} ${manyMs.toFixed(2)} ms (medians), ratio ${(manyMs / fewMs).toFixed(2)}`,
    ];
  });
}

async function open(file: string): Promise<void> {
  const store = openSqliteStore({ file });
  const desk = await benchDesk(store, virtualClock(Date.now()), async () => ({ ok: true, detail: '' }));
  for (let index = 0; index < FEW; index += 1)
    await command(desk, `bench-${index}`, 'ops', report(`bench-${index}`));
  await store.close();
  quieten(file, Date.now() + 24 * 3_600_000);
}

/** Nothing is due before tomorrow: what opening them would send is not what is measured. */
function quieten(file: string, when: number): void {
  const raw = new Database(file);
  raw.exec(
    `update outbox set state = 'sent', head = 0, payload = ''; update due set at = ${when}, try_at = ${when}`,
  );
  raw.pragma('wal_checkpoint(truncate)');
  raw.close();
}

/** Copies of the same rows under other names: opening a hundred thousand by command would take an hour of bench. */
function multiply(file: string, when: number): void {
  const raw = new Database(file);
  raw.pragma('journal_mode = WAL');
  raw.exec('create temp table i as select * from incidents; create temp table e as select * from events');
  raw.exec('begin');
  for (let copy = 1; copy < MANY / FEW; copy += 1) {
    const named = (column: string): string => `replace(${column}, 'bench-', 'bench-${copy}-')`;
    raw.exec(`
      insert into incidents select ${named('id')}, version, head, state, over, activity, redacted, rooms, code from i;
      insert into events select ${named('incident')}, position, facts, texts, salt, digest, prev, hash from e;
      insert into due select ${named('id')}, ${when}, ${when} from i;
    `);
  }
  raw.exec('commit');
  raw.pragma('wal_checkpoint(truncate)');
  raw.close();
}

interface AtRest {
  readonly cpu: number;
  readonly megabytes: number;
}

async function atRest(file: string): Promise<AtRest> {
  const store = openSqliteStore({ file });
  const desk = await benchDesk(store, systemClock, async () => ({ ok: true, detail: '' }));
  desk.engine.start();
  await desk.engine.idle();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const used = process.cpuUsage(before);
  const megabytes = process.memoryUsage.rss() / 1_048_576;
  await desk.engine.stop();
  await store.close();
  return { cpu: (used.user + used.system) / 1_000 / REST_MS, megabytes };
}

/** By turns, so that whatever else the machine does meets both. */
async function commands(files: readonly string[]): Promise<readonly (readonly number[])[]> {
  const stores = files.map((file) => openSqliteStore({ file }));
  const desks = await Promise.all(
    stores.map((store) => benchDesk(store, systemClock, async () => ({ ok: true, detail: '' }))),
  );
  const times = desks.map((): number[] => []);
  for (let round = 0; round < COMMANDS; round += 1) {
    for (const [index, desk] of desks.entries()) {
      const begin = performance.now();
      await command(desk, `bench-${round % FEW}`, 'duty', { type: 'update-status', text: `第 ${round} 次` });
      times[index]?.push(performance.now() - begin);
    }
  }
  await Promise.all(stores.map((store) => store.close()));
  return times;
}
