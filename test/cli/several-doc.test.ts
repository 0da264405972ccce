import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { PROJECT } from '../../src/config.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';

const found = findPostgres();
const reason = 'missing' in found ? found.missing : 'PostgreSQL';

/** The commands of the page, block by block, as somebody would paste them. */
const BLOCKS = [
  ...readFileSync(join(PROJECT, 'docs/several-instances.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
].map((block) => (block[1] ?? '').replaceAll('db.example', '127.0.0.1'));

interface Call {
  readonly instance: string;
  readonly text: string;
}

describe.skipIf('missing' in found)(`the page on several instances, word for word (${reason})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-doc-'));
  const running: ChildProcess[] = [];
  const calls: Call[] = [];
  let cluster: Cluster;
  let env: NodeJS.ProcessEnv;
  let links: readonly string[];

  // A gateway that takes the first instance's calls and never answers them.
  const gateway = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const instance = String(request.headers['x-instance']);
      calls.push({ instance, text: Buffer.concat(chunks).toString('utf8') });
      if (instance !== 'first') response.end('ok');
    });
  });

  const paste = (block: string, more: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn('bash', ['-ec', block], { cwd: PROJECT, env: { ...env, ...more }, detached: true });

  const ended = (child: ChildProcess): Promise<{ readonly code: number | null; readonly out: string }> =>
    new Promise((resolve) => {
      let out = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => {
          out += text;
        });
      child.on('close', (code) => resolve({ code, out }));
    });

  const started = (instance: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = paste(BLOCKS[1] ?? '', {
        WARROOM_INSTANCE: instance,
        WARROOM_PORT: '0',
        WARROOM_DATA: join(folder, instance),
      });
      running.push(child);
      let out = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const link = /^http:\S+$/m.exec(out)?.[0];
        if (link) resolve(link);
      });
      child.once('close', (code) => reject(new Error(`${instance} ended with ${code}: ${out}`)));
    });

  const kill = (child: ChildProcess | undefined, signal: NodeJS.Signals): void => {
    if (child?.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };

  beforeAll(async () => {
    if ('missing' in found) throw new Error(found.missing);
    cluster = await startPostgres(found.bin);
    const address = new URL(cluster.database());
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const { port } = gateway.address() as AddressInfo;
    const sample = parse(readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8'));
    const duty = sample.people.find((one: { id: string }) => one.id === 'duty');
    duty.contacts = [{ method: 'webhook', gateway: 'voice', address: '13800000000' }];
    sample.delivery = {
      gateways: [
        {
          id: 'voice',
          url: `http://127.0.0.1:${port}/call`,
          headers: { 'content-type': 'application/json', 'x-instance': '{{env.WARROOM_INSTANCE}}' },
          body: '{"to":"{{address}}","text":"{{text}}"}',
          probe: `http://127.0.0.1:${port}/well`,
        },
      ],
    };
    writeFileSync(join(folder, 'warroom.yaml'), stringify(sample));
    env = {
      ...process.env,
      PATH: `${found.bin}:${process.env.PATH}`,
      PGHOST: '127.0.0.1',
      PGPORT: address.port,
      PGUSER: 'dba',
      WARROOM_CONFIG: join(folder, 'warroom.yaml'),
      WARROOM_INSTANCE: 'doctor',
    };
    // The test's cluster was made by a role of the name that the page is about to make.
    const admin = `psql -qd postgres -U warroom -c 'create role dba superuser login'
      psql -qd postgres -c 'alter role warroom rename to maker'`;
    expect(await ended(paste(admin))).toEqual({ code: 0, out: '' });
    expect(await ended(paste(BLOCKS[0] ?? ''))).toEqual({ code: 0, out: '' });
    links = await Promise.all([started('first'), started('second')]);
  }, 120_000);

  afterAll(async () => {
    for (const child of running) kill(child, 'SIGKILL');
    await new Promise((resolve) => {
      gateway.close(resolve);
      gateway.closeAllConnections();
    });
    cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let cookie = '';
  const post = (origin: string, path: string, fields: Record<string, string>): Promise<Response> =>
    fetch(origin + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin, cookie },
      redirect: 'manual',
    });

  /** Logged in at the first machine, one types at whichever. */
  async function type(origin: string, line: string): Promise<void> {
    if (cookie === '') {
      const link = new URL(links[0] ?? '');
      const token = link.searchParams.get('token') ?? '';
      const login = await post(link.origin, '/login', { token, person: 'ops' });
      cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    }
    const home = await (await fetch(`${origin}/`, { headers: { cookie } })).text();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(home)?.[1] ?? '';
    expect((await post(origin, '/say', { text: line, _csrf: csrf })).status).toBeLessThan(400);
  }

  it('what is posted to one is paged by the other, also when the one dies with the call on its lips', async () => {
    const by = (instance: string): readonly Call[] => calls.filter((one) => one.instance === instance);
    let posted = 0;
    // Either may be the faster one: post until the first has taken a call that it will not finish.
    while (by('first').length === 0 && posted < 30) {
      await type(new URL(links[0] ?? '').origin, `/应急 开启 社保核心系统无法访问，第 ${posted + 1} 次`);
      posted += 1;
      await expect.poll(() => calls.length, { timeout: 30_000 }).toBe(posted);
    }
    expect(by('first').length).toBe(1);
    kill(running[0], 'SIGKILL');
    await expect.poll(() => by('second').length, { timeout: 40_000 }).toBe(posted);
    const again = by('second').filter((one) => one.text.includes('可能重复'));
    expect(again.map((one) => one.text.includes(`第 ${posted} 次`))).toEqual([true]);
  }, 120_000);

  it('the checks of the page are content', async () => {
    const checked = await ended(paste(BLOCKS[2] ?? ''));
    expect(checked.code, checked.out).toBe(0);
    expect(checked.out).toMatch(/^[0-9a-f]{64}$/m);
    expect(checked.out).toContain('clock skew');
    expect(checked.out).toContain('gateway voice');
  }, 60_000);

  it('the survivor is healthy and takes new incidents from whoever logged in at the other', async () => {
    const { origin } = new URL(links[1] ?? '');
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    const before = calls.length;
    await type(origin, '/应急 开启 非税收缴系统报错');
    await expect.poll(() => calls.length, { timeout: 30_000 }).toBe(before + 1);
  }, 60_000);
});
