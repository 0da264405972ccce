import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const CHROMIUM = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path)) ?? null;
export const WITHOUT_CHROMIUM = 'needs Chromium: apt-get install chromium, or CHROMIUM=/path/to/it';

export function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error(WITHOUT_CHROMIUM);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
