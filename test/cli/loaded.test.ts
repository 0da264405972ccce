import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { startServer } from '../support/run.ts';

const SDKS = {
  slack: /^@slack\//,
  teams: /^(?:botbuilder|botframework)/,
  dingtalk: /^dingtalk-stream$/,
  feishu: /^@larksuiteoapi\//,
} as const;
/** Nobody listens there: what matters is what is loaded, not who answers. */
const NOWHERE = 'http://127.0.0.1:9';
const CHAT = {
  none: '',
  slack: `chat: { slack: { apiUrl: '${NOWHERE}/' } }`,
  teams: 'chat: { teams: { mode: playground } }',
  dingtalk: `chat: { dingtalk: { apiUrl: '${NOWHERE}', oapiUrl: '${NOWHERE}' } }`,
  feishu: `chat: { feishu: { domain: '${NOWHERE}' } }`,
} as const;
const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  DINGTALK_CLIENT_ID: 'ding1',
  DINGTALK_CLIENT_SECRET: 'secret',
  FEISHU_APP_ID: 'cli_1',
  FEISHU_APP_SECRET: 'secret',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-loaded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(['none', 'slack', 'teams', 'dingtalk', 'feishu'] as const)(
  'a server with %s configured loads the SDK of no other platform, and no writer of documents',
  { timeout: 60_000 },
  async (configured) => {
    const config = join(folder, 'warroom.yaml');
    const sample = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');
    writeFileSync(config, `${sample}\n${CHAT[configured]}\n`);
    const list = join(folder, 'loaded');
    const server = await startServer(join(folder, 'data'), {
      args: ['--config', config],
      env: {
        ...SECRETS,
        WARROOM_TEST_LOADED: list,
        NODE_OPTIONS: `--import ${pathToFileURL(join(PROJECT, 'test/support/loaded.js'))}`,
      },
    });
    await server.kill('SIGKILL');
    const packages = new Set(readFileSync(list, 'utf8').trim().split('\n'));
    // It does see what is loaded.
    expect(packages).toContain('hono');
    const seen = Object.entries(SDKS).flatMap(([platform, name]) =>
      [...packages].some((one) => name.test(one)) ? [platform] : [],
    );
    expect(seen).toEqual(configured === 'none' ? [] : [configured]);
    expect([...packages].filter((one) => /^(?:docx|pdfkit|fontkit)$/.test(one))).toEqual([]);
  },
);
