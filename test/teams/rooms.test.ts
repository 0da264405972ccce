import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertsOf, wordsOf } from './kit.ts';
import { CHANNEL, type TeamsRoom, THREAD, teamsRoom } from './room.ts';
import { TENANT } from './standin.ts';

let room: TeamsRoom;
beforeEach(async () => {
  room = await teamsRoom();
  await room.teams.says(room.ops, THREAD, '第一句');
  await room.teams.says(room.ops, `a:${room.ops}`, '第一句');
  await room.settle();
});
afterEach(() => room.close());

const from = (conversation: string) =>
  ({ platform: 'teams', workspace: TENANT, conversation, language: 'zh', org: 'apusic' }) as const;
const spec = (conversation: string) => ({
  key: 'i1:1:open-room',
  code: 'INC-20261124-01',
  name: 'INC-20261124-01-社保核心系统',
  topic: '窗口无法办理业务 **粗** <at>值班工程师</at>',
  people: [{ id: 'duty', address: 'aad-duty' }],
  from: from(conversation),
});

describe('a thread of its own', () => {
  it('is begun in the channel with name and topic, once, and calls its people once', async () => {
    const open = () => room.platform.rooms?.open(spec(THREAD));
    const made = await open();
    expect(await open()).toEqual(made);
    const [thread] = room.teams.threads;
    expect(made).toMatchObject({ ok: true, place: { conversation: thread, workspace: TENANT } });
    expect(thread?.startsWith(`${CHANNEL};messageid=`)).toBe(true);
    expect(room.teams.threads).toHaveLength(1);
    const said = room.teams.posted.filter((one) => one.conversation === thread);
    expect(wordsOf(said[0]?.card ?? null)).toContain('INC-20261124-01-社保核心系统');
    expect(said.map((one) => alertsOf(one.card))).toEqual([[], ['aad-duty']]);
    if (made?.ok) await room.platform.rooms?.invite(made.place, spec(THREAD).people);
    expect(room.teams.posted.filter((one) => one.conversation === thread)).toHaveLength(2);
  });

  it('changes its first post with the topic, and says at the end that it is archived', async () => {
    const { rooms } = room.platform;
    const made = await rooms?.open(spec(THREAD));
    if (!made?.ok) throw new Error('no room');
    expect(await rooms?.topic(made.place, '黄色 · 处置中')).toEqual({ ok: true });
    const root = () =>
      wordsOf(room.teams.posted.find((one) => one.conversation === made.place.conversation)?.card ?? null);
    expect(root()).toContain('黄色 · 处置中');
    expect(await rooms?.archive(made.place)).toEqual({ ok: true });
    expect(root()).toContain('已归档');
    expect(root()).toContain('黄色 · 处置中');
  });

  it('is not possible in a personal chat, and says so', async () => {
    const made = await room.platform.rooms?.open(spec(`a:${room.ops}`));
    expect(made).toMatchObject({ ok: false, permanent: true, error: expect.stringContaining('频道') });
  });

  it('waits as long as Teams asks', async () => {
    room.teams.trouble('create', 429, 'TooManyRequests', { retryAfter: 9 });
    expect(await room.platform.rooms?.open(spec(THREAD))).toMatchObject({ ok: false, retryAfterMs: 9000 });
    expect(await room.platform.rooms?.open(spec(THREAD))).toMatchObject({ ok: true });
  });
});
