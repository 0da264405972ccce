import { afterEach, describe, expect, it } from 'vitest';
import { wordsOf } from './kit.ts';
import { ROOM, type SlackRoom, type SlackRoomOptions, slackRoom, slackUser } from './room.ts';
import { BOT_USER } from './standin.ts';

let room: SlackRoom;
afterEach(() => room.close());

const ops = slackUser('ops');
const duty = slackUser('duty');
const FAST = { perMinute: 60_000, messages: 15 } as const;

async function opened(more: SlackRoomOptions = {}): Promise<void> {
  room = await slackRoom('socket', { history: FAST, ...more });
  await room.slack.slash(ops, ROOM, '开启 社保核心系统登录失败');
  await room.until(() => room.shown().includes('[业务中断：是]'));
  await room.slack.says(ops, ROOM, '听到的最后一句');
  await room.until(async () => (await room.talk()).length === 1);
}

/** Said while the line is down: the service has it, and no delivery of it comes. */
async function unheard(work: () => Promise<void>): Promise<readonly ((attempt: number) => Promise<void>)[]> {
  room.slack.hold();
  await work();
  return room.slack.letGo();
}

const reads = () => room.slack.calls.filter((one) => one.method === 'conversations.history');
const texts = async () => (await room.talk()).map((one) => one.text);

describe('what was said while the line was down', () => {
  it('is read back in its order when the line stands again, and nothing of it acts', async () => {
    await opened();
    const { slack } = room;
    const late = await unheard(async () => {
      const asked = await slack.says(ops, ROOM, '两台都重启过');
      await slack.says(duty, ROOM, `<@${BOT_USER}> 取证 取证及时`);
      await slack.says(duty, ROOM, 'java.lang.OutOfMemoryError: Java heap space');
      await slack.says(duty, ROOM, '哪两台？', { thread: asked.ts });
      await slack.says('U0OTHERBOT', ROOM, 'build passed');
    });
    slack.cutSockets();
    await room.until(async () => (await room.talk()).length === 5);
    expect(await texts()).toEqual([
      '听到的最后一句',
      '两台都重启过',
      '@战情室 取证 取证及时',
      'java.lang.OutOfMemoryError: Java heap space',
      '哪两台？',
    ]);
    expect(room.shown('duty')).toContain('断线期间的这条命令没有执行');
    const events = async () => room.desk.store.events((await room.incident()).id);
    expect((await events()).some((one) => one.body.type === 'EvidenceCaptured')).toBe(false);
    expect((await events()).filter((one) => one.body.type === 'FaultDiagnosed')).toHaveLength(1);

    // The deliveries come after all, as Slack repeats them for a while.
    for (const send of late) await send(1);
    await room.settle();
    expect(await texts()).toHaveLength(5);
    expect((await events()).some((one) => one.body.type === 'EvidenceCaptured')).toBe(false);
  });

  it('is read in calls of fifteen, from behind the last word that was heard', async () => {
    await opened();
    const { slack } = room;
    await unheard(async () => {
      for (let at = 0; at < 40; at += 1) await slack.says(ops, ROOM, `第 ${at} 句`);
    });
    const before = reads().length;
    await slack.botJoins(ROOM);
    await room.until(async () => (await room.talk()).length === 41);
    expect(
      reads()
        .slice(before)
        .map((one) => one.params.limit),
    ).toEqual(['15', '15', '15']);
    expect((await texts()).slice(1)).toEqual(Array.from({ length: 40 }, (_, at) => `第 ${at} 句`));
    await slack.botJoins(ROOM);
    await room.settle();
    expect(await texts()).toHaveLength(41);
  });

  it('waits for as long as Slack asks, and no longer than until it is stopped', async () => {
    await opened();
    const { slack } = room;
    await unheard(async () => {
      await slack.says(ops, ROOM, '一');
    });
    slack.limit('conversations.history', 1);
    const began = reads().length;
    await slack.botJoins(ROOM);
    await room.until(async () => (await room.talk()).length === 2);
    const [first, second] = reads().slice(began);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('at one call a minute the second page stands out, and stopping does not wait for it', async () => {
    await opened({ history: { perMinute: 1, messages: 15 } });
    const { slack } = room;
    await unheard(async () => {
      for (let at = 0; at < 20; at += 1) await slack.says(ops, ROOM, `第 ${at} 句`);
    });
    await slack.botJoins(ROOM);
    await room.until(() => slack.calls.length > 0);
    await room.settle();
    expect(reads().length).toBeLessThanOrEqual(1);
    // Half a gap is no record: it is read from its beginning the next time.
    expect(await texts()).toEqual(['听到的最后一句']);
  });

  it('in a channel without an incident nothing is read', async () => {
    await opened();
    room.slack.channel('C0LUNCH');
    const before = reads().length;
    await room.slack.botJoins('C0LUNCH');
    await room.settle();
    expect(reads().slice(before)).toEqual([]);
  });
});

describe('a channel that is shared with another workspace', () => {
  it('shows whose people speak: of a known organisation, of an unknown one, or not to be found', async () => {
    await opened();
    const { slack } = room;
    slack.user('U0WANG', '王工', { team: 'T0FINANCE' });
    slack.user('U0LEE', 'Lee', { team: 'T0PARTNER' });
    await slack.says('U0WANG', ROOM, '我们这边也登不上');
    await slack.says('U0LEE', ROOM, 'same here');
    await slack.says('U0HIDDEN', ROOM, '查不到的人');
    await room.until(async () => (await room.talk()).length === 4);
    const spoken = (await room.desk.store.talk((await room.incident()).id, ['joint']))
      .filter((one) => one.author.id.startsWith('slack:'))
      .map((one) => [one.author.name, one.author.org]);
    expect(spoken).toEqual([
      ['王工（外部 fin）', 'fin'],
      ['Lee（外部 T0PARTNER）', 'slack-T0PARTNER'],
      ['未知用户 U0HIDDEN', 'slack'],
    ]);
  });

  it('takes an answer that is also shown in the channel once, in its thread', async () => {
    await opened();
    const { slack } = room;
    const asked = await slack.says(ops, ROOM, '第一台好了吗');
    await slack.says(duty, ROOM, '好了', { thread: asked.ts, subtype: 'thread_broadcast', times: 3 });
    await room.until(async () => (await room.talk()).length === 3);
    await room.settle();
    expect((await texts()).slice(1)).toEqual(['第一台好了吗', '好了']);
    expect(slack.posted.map((one) => wordsOf(one.blocks)).join()).not.toContain('好了吗');
  });
});
