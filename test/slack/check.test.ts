import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSlack } from '../../src/chat/slack/check.ts';
import { NEEDED_SCOPES } from '../../src/chat/slack/scopes.ts';
import { APP_TOKEN, BOT_TOKEN, type Standin, startStandin } from './standin.ts';

let slack: Standin;
beforeEach(async () => {
  slack = await startStandin();
  slack.grant(NEEDED_SCOPES);
});
afterEach(() => slack.close());

describe('the check of the Slack tokens', () => {
  it('says whose they are when all is granted', async () => {
    const checked = await checkSlack({
      botToken: BOT_TOKEN,
      appToken: APP_TOKEN,
      apiUrl: slack.apiUrl,
      clock: Date.now,
    });
    expect(checked).toMatchObject({ ok: true, team: 'stand-in', bot: 'warroom' });
    expect(Math.abs(checked.skewMs ?? Number.NaN)).toBeLessThan(5_000);
  });

  it('measures how far this machine is from the time at Slack', async () => {
    const ahead = () => Date.now() + 600_000;
    const checked = await checkSlack({
      botToken: BOT_TOKEN,
      appToken: null,
      apiUrl: slack.apiUrl,
      clock: ahead,
    });
    expect(Math.round((checked.skewMs ?? 0) / 60_000)).toBe(10);
  });

  it('names the missing scopes', async () => {
    slack.grant(NEEDED_SCOPES.filter((scope) => scope !== 'files:read' && scope !== 'pins:write'));
    const checked = await checkSlack({
      botToken: BOT_TOKEN,
      appToken: null,
      apiUrl: slack.apiUrl,
      clock: Date.now,
    });
    expect(checked).toMatchObject({ ok: false, missing: ['files:read', 'pins:write'] });
  });

  it.each([
    ['xoxb-old', APP_TOKEN, 'auth.test'],
    [BOT_TOKEN, 'xapp-old', 'apps.connections.open'],
  ])('a wrong token (%s, %s) is told without printing it', async (botToken, appToken, method) => {
    const checked = await checkSlack({ botToken, appToken, apiUrl: slack.apiUrl, clock: Date.now });
    expect(checked).toMatchObject({ ok: false });
    const text = JSON.stringify(checked);
    expect(text).toContain(method);
    expect(text).not.toMatch(/xoxb-|xapp-/);
  });
});
