import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from '../../src/config.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const CLI = ['--import', 'tsx', join(PROJECT, 'src/cli.ts')];

/** Runs the command line as a person would, to its end. */
export function warroom(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...CLI, ...args], {
      cwd: options.cwd ?? PROJECT,
      env: { ...process.env, ...options.env },
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    // A program that refuses early closes its input; that is its answer, not our fault.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export interface Started {
  readonly link: string;
  readonly base: string;
  /** What it wrote to standard error so far. */
  err(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** `warroom start` on a free port; resolves with the login link, which is the first line it prints. */
export function startServer(
  data: string,
  options: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Started> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...CLI, 'start', '--port', '0', '--data', data, ...(options.args ?? [])],
      {
        cwd: PROJECT,
        env: { ...process.env, ...options.env },
      },
    );
    let out = '';
    let err = '';
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const line = out.indexOf('\n');
      if (line < 0) return;
      const link = out.slice(0, line);
      resolve({
        link,
        base: new URL(link).origin,
        err: () => err,
        kill: async (signal) => {
          child.kill(signal);
          await ended;
        },
      });
    });
    child.once('close', (code) => reject(new Error(`warroom start ended with ${code}: ${err}`)));
  });
}
