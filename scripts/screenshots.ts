import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PROJECT } from '../src/config.ts';
import { webDeps } from '../src/view/index.ts';
import { createWeb, type Web } from '../src/web/app.tsx';
import { listen } from '../src/web/listen.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { type TestDesk, testDesk } from '../test/support/desk.ts';
import { LOG } from '../test/web/story.ts';
import { visit } from '../test/web/visitor.ts';

/**
 * `node --import tsx scripts/screenshots.ts`: makes the pictures of the README from the real product on a
 * virtual clock, so that they show what it does now and come out the same again.
 */
const FOLDER = join(PROJECT, 'docs/images');
const WIDE = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

async function incidents(desk: TestDesk): Promise<void> {
  await desk.say('ops', '/应急 开启 非税收缴系统全部节点报错，缴费中断');
  await desk.press('ops', 'answer', { interrupted: 'yes' });
  await desk.press('ops', 'answer', { 'whole-network': 'yes' });
  await desk.press('emergency-lead', 'severity', { level: 'red' });
  await desk.press('duty2', 'contact');
}

/** The room as it stands nineteen minutes after the call: diagnosed, one approval given, one awaited. */
async function story(desk: TestDesk): Promise<void> {
  await desk.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  await desk.advance(1);
  await desk.press('duty', 'ack');
  await desk.press('ops', 'answer', { interrupted: 'yes' });
  await desk.press('ops', 'answer', { 'data-damaged': 'no' });
  await desk.press('ops', 'answer', { 'whole-network': 'no' });
  await desk.advance(1);
  await desk.press('emergency-lead', 'severity', { level: 'yellow' });
  await desk.press('duty', 'contact');
  await desk.advance(2);
  await desk.press('duty', 'dispatch');
  await desk.say('ops', '窗口那边从三点开始就办不了业务了，重启过一次前置机没有用');
  await desk.advance(1);
  await desk.say('duty', '先看 server1 的日志，现场把最近的 server.log 贴上来，不用挑');
  await desk.advance(3);
  await desk.say('ops', LOG);
  await desk.advance(3);
  await desk.press('duty', 'page', { who: 'senior-dba' });
}

async function approval(desk: TestDesk): Promise<void> {
  const [finding] = (await desk.incident()).diagnoses.at(-1)?.findings ?? [];
  const step =
    finding?.steps.find((one) => one.risk === 'R1') ?? finding?.steps.find((one) => one.risk !== 'R0');
  if (!step) throw new Error('the diagnosis offers no step to propose');
  await desk.press('duty', 'propose', { step: step.id });
  await desk.say('rd1', '节点 2 的监听昨晚巡检是好的，可以切', { audience: 'own' });
  await desk.advance(2);
  await desk.press('emergency-lead', 'approve', { action: 'A1' });
  await desk.say('duty', '还差系统主管一个批准。切换前我会先把线程栈留三份。');
  await desk.advance(2);
}

/** The database vendor is in: what everybody hears, and what each keeps to itself. */
async function joint(desk: TestDesk): Promise<void> {
  await desk.press('dba', 'ack');
  await desk.say('dba', '监听进程还在，连接数打满：max 500，来自 server1 的占 480');
  await desk.advance(1);
  await desk.say('dba', '昨晚我们升级过驱动，先内部核对版本', { audience: 'own' });
  await desk.say('ops', '窗口排队 60 多人，先保社保卡业务', { audience: 'shared' });
  await desk.say('rd1', '应用侧连接池没有回收，先别说是数据库的问题', { audience: 'own' });
  await desk.say('duty', '请数据库厂商保留现场，先不要重启实例');
  await desk.say('dba', '好，先只清理 server1 的空闲会话');
  await desk.advance(1);
}

/** Somebody without an account, who came by a link. */
async function guest(browser: Browser, web: Web, path: string, name: string): Promise<void> {
  const server = await listen(web.fetch, '127.0.0.1', 0);
  const context = await browser.newContext({ locale: 'zh-CN', ...PHONE });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await page.screenshot({ path: join(FOLDER, `${name}-link.png`), animations: 'disabled' });
  await page.fill('#name', '王工');
  await page.getByRole('button', { name: '确认并进入' }).click();
  await page.locator('.link-state.live').waitFor({ state: 'attached' });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  await context.close();
  await server.close();
  process.stdout.write(`docs/images/${name}-link.png\ndocs/images/${name}.png\n`);
}

async function picture(
  browser: Browser,
  web: Web,
  path: string,
  name: string,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<void> = async () => {},
  person = 'duty',
): Promise<void> {
  const visitor = await visit(browser, web, person, path, options);
  await prepare(visitor.page);
  await visitor.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  await visitor.close();
  if (visitor.complaints.length > 0) throw new Error(`${name}: ${visitor.complaints.join('; ')}`);
  process.stdout.write(`docs/images/${name}.png\n`);
}

mkdirSync(FOLDER, { recursive: true });
const desk = await testDesk();
const browser = await launchBrowser();
let count = 0;
const web = createWeb(
  webDeps(desk.desk, {
    newId: () => {
      count += 1;
      return `picture-${count}`;
    },
    metricsToken: null,
    environment: {},
    failed: (_number, error) => {
      throw error;
    },
  }),
);
try {
  await incidents(desk);
  await story(desk);
  const { code } = await desk.incident();
  const room = `/i/${code}`;
  const toDiagnosis = async (page: Page): Promise<void> => {
    await page.getByRole('link', { name: '看诊断卡' }).click();
    await page.locator('.item:target').waitFor();
  };
  await picture(browser, web, room, 'diagnosis', WIDE, toDiagnosis);
  await approval(desk);
  await picture(browser, web, room, 'room', WIDE);
  await picture(browser, web, room, 'room-dark', { ...WIDE, colorScheme: 'dark' });
  await picture(browser, web, room, 'room-phone', PHONE);
  await picture(browser, web, '/', 'incidents', WIDE);
  await joint(desk);
  await picture(browser, web, room, 'joint-vendor', WIDE);
  await picture(browser, web, room, 'joint-partner', WIDE, async () => {}, 'dba');
  const given = await desk.press('duty', 'guest', { org: 'cloud' });
  const link = given.toAsker?.blocks.flatMap((one) => (one.block === 'code' ? [one.code] : []))[0];
  if (link === undefined) throw new Error('no guest link was given');
  await guest(browser, web, link, 'joint-guest');
} finally {
  await browser.close();
  await desk.close();
}
