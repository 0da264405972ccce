import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROJECT } from '../../src/config.ts';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { type Started, startServer, warroom } from '../support/run.ts';

const OWN_LOG = [
  '<Nov 24, 2026 3:14:21 AM CST> <Warning> <JDBC> <server-001129> <Received exception while creating connection for pool "SocialDS": IO Error: The Network Adapter could not establish the connection.>',
  '<Nov 24, 2026 3:14:24 AM CST> <Error> <JDBC> <server-001112> <Test "SELECT 1 FROM DUAL" set up for pool "SocialDS" failed with exception: "java.sql.SQLRecoverableException: No more data to read from socket".>',
].join('\n');

/** A real excerpt where the collection lies beside the project, one of our own otherwise. */
function logToPaste(): { text: string; fault: string } {
  const collection = join(PROJECT, '../shared/logs/dev-cases.jsonl');
  if (!existsSync(collection)) return { text: OWN_LOG, fault: 'db-unreachable' };
  const line = z.object({ labels: z.array(z.string()), text: z.string(), hard: z.boolean() });
  const real = readFileSync(collection, 'utf8')
    .trim()
    .split('\n')
    .map((one) => line.parse(JSON.parse(one)))
    .find((one) => one.labels[0] === 'db-unreachable' && !one.hard && one.text.includes('\n'));
  return real ? { text: real.text, fault: 'db-unreachable' } : { text: OWN_LOG, fault: 'db-unreachable' };
}

const data = mkdtempSync(join(tmpdir(), 'warroom-e2e-'));
const shots = join(PROJECT, 'test-output');
let server: Started;
let browser: Browser;
let page: Page;
const problems: string[] = [];

async function become(person: string): Promise<void> {
  const room = page.url();
  await page.goto(`${server.base}/identity`);
  await page.locator(`button[name="person"][value="${person}"]`).click();
  await page.waitForLoadState();
  await page.goto(room);
}

async function type(text: string): Promise<void> {
  const box = page.locator('#say');
  await box.fill(text);
  await box.press('Enter');
  // The box empties once the server has taken the words.
  await expect.poll(() => box.inputValue()).toBe('');
}

const stream = () => page.locator('#messages');
const shot = (name: string) => page.screenshot({ path: join(shots, `${name}.png`) });

describe.skipIf(CHROMIUM === null)(`the main job in a real browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    server = await startServer(data);
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(server.link);
    await page.locator('button[name="person"][value="ops"]').click();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.kill('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  it('1 one line opens a room, the questions are answered, a person confirms', async () => {
    await page.locator('#open-line').fill('/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
    await page.locator('#open-line').press('Enter');
    await page.waitForURL(/\/i\//);
    await stream().getByRole('button', { name: '业务中断：是' }).click();
    await stream().getByRole('button', { name: '数据受损：否' }).click();
    await stream().getByRole('button', { name: '影响全网：否' }).click();
    await stream().getByText('建议定级 🟡 黄色').waitFor();
    await become('emergency-lead');
    await stream().getByRole('button', { name: '确认黄色' }).click();
    await stream()
      .getByText(/^🟡 黄色/)
      .waitFor();
    await shot('1-severity');
  });

  it('2 acknowledges, makes contact and arrives, each with its time', async () => {
    await become('duty');
    await type('/应急 应答');
    await stream().getByText('值班工程师 已应答').waitFor();
    await type('/应急 联系');
    await stream().getByText('首次联系').first().waitFor();
    await type('/应急 到场');
    await stream()
      .getByText(/📍 到场/)
      .waitFor();
    await shot('2-clocks');
  });

  it('3 a pasted log is recognised without being told', async () => {
    const log = logToPaste();
    await type(log.text);
    await stream().getByText('🔎 最可能').waitFor();
    await stream().getByText('重启前先取证').first().waitFor();
    await shot('3-diagnosis');
  });

  it('4 a step is proposed, approved by two people, carried out by a third', async () => {
    await type('/应急 提议 逐台重启应用节点，释放连接');
    await stream().getByText('待批准 A1').waitFor();
    await become('emergency-lead');
    await stream().getByRole('button', { name: '批准', exact: true }).click();
    await stream().getByText('☑ 应急保障负责人').waitFor();
    await become('owner');
    await stream().getByRole('button', { name: '批准', exact: true }).click();
    await stream().getByText('已批准 A1').waitFor();
    await become('duty');
    await stream().getByRole('button', { name: '成功' }).click();
    await stream().getByText('成功 A1').waitFor();
    await shot('4-approved');
  });

  it('6 killed in the middle with SIGKILL, everything is there again', async () => {
    const room = new URL(page.url()).pathname;
    await server.kill('SIGKILL');
    server = await startServer(data);
    await page.goto(server.link);
    await page.locator('button[name="person"][value="duty"]').click();
    await page.goto(`${server.base}${room}`);
    await stream().getByText('成功 A1').waitFor();
    await stream().getByText('🔎 最可能').waitFor();
    expect(await page.getByText('恢复业务').count()).toBeGreaterThan(0);
  });

  it('5 restored, cause, resolved; the report cites what was said', async () => {
    await type('/应急 恢复');
    await stream().getByText('✅ 业务恢复').waitFor();
    await type('/应急 影响 12 个窗口停办 20 分钟，积压 61 笔');
    await type('/应急 原因 数据库监听异常，连接池无连接可建');
    await type('/应急 解决');
    await stream().getByText('✅ 已解决').waitFor();
    await shot('5-resolved');
    await type('/应急 报告');
    const answer = page.locator('#answers');
    await answer.getByText('积压 61 笔').waitFor();
    const download = page.waitForEvent('download');
    await answer.getByRole('link', { name: '故障处理报告.docx' }).click();
    const saved = await (await download).path();
    expect(strFromU8(unzipSync(readFileSync(saved))['word/document.xml'] ?? new Uint8Array())).toContain(
      '积压 61 笔',
    );
    const path = new URL(page.url()).pathname;
    const named = await stream()
      .getByText(/INC-\d{8}-\d+/)
      .first()
      .textContent();
    const code = named?.match(/INC-\d{8}-\d+/)?.[0] ?? '';
    const word = await page.request.get(`${server.base}/i/${code}/report/handling/docx`);
    expect(word.status(), path).toBe(200);
    const text = strFromU8(
      unzipSync(new Uint8Array(await word.body()))['word/document.xml'] ?? new Uint8Array(),
    );
    for (const part of ['故障处理报告', '积压 61 笔', '数据库监听异常']) expect(text).toContain(part);
    const html = await page.request.get(`${server.base}/i/${code}/report/handling/html`);
    expect(await html.text()).toContain('数据库监听异常');
    await page.goto(`${server.base}/i/${code}/report/handling`);
    await shot('6-report');
  });

  it('nothing went wrong in the browser, and the record verifies', async () => {
    // A server that is killed drops its event streams; the browser says so in these words.
    const dropped = /Failed to load resource|ERR_|network error|\[object Event\]/i;
    expect(problems.filter((one) => !dropped.test(one))).toEqual([]);
    await server.kill('SIGTERM');
    const verified = await warroom(['verify', '--data', data]);
    expect(verified.code, verified.out).toBe(0);
    server = await startServer(data);
  });
});
