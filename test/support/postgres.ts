import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A PostgreSQL server of its own in a temporary folder, on 127.0.0.1 and a free port. */
export interface Cluster {
  readonly version: string;
  /** Address of a new, empty database. */
  database(): string;
  /** Stops it in the middle of everything and starts it again. */
  restart(): void;
  stop(): void;
}

const NOBODY = 65_534;

/** Where the server's programs are, or why there is none. */
export function findPostgres(): { readonly bin: string } | { readonly missing: string } {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  const places = [
    ...versions.map((one) => join(debian, one, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const bin = places.find((place) => runs(join(place, 'initdb')) && runs(join(place, 'pg_ctl')));
  if (bin === undefined) return { missing: 'no PostgreSQL server here (apt-get install postgresql)' };
  if (process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).error) {
    return { missing: 'PostgreSQL refuses to run as root, and setpriv is missing' };
  }
  return { bin };
}

/** `durable` where what is measured is durability; a contract is the same without, and many times faster. */
export async function startPostgres(bin: string, durable = false): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-pg-'));
  const root = process.getuid?.() === 0;
  if (root) chownSync(folder, NOBODY, NOBODY);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, ...args: readonly string[]): string => {
    const [command = '', ...rest] = root
      ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', join(bin, program), ...args]
      : [join(bin, program), ...args];
    return execFileSync(command, rest, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  };
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c max_connections=100${durable ? '' : ' -c fsync=off -c full_page_writes=off'}`;
  const start = (): void => {
    run('pg_ctl', 'start', '-w', '-D', data, '-l', join(folder, 'server.log'), '-o', options);
  };
  const stop = (mode: string): void => {
    run('pg_ctl', 'stop', '-w', '-D', data, '-m', mode);
  };
  run('initdb', '-D', data, '-U', 'warroom', '-A', 'trust', '-E', 'UTF8', '--locale=C');
  start();
  let databases = 0;
  return {
    version: run('postgres', '--version').trim(),
    database() {
      databases += 1;
      const name = `w${databases}`;
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'warroom', name);
      return `postgres://warroom@127.0.0.1:${port}/${name}`;
    },
    restart() {
      stop('immediate');
      start();
    },
    stop() {
      stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
