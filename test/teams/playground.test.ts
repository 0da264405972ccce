import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNamed, nearest } from '../../commands/index.ts';
import { TEAMS_PATH, teamsPlatform } from '../../src/chat/teams/platform.ts';
import { PROJECT } from '../../src/config.ts';
import { backstage, incidentOf, incidentsOf, until } from '../chat/stage.ts';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { SETTINGS } from '../support/desk.ts';

/** The one person who sits before the playground. */
const ALEX = '00000000-0000-0000-0000-0000000000020';
/** Set it to docs/images to take the pictures of the guide anew. */
const IMAGES = process.env.WARROOM_IMAGES ?? null;
const POOL = [
  'javax.resource.ResourceException: Error in allocating a connection. Cause: In-use connections equal max-pool-size and expired max-wait-time. Cannot allocate more connections.',
  'RAR5117 : Failed to obtain/create connection from connection pool [ FeePool ]. Reason : In-use connections equal max-pool-size and expired max-wait-time.',
];

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) =>
      one.id === 'emergency-lead' ? { ...one, accounts: { teams: ALEX } } : one,
    ),
  },
};

let server: Server;
let client: ChildProcess;
let browser: Browser;
let page: Page;
let back: Awaited<ReturnType<typeof backstage>>;

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

describe.skipIf(CHROMIUM === null)(`Microsoft's own client (${WITHOUT_CHROMIUM})`, () => {
  beforeAll(async () => {
    back = await backstage({
      settings,
      platforms: (store, logged) => [
        teamsPlatform({
          app: null,
          hears: 'everything',
          rooms: 'here',
          people: settings.config.people,
          language: 'zh',
          org: 'apusic',
          publicUrl: null,
          isCommand: (word) => commandNamed(word) !== null,
          resembles: (word) => nearest(word).length > 0,
          isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
          now: Date.now,
          log: (what, detail) => logged.push({ what, detail }),
          remember: (key, value) => store.putNote(`teams:${key}`, value),
          recall: (key) => store.getNote(`teams:${key}`),
        }),
      ],
    });
    const [platform] = back.platforms;
    if (!platform?.door) throw new Error('no door');
    server = createServer(platform.door.listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await platform.start(back.receive);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}${TEAMS_PATH}`;
    const port = await freePort();
    client = spawn(
      process.execPath,
      [
        '--require',
        join(PROJECT, 'test/teams/loopback.cjs'),
        join(PROJECT, 'node_modules/@microsoft/m365agentsplayground/cli.js'),
        'start',
        '--app-endpoint',
        endpoint,
        '--channel-id',
        'msteams',
        '--port',
        String(port),
        '--service-url',
        `http://127.0.0.1:${port}/_connector`,
        '--disable-telemetry',
      ],
      { env: { ...process.env, TEAMSAPPTESTER_BROWSER: 'none' }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise<void>((resolve, reject) => {
      client.once('exit', (code) => reject(new Error(`the playground ended with ${code}`)));
      client.stdout?.on('data', (text: Buffer) => {
        if (text.includes('Listening')) resolve();
      });
    });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, locale: 'zh-CN' });
    // Offline: what is not on this machine is not there.
    await page.route(
      (url) => url.hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
    await page.goto(`http://127.0.0.1:${port}/`);
    await box().waitFor({ timeout: 20_000 });
  });

  afterAll(async () => {
    await browser?.close();
    client?.removeAllListeners('exit');
    client?.kill();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await back?.close();
  });

  const box = (): Locator => page.locator('[role=textbox][contenteditable=true]').first();
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true }).last();

  async function type(...lines: readonly string[]): Promise<void> {
    await box().click();
    for (const [at, line] of lines.entries()) {
      if (at > 0) await page.keyboard.press('Shift+Enter');
      await page.keyboard.insertText(line);
    }
    await page.keyboard.press('Enter');
  }
  async function press(name: string): Promise<void> {
    await button(name).click({ timeout: 15_000 });
  }
  async function shows(text: string): Promise<void> {
    await page.getByText(text).last().waitFor({ timeout: 15_000 });
  }
  async function picture(name: string): Promise<void> {
    if (IMAGES === null) return;
    mkdirSync(IMAGES, { recursive: true });
    await page.waitForTimeout(400);
    // The conversation alone: the panel of the client's own log lies beside it.
    const clip = { x: 332, y: 48, width: 614, height: 952 };
    await page.screenshot({ path: join(IMAGES, `teams-${name}.png`), clip });
  }
  const incident = () => incidentOf(back);

  it('plays intake, severity, diagnosis, approval, restore and summary', async () => {
    await type('开启');
    await shows('登记来电');
    await page
      .getByLabel('看到了什么', { exact: false })
      .last()
      .fill('社保核心系统全部节点报错，窗口无法办理业务');
    await picture('intake');
    await press('开启');
    await until(back, async () => (await incidentsOf(back)).length === 1);
    for (const answer of ['业务中断：是', '数据受损：否', '影响全网：否']) await press(answer);
    await press('确认黄色');
    await until(back, async () => (await incident()).severity === 'yellow');
    await picture('severity');

    await type(...POOL);
    await until(back, async () =>
      (await incident()).diagnoses.some((one) => one.findings[0]?.fault === 'jdbc-pool-exhausted'),
    );
    await shows('连接池');
    await picture('diagnosis');

    await type('提议 停止异常节点');
    await press('批准');
    await until(back, async () => (await incident()).actions[0]?.approvals.length === 1);
    await picture('approval');
    // The second approver sits elsewhere: in the web room.
    await back.desk.receive({
      kind: 'action',
      command: 'approve',
      args: { id: 'A1' },
      id: 'web-1',
      place: { platform: 'web', workspace: 'local', conversation: '', language: 'zh', org: 'customer' },
      incident: (await incident()).id,
      author: { id: 'owner', name: '系统主管', org: 'customer' },
      at: Date.now(),
      language: 'zh',
    });
    await until(back, async () => (await incident()).actions[0]?.status === 'approved');
    await type('完成 A1 成功');
    await until(back, async () => (await incident()).actions[0]?.status === 'succeeded');
    await type('恢复');
    await until(back, async () => (await incident()).status === 'restored');
    await type('报告');
    await shows('报告草稿');
    await picture('summary');
    // The client knocks once by GET before it sends anything.
    const knock = { what: 'teams: a request was refused', detail: { status: 405, why: 'POST only' } };
    expect(back.logged.filter((one) => JSON.stringify(one) !== JSON.stringify(knock))).toEqual([]);
  }, 120_000);

  it('in a channel the bot is called by name, and asks in a form there', async () => {
    await page.getByText('General').first().click();
    const post = page.locator('[role=textbox][contenteditable=true]').last();
    await post.click();
    await page.keyboard.type('@');
    await page.getByRole('menuitem').filter({ hasText: 'Test Bot' }).click();
    await page.keyboard.insertText(' 开启');
    await page.keyboard.press('Enter');
    await page.getByLabel('看到了什么', { exact: false }).last().fill('频道里登记的事件');
    await picture('channel');
    await press('开启');
    await until(back, async () => (await incidentsOf(back)).some((one) => one.title === '频道里登记的事件'));
  }, 60_000);
});
