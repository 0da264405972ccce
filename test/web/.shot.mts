import { chromium } from 'playwright-core';
import { createFixture } from './fixture.ts';
import { stories } from './story.ts';
import { listen } from '../../src/web/listen.ts';
const only = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(' ') });
for (const [name, o] of Object.entries({
  light: { viewport: { width: 1440, height: 900 } }, dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }, en: { viewport: { width: 1280, height: 800 }, locale: 'en-GB' }, mid: { viewport: { width: 1000, height: 760 } },
} as const)) {
  if (only.length && !only.includes(name)) continue;
  const f = createFixture(stories(name === 'en' ? 'en' : 'zh'), { ticking: true });
  const s = await listen(f.web.fetch, '127.0.0.1', 0);
  const ctx = await browser.newContext({ locale: 'zh-CN', ...o } as never);
  const page = await ctx.newPage();
  page.on('console', m => { if (m.type() === 'error' || m.type()==='warning') console.log(name, m.type(), m.text()); });
  page.on('pageerror', e => console.log(name, 'pageerror', e.message));
  await page.goto(await f.web.loginLink(s.url)); await page.screenshot({ path: `/tmp/shots/${name}-who.png` });
  await page.click('button[value=duty]');
  await page.waitForSelector('.link-state.live', { state: 'attached' });
  await page.screenshot({ path: `/tmp/shots/${name}-home.png` });
  await page.goto(s.url + '/i/INC-20261124-03'); await page.waitForSelector('.link-state.live', { state: 'attached' });
  await page.waitForTimeout(400);
  await page.screenshot({ path: `/tmp/shots/${name}-room.png` });
  const w = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]'); console.log(name, w);
  if (name === 'phone') { await page.click('[data-tab=side]'); await page.screenshot({ path: `/tmp/shots/${name}-side.png` }); await page.click('[data-tab=list]'); await page.screenshot({ path: `/tmp/shots/${name}-list.png` }); await page.click('.tabs [data-tab=talk]'); }
  if (name === 'light') {
    await page.fill('#say', '/'); await page.screenshot({ path: '/tmp/shots/light-palette.png' }); await page.fill('#say', '');
    await page.evaluate('document.querySelector("#scroll").scrollTop=700'); await page.waitForTimeout(100); await page.screenshot({ path: '/tmp/shots/light-mid.png' });
    await page.keyboard.press('Escape'); await page.locator('h1').first().click(); await page.keyboard.press('?'); await page.screenshot({ path: '/tmp/shots/light-keys.png' });
    await page.goto(s.url + '/new'); await page.screenshot({ path: '/tmp/shots/light-new.png' });
    await page.goto(s.url + '/i/INC-20261124-01'); await page.waitForTimeout(300); await page.screenshot({ path: '/tmp/shots/light-red.png' });
    await page.goto(s.url + '/i/INC-20261124-03/print'); await page.screenshot({ path: '/tmp/shots/light-print.png', fullPage: true }); await page.pdf({ path: '/tmp/shots/print.pdf', format: 'A4' }).catch(e=>console.log(String(e)));
    await page.goto(s.url + '/i/INC-20261124-03/timeline'); await page.screenshot({ path: '/tmp/shots/light-timeline.png' });
  }
  console.log(name, f.failures);
  await ctx.close(); await s.close();
}
await browser.close();
