import { afterEach, describe, expect, it } from 'vitest';
import { feishuPlatform } from '../../src/chat/feishu/platform.ts';
import { backstage, until } from '../chat/stage.ts';
import { APP_ID, APP_SECRET, BOT, startStandin } from './standin.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('several instances of one app', () => {
  it('each has a connection, and what comes to one and again to the other acts once', async () => {
    const feishu = await startStandin();
    closing.push(() => feishu.close());
    feishu.user('ou_ops', '客户运维');
    feishu.group('oc_lobby', ['ou_ops']);
    const back = await backstage({
      platforms: (store, logged) =>
        Array.from({ length: 2 }, () =>
          feishuPlatform({
            app: { appId: APP_ID, appSecret: APP_SECRET, domain: feishu.domain },
            door: { mode: 'socket' },
            hears: 'addressed',
            rooms: 'here',
            archive: 'rename',
            people: [],
            language: 'zh',
            org: 'apusic',
            publicUrl: null,
            personalLink: null,
            now: Date.now,
            isCommand: () => true,
            log: (what, detail) => logged.push({ what, detail }),
            remember: (key, value) => store.putNote(`feishu:${key}`, value),
            recall: (key) => store.getNote(`feishu:${key}`),
            isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
          }),
        ),
    });
    closing.push(back.close);
    for (const one of back.platforms) {
      await one.start(back.receive);
      closing.push(() => one.stop());
    }
    expect(feishu.open).toBe(2);

    const event = {
      sender: { sender_id: { open_id: 'ou_ops' }, sender_type: 'user' },
      message: {
        message_id: 'om_1',
        create_time: String(Date.now()),
        chat_id: 'oc_lobby',
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: '@_user_1 开启 社保核心系统报错' }),
        mentions: [{ key: '@_user_1', id: { open_id: BOT }, name: '战情室' }],
      },
    };
    for (let time = 0; time < 4; time += 1) await feishu.deliver('im.message.receive_v1', event, 'e1');
    await until(back, () => back.received.length === 2);
    expect(await back.store.incidents()).toHaveLength(1);
  });
});
