import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Clock, virtualClock } from '../src/engine/clock.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { replay } from './replay.ts';
import { benchDesk, command, inFolder, quantile, report } from './rig.ts';

const INCIDENTS = 10_000;
const ROUNDS = 3;
const OPENED = Date.parse('2026-03-02T09:00:00+08:00');
/** Longer than an orange page waits for its answer: then it is repeated or the next person is called. */
const LATER_MS = 5 * 60_000;

export async function run(): Promise<string[]> {
  return inFolder(sameSecond);
}

/** Every incident's page runs out in the same second, after the process was away: all of it comes at once. */
async function sameSecond(folder: string): Promise<string[]> {
  const prepared = join(folder, 'prepared.db');
  await prepare(prepared);
  const ours: Round[] = [];
  const peers: ReturnType<typeof replay>[] = [];
  // Other work on the machine only ever makes a round slower, so the fastest of each is compared.
  for (let round = 0; round < ROUNDS; round += 1) {
    const file = join(folder, `ours-${round}.db`);
    const bare = join(folder, `bare-${round}.db`);
    copyFileSync(prepared, file);
    copyFileSync(prepared, bare);
    ours.push(await serve(file));
    peers.push(replay(bare, file, 'incident'));
  }
  const [best] = ours.sort((a, b) => a.ms - b.ms);
  const [peer] = peers.sort((a, b) => a.ms - b.ms);
  if (!best || !peer) throw new Error('nothing was measured');
  const late = (share: number): string => `${(quantile(best.late, share) / 1_000).toFixed(1)} s`;
  return [
    `${INCIDENTS} incidents due in the same second: ${best.late.length} pages, all done after ${(best.ms / 1_000).toFixed(1)} s; lateness p50 ${late(0.5)}, p99 ${late(0.99)}`,
    `bare loop of ${peer.transactions} durable transactions writing the same ${peer.rows} rows: ${(peer.ms / 1_000).toFixed(1)} s; ratio ${(best.ms / peer.ms).toFixed(2)} (fastest of ${ROUNDS} each)`,
  ];
}

interface Round {
  readonly ms: number;
  /** How late each page was, in milliseconds. */
  readonly late: readonly number[];
}

async function serve(file: string): Promise<Round> {
  const store = openSqliteStore({ file });
  const begin = performance.now();
  const clock: Clock = {
    now: () => OPENED + LATER_MS + Math.round(performance.now() - begin),
    at(when, run) {
      const timer = setTimeout(run, Math.max(0, when - clock.now()));
      return () => clearTimeout(timer);
    },
  };
  const late: number[] = [];
  const desk = await benchDesk(store, clock, async (_contact, call) => {
    if (call.page !== null) late.push(performance.now() - begin);
    return { ok: true, detail: 'taken' };
  });
  const started = performance.now();
  desk.engine.start();
  await desk.engine.idle();
  const ms = performance.now() - started;
  await desk.engine.stop();
  await store.close();
  return { ms, late };
}

async function prepare(file: string): Promise<void> {
  const store = openSqliteStore({ file });
  const desk = await benchDesk(store, virtualClock(OPENED), async () => ({ ok: true, detail: '' }));
  const together = 200;
  for (let first = 0; first < INCIDENTS; first += together) {
    await Promise.all(
      Array.from({ length: together }, async (_, index) => {
        const id = `bench-${first + index}`;
        await command(desk, id, 'ops', report(id));
        await command(desk, id, 'emergency-lead', {
          type: 'set-severity',
          severity: 'orange',
          reason: '全网',
        });
      }),
    );
  }
  await store.close();
  // What opening the incidents would send is not what is measured.
  const raw = new Database(file);
  raw.exec(`update outbox set state = 'sent', head = 0, payload = ''`);
  raw.pragma('wal_checkpoint(truncate)');
  raw.close();
}
