import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../src/config.ts';

const ROUNDS = 5;

/** From `npm start` to the login link on standard output, on an empty data folder and on the one it left. */
export async function run(): Promise<string[]> {
  const data = mkdtempSync(join(tmpdir(), 'warroom-startup-'));
  try {
    const first = await once(data);
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) again.push(await once(data));
    again.sort((a, b) => a - b);
    const middle = again[Math.floor(again.length / 2)] ?? 0;
    return [
      `npm start to login link: ${first.toFixed(2)} s with a new data folder, ${middle.toFixed(2)} s after that (median of ${ROUNDS})`,
    ];
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function once(data: string): Promise<number> {
  const begin = performance.now();
  const child = spawn('npm', ['start', '--silent'], {
    cwd: PROJECT,
    env: { ...process.env, WARROOM_PORT: '0', WARROOM_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString();
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error(`npm start ended: ${errors}`)));
    });
    return (performance.now() - begin) / 1_000;
  } finally {
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // npm starts node as a child of its own: the whole group has to end.
    if (child.exitCode === null && child.pid !== undefined) {
      process.kill(-child.pid, 'SIGTERM');
      await gone;
    }
  }
}
