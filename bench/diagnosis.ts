import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnose, loadKnowledge, readInto, startDiagnosis } from '../src/diagnosis/index.ts';

const MEGABYTES = 64;
const SHARES = [0.001, 0.01, 0.1];
const ROUNDS = 3;

/** Ordinary server lines; `#` becomes a number, so that no two lines are alike. */
const ORDINARY = [
  '2026-11-24 03:1#:2#,##7 INFO  [http-nio-8080-exec-#] c.g.social.query.QueryController - query finished in ## ms, rows=##, page=#',
  '<Nov 24, 2026 3:1#:#2 AM CST> <Info> <Deployer> <server-149#6#> <Operation activate on application social-core finished on server#.>',
  '[2026-11-24T03:1#:2#.##0+0800] [AAS 10] [INFO] [] [core] [tid: _ThreadID=## _ThreadName=http-thread-pool(#)] [timeMillis: 17639##] [levelValue: 800] [[ request done in ## ms ]]',
  '2026-11-24 03:1#:2#.##9 DEBUG ## --- [scheduling-#] o.s.jdbc.core.JdbcTemplate : Executing prepared SQL statement [select id, name from t_person where id = ?]',
  '10.1.#.## - - [24/Nov/2026:03:1#:2# +0800] "GET /social/api/v1/person/##?page=# HTTP/1.1" 200 ##4 "-" "Mozilla/5.0"',
  '\tat com.gov.social.service.PersonService.lambda$find$#(PersonService.java:##)',
  '2026-11-24 03:1#:2#,#11 WARN  [pool-#-thread-##] c.g.s.cache.LocalCache - entry ##aa#f expired, reloading from source ##',
];

/** Lines that the knowledge asks for, of several faults. */
const TELLING = [
  "<Nov 24, 2026 3:15:#7 AM CST> <Error> <WebLogicServer> <BEA-000337> <[STUCK] ExecuteThread: '##' for queue: 'default' has been busy for \"6##\" seconds>",
  'java.lang.OutOfMemoryError: Java heap space',
  '2026-11-24 03:1#:2# ERROR c.g.Dao - com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure ##',
  'java.net.SocketException: Too many open files (accept ##)',
  'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe ##',
  'com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis ##00, active 20, maxActive 20, creating 0',
  'java.net.UnknownHostException: db-#.internal: Name or service not known',
];

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Writes the log and returns how many bytes it has. */
function generate(path: string, share: number): number {
  const random = numbers(7);
  const fill = (line: string) => line.replace(/#/g, () => String(Math.floor(random() * 10)));
  const file = openSync(path, 'w');
  let written = 0;
  while (written < MEGABYTES * 1024 * 1024) {
    const lines: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      const from = random() < share ? TELLING : ORDINARY;
      lines.push(fill(from[Math.floor(random() * from.length)] ?? ''));
    }
    written += writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
  return statSync(path).size;
}

interface Measured {
  ms: number;
  peakMegabytes: number;
  best: string;
}

/** Runs in a process of its own, so that the peak memory is the diagnosis's and nobody else's. */
function inOwnProcess(path: string): Measured {
  const out = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), path], {
    encoding: 'utf8',
  });
  const [ms = '0', peak = '0', best = ''] = out.trim().split(' ');
  return { ms: Number(ms), peakMegabytes: Number(peak), best };
}

