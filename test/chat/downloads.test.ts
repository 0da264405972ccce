import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/chat/dingtalk/api.ts';
import { fetchFile as dingtalkFile } from '../../src/chat/dingtalk/files.ts';
import { isPublicHost } from '../../src/chat/public-address.ts';
import { fetchFile as teamsFile } from '../../src/chat/teams/files.ts';

const named = (address: string) => async () => [{ address }];

describe('an address within one’s own network', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '10.0.0.5',
    '172.16.3.4',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[fd00::1]',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
  ])('%s is not gone to', async (host) => {
    expect(await isPublicHost(new URL(`http://${host}/`).hostname)).toBe(false);
  });

  it.each([
    ['93.184.216.34', true],
    ['10.1.2.3', false],
    ['::1', false],
    ['::ffff:10.1.2.3', false],
    ['2606:2800:220:1::1', true],
  ] as const)('nor under a name that stands for it: %s', async (address, allowed) => {
    expect(await isPublicHost('files.vendor.example', named(address))).toBe(allowed);
  });

  it('one bad address among good ones is enough, and so is a name that nobody knows', async () => {
    const mixed = async () => [{ address: '93.184.216.34' }, { address: '127.0.0.1' }];
    expect(await isPublicHost('files.vendor.example', mixed)).toBe(false);
    const unknown = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await isPublicHost('files.vendor.example', unknown)).toBe(false);
  });
});

describe('a file that a message points to', () => {
  let servers: Server[] = [];
  let asked: string[] = [];
  beforeEach(() => {
    servers = [];
    asked = [];
  });
  afterEach(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  const serve = async (name: string, answer: (path: string) => [number, Record<string, string>, string]) => {
    const server = createServer((request, response) => {
      asked.push(`${name} ${request.headers.authorization ?? 'no token'}`);
      const [status, headers, body] = answer(request.url ?? '');
      response.writeHead(status, headers).end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  };
  const stub = (url: string, signed = false) => ({ name: 'x.log', url, signed });
  const options = { maxBytes: 1000, token: async () => 'bot-token' };

  it('is fetched from the platform’s hosts and from those that were configured, and from no other', async () => {
    const inside = await serve('inside', () => [200, {}, 'secrets of the metadata service']);
    const service = 'https://smba.example/teams/';
    for (const url of [
      `http://${inside}/latest/meta-data`,
      'file:///etc/passwd',
      'http://tenant.sharepoint.com/x',
      'https://sharepoint.com.evil.example/x',
      'https://evil.example/.sharepoint.com',
      'https://user@evil.example/x.sharepoint.com',
    ]) {
      const got = await teamsFile(stub(url), service, { ...options, hosts: [] });
      expect([url, got.ok]).toEqual([url, false]);
    }
    expect(asked).toEqual([]);
    const got = await teamsFile(stub(`http://${inside}/x`), service, { ...options, hosts: [inside] });
    expect(got.ok).toBe(true);
  });

  it('is not followed to another host, and takes no token there', async () => {
    const other = await serve('other', () => [200, {}, 'nobody asks here']);
    const first = await serve('first', () => [302, { location: `http://${other}/` }, '']);
    const service = `http://${first}/`;
    for (const signed of [false, true])
      expect(
        (await teamsFile(stub(`http://${first}/x`, signed), service, { ...options, hosts: [first] })).ok,
      ).toBe(false);
    // A picture is asked for with the bot's token where the message came from, and nowhere else.
    await teamsFile(stub(`http://${other}/x`, true), service, { ...options, hosts: [other] });
    expect(asked).toEqual(['first no token', 'first Bearer bot-token']);
  });

  it('is not gone to where DingTalk’s own answer names a place inside', async () => {
    const inside = await serve('inside', () => [200, {}, 'secrets']);
    let downloadUrl = '';
    const apiHost = await serve('api', (path) => {
      const body = path.includes('download') ? { downloadUrl } : { accessToken: 't', expireIn: 7200 };
      return [200, { 'content-type': 'application/json' }, JSON.stringify(body)];
    });
    const api = createApi({
      clientId: 'id',
      clientSecret: 'secret',
      now: Date.now,
      apiUrl: `http://${apiHost}`,
    });
    for (downloadUrl of [
      `http://${inside}/x`,
      'http://localhost.dingtalk.com.evil.example/x',
      'file:///etc/passwd',
    ]) {
      const got = await dingtalkFile('x.log', 'code', { api, robot: 'r', maxBytes: 1000, hosts: [] });
      expect([downloadUrl, got.ok]).toEqual([downloadUrl, false]);
    }
    expect(asked.filter((one) => one.startsWith('inside'))).toEqual([]);
  });

  it('never takes more memory than it may be large', async () => {
    const big = await serve('big', () => [200, {}, 'x'.repeat(5000)]);
    const got = await teamsFile(stub(`http://${big}/x`), `http://${big}/`, { ...options, hosts: [big] });
    expect(got).toMatchObject({ ok: false, why: { zh: expect.stringContaining('超过') } });
  });
});
