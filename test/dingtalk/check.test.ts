import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDingTalk } from '../../src/chat/dingtalk/check.ts';
import { SECRET, type Standin, startStandin } from './standin.ts';

let ding: Standin;
beforeEach(async () => {
  ding = await startStandin();
});
afterEach(() => ding.close());

const check = (more: { secret?: string; now?: () => number; cards?: boolean; apiUrl?: string } = {}) =>
  checkDingTalk({
    clientId: ding.client,
    clientSecret: more.secret ?? SECRET,
    apiUrl: more.apiUrl ?? ding.apiUrl,
    oapiUrl: ding.apiUrl,
    now: more.now ?? Date.now,
    cards: more.cards ?? true,
  });
const denied = (scope: string) => ({
  code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
  message: 'no',
  accessdenieddetail: { requiredScopes: [scope] },
});

describe('the check of the DingTalk app', () => {
  it('is content with an app that is let in, and says nothing to anybody', async () => {
    expect(await check()).toMatchObject({ problem: null, missing: [] });
    expect(ding.messages).toEqual([]);
    expect(ding.cards.size).toBe(0);
    expect(ding.connections.size).toBe(0);
  });

  it('names each missing permission', async () => {
    ding.trouble('/v1.0/robot/groupMessages/send', 403, denied('qyapi_robot_sendmsg'));
    ding.trouble('/v1.0/card/instances/createAndDeliver', 403, denied('Card.Instance.Write'));
    expect((await check()).missing).toEqual(['qyapi_robot_sendmsg', 'Card.Instance.Write']);
    ding.trouble('/v1.0/card/instances/createAndDeliver', 403, denied('Card.Instance.Write'));
    expect((await check({ cards: false })).missing).toEqual([]);
  });

  it('tells a wrong secret with where to copy it, and does not print it', async () => {
    const { problem } = await check({ secret: 'wrong-secret' });
    expect(problem).toMatch(/凭证与基础信息/);
    expect(problem).not.toContain('wrong-secret');
  });

  it('measures a clock that is ten minutes ahead, and tells a network that is away', async () => {
    const { skewMs } = await check({ now: () => Date.now() + 600_000 });
    expect(Math.round((skewMs ?? 0) / 10_000)).toBe(60);
    expect(await check({ apiUrl: 'http://127.0.0.1:9' })).toMatchObject({
      skewMs: null,
      problem: expect.stringContaining('连不上钉钉'),
    });
  });
});
