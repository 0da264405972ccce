import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SLACK_PATH } from '../../src/chat/slack/platform.ts';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { diagnoseInstallation } from '../../src/doctor/index.ts';
import { sendTest } from '../../src/doctor/send-test.ts';
import { openPlatforms } from '../../src/platforms.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { listen } from '../../src/web/listen.ts';
import { APP_TOKEN, BOT_TOKEN, startStandin } from './standin.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-slack-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configured(slack: string): string {
  const file = join(folder, 'warroom.yaml');
  const sample = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');
  writeFileSync(file, `${sample}\nchat:\n  slack: ${slack}\n`);
  return file;
}

async function opened(slack: string, environment: NodeJS.ProcessEnv) {
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  try {
    return await openPlatforms(loadSettings(configured(slack)), store, environment, () => {});
  } finally {
    await store.close();
  }
}

describe('chat.slack in warroom.yaml', () => {
  it('an empty variable is named, by the start and by the doctor', async () => {
    await expect(opened('{}', { SLACK_BOT_TOKEN: 'xoxb-1' })).rejects.toThrow('SLACK_APP_TOKEN');
    const checks = await diagnoseInstallation({
      config: configured('{ mode: http, signingSecretEnv: MY_SECRET }'),
      file: join(folder, 'none.db'),
      environment: { SLACK_BOT_TOKEN: 'xoxb-1' },
      clock: Date.now,
    });
    expect(checks.find((one) => one.check === 'Slack')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining('MY_SECRET'),
    });
  });

  it('a test message goes out on request, to a person by each way and to a conversation', async () => {
    const slack = await startStandin();
    try {
      slack.channel('C0OPS');
      slack.user('U0DUTY', '值班工程师');
      const settings = loadSettings(configured(`{ apiUrl: '${slack.apiUrl}' }`));
      const known = settings.config.people.map((one) =>
        one.id === 'duty' ? { ...one, contacts: [], accounts: { slack: 'U0DUTY' } } : one,
      );
      const options = {
        settings: { ...settings, config: { ...settings.config, people: known } },
        environment: { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN },
        database: join(folder, 'doctor.db'),
        now: Date.parse('2026-11-24T03:12:00+08:00'),
      };
      expect(await sendTest('duty', options)).toMatchObject([{ state: 'ok' }]);
      expect(await sendTest('slack:C0OPS', options)).toMatchObject([{ state: 'ok' }]);
      expect(slack.posted.map((one) => one.channel)).toEqual(['DU0DUTY', 'C0OPS']);
      expect(slack.posted[1]?.text).toContain('测试消息');
      const [refused] = await sendTest('slack:C0GONE', options);
      expect(refused).toMatchObject({ state: 'bad', detail: expect.stringContaining('/invite') });
      const [nobody] = await sendTest('nobody', options);
      expect(nobody).toMatchObject({ state: 'bad', fix: expect.stringContaining('slack:C0123ABCD') });
    } finally {
      await slack.close();
    }
  });

  it('a token written into the file is refused', () => {
    expect(() => loadSettings(configured('{ botTokenEnv: xoxb-123 }'))).toThrow(/botTokenEnv/);
  });

  it('by HTTP the one server hands its path over, and keeps the rest for the web', async () => {
    const [slack] = await opened('{ mode: http }', {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'secret',
    });
    const server = await listen(
      () => new Response('the room'),
      '127.0.0.1',
      0,
      slack?.door ? [slack.door] : [],
    );
    try {
      const unsigned = await fetch(`${server.url}${SLACK_PATH}`, { method: 'POST', body: '{}' });
      expect(unsigned.status).toBe(401);
      expect(await (await fetch(`${server.url}/`)).text()).toBe('the room');
    } finally {
      await server.close();
    }
  });

  it('the SDK is loaded only where Slack is configured', () => {
    const files = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !file.startsWith(join('chat', 'slack')),
    );
    const eager = files.filter((file) =>
      /from '(?:@slack\/|[./]+chat\/slack\/)/.test(readFileSync(join(PROJECT, 'src', file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(eager).toEqual([]);
  });
});
