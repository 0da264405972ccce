import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { PROJECT } from '../../src/config.ts';
import type { Check } from '../../src/doctor/check.ts';
import { diagnoseInstallation } from '../../src/doctor/index.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';

let folder: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-doctor-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

type Yaml = Record<string, unknown>;

/** What the doctor says of the sample with these parts in the place of its own. */
async function ask(
  parts: Yaml = {},
  options: { database?: string; clock?: () => number; environment?: NodeJS.ProcessEnv } = {},
): Promise<readonly Check[]> {
  const sample: Yaml = parse(readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8'));
  const file = join(folder, 'warroom.yaml');
  writeFileSync(file, stringify({ ...sample, ...parts }));
  return diagnoseInstallation({
    config: file,
    file: join(folder, 'none.db'),
    environment: options.environment ?? {},
    clock: options.clock ?? (() => Date.parse('2026-11-24T03:12:00+08:00')),
    database: options.database,
  });
}

const found = (checks: readonly Check[], name: string): Check => {
  const one = checks.find((check) => check.check.includes(name));
  if (!one) throw new Error(`no check "${name}" in ${checks.map((check) => check.check).join(', ')}`);
  return one;
};

/** A real HTTP server that answers everything with one status; what it was asked is kept. */
async function httpAnswering(status: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the doctor finds, each with its fix', () => {
  it('a mail server that cannot be reached, and is content with one that can', async () => {
    const smtp = (port: number): Yaml => ({
      delivery: { smtp: { host: '127.0.0.1', port, from: 'warroom@example.com' } },
    });
    const dead = found(await ask(smtp(await closedPort())), 'SMTP');
    expect(dead).toMatchObject({ state: 'bad' });
    expect(dead.fix).toContain('delivery.smtp');
    const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as AddressInfo;
    expect(found(await ask(smtp(port)), 'SMTP').state).toBe('ok');
  });

  it.each([
    [401, 'bad'],
    [403, 'bad'],
    [404, 'bad'],
    [410, 'bad'],
    [503, 'bad'],
    [405, 'ok'],
    [200, 'ok'],
  ])('a webhook that answers %i: %s; nobody is called by asking', async (status, state) => {
    const { url, asked } = await httpAnswering(status);
    const gateway = { id: 'voice', url: `${url}/call/{{address}}?to={{address}}`, body: '{{text}}' };
    const check = found(await ask({ delivery: { gateways: [gateway] } }), 'gateway voice');
    expect(check.state).toBe(state);
    if (state === 'bad') expect(check.fix).toContain('url');
    expect(asked).toEqual(['HEAD /call/']);
  });

  it('a webhook nobody answers for', async () => {
    const gateway = { id: 'voice', url: `http://127.0.0.1:${await closedPort()}/call` };
    const check = found(await ask({ delivery: { gateways: [gateway] } }), 'gateway voice');
    expect(check).toMatchObject({ state: 'bad', detail: 'fetch failed (ECONNREFUSED)' });
  });

  it('keys and tokens that the environment lacks', async () => {
    const { url } = await httpAnswering(400);
    const gateway = {
      id: 'sms',
      url,
      headers: { 'x-key': '{{env.GATEWAY_KEY}}' },
      sign: {
        scheme: 'aliyun',
        action: 'SendSms',
        version: '2017-05-25',
        keyIdEnv: 'ALIYUN_ID',
        keySecretEnv: 'ALIYUN_SECRET',
      },
      reports: { tokenEnv: 'REPORT_TOKEN', id: 'id', status: 'state' },
    };
    const delivery = { gateways: [gateway] };
    const check = found(await ask({ delivery }), 'gateway sms');
    expect(check).toMatchObject({ state: 'bad' });
    expect(check.detail).toContain('GATEWAY_KEY ALIYUN_ID ALIYUN_SECRET REPORT_TOKEN');
    const environment = { GATEWAY_KEY: '1', ALIYUN_ID: '2', ALIYUN_SECRET: '3', REPORT_TOKEN: '4' };
    // What a cloud says to an unsigned question is no fault of the configuration.
    expect(found(await ask({ delivery }, { environment }), 'gateway sms').state).toBe('ok');
  });

  it('a heartbeat that nobody acknowledges', async () => {
    const { url } = await httpAnswering(404);
    const check = found(await ask({ delivery: { heartbeat: `${url}/beat` } }), 'heartbeat');
    expect(check).toMatchObject({ state: 'bad', detail: 'HTTP 404' });
    expect(check.fix).toContain('delivery.heartbeat');
    const dead = `http://127.0.0.1:${await closedPort()}/beat`;
    expect(found(await ask({ delivery: { heartbeat: dead } }), 'heartbeat').state).toBe('bad');
    const well = await httpAnswering(200);
    expect(found(await ask({ delivery: { heartbeat: well.url } }), 'heartbeat').state).toBe('ok');
  });

  it('a person without any contact, and one whose platform is not configured', async () => {
    const sample: Yaml = parse(readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8'));
    const people = (sample.people as Yaml[]).map((one) => {
      if (one.id === 'rd1') return { ...one, contacts: [] };
      if (one.id === 'cto')
        return { ...one, contacts: [{ method: 'chat', platform: 'slack', address: 'U1' }] };
      return one;
    });
    const checks = (await ask({ people })).filter((one) => one.check.includes('contacts'));
    expect(
      checks.map((one) => [one.state, one.detail.includes('核心研发甲') || one.detail.includes('CTO')]),
    ).toEqual([
      ['bad', true],
      ['bad', true],
    ]);
  });

  it('a gap in the roster within fourteen days, and none after it', async () => {
    const rotation = {
      every: 'day',
      people: ['duty', 'duty2'],
      since: '2026-11-02',
      hours: { from: '08:00', to: '20:00' },
    };
    const check = found(await ask({ rotations: { '1': rotation } }), 'roster');
    expect(check.state).toBe('bad');
    expect(check.fix).toContain('overrides');
    const { hours: _hours, ...whole } = rotation;
    expect(found(await ask({ rotations: { '1': whole } }), 'roster').state).toBe('ok');
  });
});

const postgres = findPostgres();
describe.skipIf('missing' in postgres)(
  `the doctor and a shared database (${'missing' in postgres ? postgres.missing : 'PostgreSQL'})`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      if ('missing' in postgres) throw new Error(postgres.missing);
      cluster = await startPostgres(postgres.bin);
    }, 60_000);
    afterAll(() => cluster?.stop());

    it.each([
      [0, 'ok'],
      [-10_000, 'warn'],
      [5 * 60_000, 'bad'],
    ])('a machine that is %i ms off the database’s time: %s', async (off, state) => {
      const checks = await ask({}, { database: cluster.database(), clock: () => Date.now() + off });
      const check = found(checks, 'clock skew');
      expect(check.state).toBe(state);
      if (state !== 'ok') expect(check.fix).toContain('NTP');
      expect(found(checks, 'database').state).toBe('ok');
    });

    it('a database that cannot be reached', async () => {
      const database = `postgres://warroom@127.0.0.1:${await closedPort()}/warroom`;
      const check = found(await ask({}, { database }), 'database');
      expect(check.state).toBe('bad');
      expect(check.fix).toContain('WARROOM_DATABASE');
    });
  },
);
