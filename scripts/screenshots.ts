import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PROJECT } from '../src/config.ts';
import { webDeps } from '../src/view/index.ts';
import { createWeb, type Web } from '../src/web/app.tsx';
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

async function picture(
  browser: Browser,
  web: Web,
  path: string,
  name: string,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const visitor = await visit(browser, web, 'duty', path, options);
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
} finally {
  await browser.close();
  await desk.close();
}