async function child(path: string): Promise<void> {
  const knowledge = loadKnowledge();
  // A short run first: nobody times the engine's warm-up, and ripgrep has none.
  diagnose(TELLING.join('\n'), knowledge);
  const times: number[] = [];
  let best = '';
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const run = startDiagnosis(knowledge);
    await readInto(run, { name: path, pieces: createReadStream(path, { highWaterMark: 4 << 20 }) });
    best = run.finish().findings[0]?.fault ?? 'none';
    times.push(performance.now() - begun);
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${Math.min(...times)} ${peak} ${best}\n`);
}

function ripgrep(path: string, args: string[]): number | undefined {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const done = spawnSync('rg', ['-j1', '--no-config', '-c', ...args, path], { encoding: 'utf8' });
    if (done.error !== undefined || done.status === 2) return undefined;
    times.push(performance.now() - begun);
  }
  return Math.min(...times);
}

/** The knowledge's patterns as ripgrep takes them: by line, group names off, needless escapes off. */
function patternsForRipgrep(sources: readonly string[]): string[] {
  return sources
    .map((source) =>
      source
        .replace(/\(\?P<\w+>/g, '(?:')
        .replaceAll(' ', '\\s+')
        .replaceAll('[\\s\\S]', '.')
        .replaceAll('\\n', '\\r')
        .replace(/\\([^\w.*+?()[\]{}|^$\\#&~-])/g, '$1'),
    )
    .filter((source) => spawnSync('rg', ['-q', '-i', '-e', source, '/dev/null']).status !== 2);
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

/** A fixed amount of plain work, so that a figure from one machine can be read on another. */
function calibration(): number {
  const begun = performance.now();
  let x = 0;
  for (let i = 0; i < 20_000_000; i++) x = (x * 31 + i) | 0;
  return x === 1 ? 0 : performance.now() - begun;
}

/** Ratios against ripgrep on a 64 MB log, peak memory, and a 50-line paste from end to end. */
export async function run(): Promise<string[]> {
  const knowledge = loadKnowledge();
  const report: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'warroom-bench-'));
  try {
    const literalFile = join(folder, 'literals.txt');
    writeFileSync(literalFile, `${knowledge.literals.join('\n')}\n`);
    const patternFile = join(folder, 'patterns.txt');
    const patterns = patternsForRipgrep(
      knowledge.rules.flatMap(({ rule }) => (rule.pattern === undefined ? [] : [rule.pattern])),
    );
    writeFileSync(patternFile, `${patterns.join('\n')}\n`);
    report.push(
      `${knowledge.literals.length} literals, ${knowledge.rules.length} rules, ${MEGABYTES} MB, best of ${ROUNDS}`,
    );
    for (const share of SHARES) {
      const log = join(folder, `server-${share}.log`);
      const size = generate(log, share) / 1024 / 1024;
      const own = inOwnProcess(log);
      const literal = ripgrep(log, ['-i', '-F', '-f', literalFile]);
      const exact = ripgrep(log, [
        '-i',
        '--dfa-size-limit',
        '1G',
        '--regex-size-limit',
        '1G',
        '-f',
        patternFile,
      ]);
      report.push(
        `${share * 100} % of lines hit: ${rate(size, own.ms)} (${own.best}, peak ${own.peakMegabytes} MB)` +
          ` · rg -c, the literals: ${against(size, own.ms, literal)}` +
          ` · rg -c, ${patterns.length} patterns: ${against(size, own.ms, exact)}`,
      );
      rmSync(log);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const random = numbers(3);
  const paste = Array.from({ length: 50 }, (_, line) =>
    (line % 10 === 3 ? TELLING : ORDINARY)[Math.floor(random() * 7)]?.replace(/#/g, '4'),
  ).join('\n');
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const begun = performance.now();
    diagnose(paste, knowledge);
    times.push(performance.now() - begun);
  }
  const first = times[0] ?? 0;
  times.sort((a, b) => a - b);
  report.push(
    `50-line paste: first ${first.toFixed(1)} ms, p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms` +
      ` beside ${calibration().toFixed(0)} ms for 20 million steps of plain arithmetic`,
  );
  return report;
}

function rate(megabytes: number, ms: number): string {
  return `${Math.round((megabytes / ms) * 1000)} MB/s`;
}

function against(megabytes: number, ownMs: number, peerMs: number | undefined): string {
  return peerMs === undefined
    ? 'not run'
    : `${rate(megabytes, peerMs)}, ratio ${(peerMs / ownMs).toFixed(2)}×`;
}

const asChild = process.argv[1] === fileURLToPath(import.meta.url) ? process.argv[2] : undefined;
if (asChild !== undefined) await child(asChild);
