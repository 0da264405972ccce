import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { virtualClock } from '../src/engine/clock.ts';
import { openPostgresStore } from '../src/store/postgres/index.ts';
import { appending, reported, row } from '../test/store/sample.ts';
import { type Cluster, findPostgres, startPostgres } from '../test/support/postgres.ts';
import { benchDesk, command, report } from './rig.ts';

const CHILD = fileURLToPath(new URL('./queue-child.ts', import.meta.url));
const JOBS = 10_000;
const INSTANCES = 2;
const TOGETHER = 200;
const OPENED = Date.parse('2026-03-02T09:00:00+08:00');
/** Longer than an orange page waits for its answer. */
const LATER_MS = 5 * 60_000;
const LOOK_MS = 20;

/** One way to do ten thousand things that are due in the same second. */
interface Contest {
  readonly kind: 'desk' | 'ticks' | 'sends' | 'graphile' | 'boss';
  readonly what: string;
  prepare(url: string): Promise<void>;
  /** SQL that says whether something is still to be done; counting would cost more than what is measured. */
  readonly left: string;
}

const OURS_LEFT = `select exists (select 1 from due where at <= ${OPENED + LATER_MS})
  or exists (select 1 from outbox where state = 'waiting') as left`;

const CONTESTS: readonly Contest[] = [
  {
    kind: 'graphile',
    what: 'graphile-worker 0.17.3, no-op jobs, batched',
    prepare: fillGraphile,
    left: 'select exists (select 1 from graphile_worker._private_jobs) as left',
  },
  {
    kind: 'boss',
    what: 'pg-boss 10.4.2, no-op jobs, batched',
    prepare: fillBoss,
    left: "select exists (select 1 from pgboss.job where name = 'noop' and state < 'completed') as left",
  },
  {
    kind: 'sends',
    what: 'warroom, no-op sends: claim and settle',
    prepare: (url) =>
      fillOurs(url, (index) => ({ outbox: [row(`page:${index}`, { priority: 'page', notBefore: OPENED })] })),
    left: OURS_LEFT,
  },
  {
    kind: 'ticks',
    what: 'warroom, ticks without rules: claim, event, snapshot, row, send, settle',
    prepare: (url) => fillOurs(url, () => ({ due: OPENED })),
    left: OURS_LEFT,
  },
  {
    kind: 'desk',
    what: 'warroom, whole: time-out, next page, its receipt, the room told',
    prepare: openIncidents,
    left: OURS_LEFT,
  },
];

export async function run(): Promise<string[]> {
  const found = findPostgres();
  if ('missing' in found) return [`skipped: ${found.missing}`];
  const cluster = await startPostgres(found.bin, true);
  try {
    const seconds = new Map<Contest['kind'], number>();
    for (const contest of CONTESTS) seconds.set(contest.kind, await timed(contest, cluster));
    const peer = Math.min(seconds.get('graphile') ?? Infinity, seconds.get('boss') ?? Infinity);
    return CONTESTS.map(({ kind, what }) => {
      const took = seconds.get(kind) ?? Number.NaN;
      return `${JOBS} due in the same second, ${INSTANCES} instances, ${what}: ${took.toFixed(2)} s, ratio ${(took / peer).toFixed(2)} to the faster library`;
    });
  } finally {
    cluster.stop();
  }
}

async function timed(contest: Contest, cluster: Cluster): Promise<number> {
  const url = cluster.database();
  await contest.prepare(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  const children = Array.from({ length: INSTANCES }, () => child(contest.kind, url));
  try {
    await Promise.all(children.map((one) => one.ready));
    const begin = performance.now();
    for (const one of children) one.process.stdin?.write(`${OPENED + LATER_MS}\n`);
    for (;;) {
      const { rows } = await client.query<{ left: boolean }>(contest.left);
      if (rows[0]?.left === false) return (performance.now() - begin) / 1_000;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    for (const one of children) one.process.kill('SIGKILL');
    await client.end();
  }
}

function child(kind: string, url: string): { readonly process: ChildProcess; readonly ready: Promise<void> } {
  const process_ = spawn(process.execPath, ['--import', 'tsx', CHILD, kind, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    process_.stdout.once('data', () => resolve());
    process_.once('exit', (code) => reject(new Error(`an instance ended with ${code} before it was ready`)));
  });
  return { process: process_, ready };
}

async function fillGraphile(url: string): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url });
  await utils.migrate();
  await utils.addJobs(Array.from({ length: JOBS }, () => ({ identifier: 'noop', payload: {} })));
  await utils.release();
}

async function fillBoss(url: string): Promise<void> {
  const boss = new PgBoss(url);
  await boss.start();
  await boss.createQueue('noop');
  await boss.insert(Array.from({ length: JOBS }, () => ({ name: 'noop' })));
  await boss.stop({ wait: true });
}

async function fillOurs(
  url: string,
  rest: (index: number) => Parameters<typeof appending>[3],
): Promise<void> {
  const store = await openPostgresStore({ url });
  await inPortions(async (index) => {
    await store.append(appending(`bench-${index}`, null, [reported()], rest(index)));
  });
  await store.close();
}

async function openIncidents(url: string): Promise<void> {
  const store = await openPostgresStore({ url });
  const desk = await benchDesk(store, virtualClock(OPENED), async () => ({ ok: true, detail: '' }));
  await inPortions(async (index) => {
    const id = `bench-${index}`;
    await command(desk, id, 'ops', report(id));
    await command(desk, id, 'emergency-lead', { type: 'set-severity', severity: 'orange', reason: '全网' });
  });
  await store.close();
  // What opening the incidents would send is not what is measured.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`update outbox set state = 'sent', head = false, payload = ''`);
  await client.end();
}

async function inPortions(one: (index: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < JOBS; first += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, index) => one(first + index)));
  }
}
