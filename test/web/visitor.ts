import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Web } from '../../src/web/app.tsx';
import { listen } from '../../src/web/listen.ts';

export interface Visitor {
  readonly page: Page;
  readonly url: string;
  /** Whatever the browser complained of: errors of scripts, blocked content, failed loads. */
  readonly complaints: string[];
  /** Takes the server away, lets something happen, and brings it back at the same address. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A person in a real browser, logged in through the link that the start prints. */
export async function visit(
  browser: Browser,
  web: Web,
  person: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  let server = await listen(web.fetch, '127.0.0.1', 0);
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  await page.goto(await web.loginLink(server.url));
  await page.click(`button[value="${person}"]`);
  await page.goto(server.url + path);
  await page.locator('.link-state.live').waitFor({ state: 'attached' });
  const { url } = server;
  return {
    page,
    url,
    complaints,
    restart: async (meanwhile) => {
      await server.close();
      await meanwhile();
      server = await listen(web.fetch, '127.0.0.1', Number(new URL(url).port));
    },
    close: async () => {
      await context.close();
      await server.close();
    },
  };
}
