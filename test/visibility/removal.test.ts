import { afterEach, expect, it } from 'vitest';
import type { Receipt } from '../../src/chat/port.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';
import { recorder } from './recorder.ts';

let room: TestDesk | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

it('given words wait for a conversation that cannot be reached, when its organisation is removed, then only the farewell arrives', async () => {
  const feishu = recorder('feishu');
  let down = true;
  const { post } = feishu.platform;
  const outage: Receipt = { ok: false, permanent: false, retryAfterMs: 30_000, error: 'down' };
  room = await testDesk({
    platforms: [{ ...feishu.platform, post: async (...given) => (down ? outage : post(...given)) }],
  });
  await room.say('ops', '/应急 开启 社保核心系统 打不开');
  const { id } = await room.incident();
  const by = { id: 'emergency-lead', name: '应急保障负责人', org: 'customer' };
  const given = { by, at: null, backdateReason: null, sources: [] };
  const place = {
    platform: 'feishu',
    workspace: 'w',
    conversation: 'oc-db',
    language: 'zh',
    org: 'dbvendor',
    audience: 'org',
  } as const;
  await room.desk.handle(id, { ...given, body: { type: 'invite-organisation', org: 'dbvendor' } });
  await room.desk.handle(id, { ...given, body: { type: 'open-room', place } });
  await room.say('duty', '/应急 更新 数据库主机已切换');
  await room.advance(1);
  await room.desk.handle(id, {
    ...given,
    body: { type: 'remove-organisation', org: 'dbvendor', reason: '误邀' },
  });
  down = false;
  await room.advance(10);
  expect(feishu.sent).toHaveLength(1);
  expect(feishu.sent[0]?.text).toContain('不再同步到这个会话');
});
