import { afterEach, describe, expect, it } from 'vitest';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { BOT_USER } from './standin.ts';

const POOL = [
  'javax.resource.ResourceException: Error in allocating a connection. Cause: In-use connections equal max-pool-size and expired max-wait-time. Cannot allocate more connections.',
  'RAR5117 : Failed to obtain/create connection from connection pool [ FeePool ]. Reason : In-use connections equal max-pool-size and expired max-wait-time.',
].join('\n');

const ops = slackUser('ops');
const duty = slackUser('duty');
const lead = slackUser('emergency-lead');
const owner = slackUser('owner');

describe.each(['socket', 'http'] as const)('the main job in Slack, by %s', (mode) => {
  let room: SlackRoom;
  afterEach(() => room.close());

  it('opens, sets the severity, diagnoses, proposes, approves, restores, resolves', async () => {
    room = await slackRoom(mode);
    const { slack, until } = room;
    await slack.slash(ops, ROOM, '开启 社保核心系统全部节点报错，窗口无法办理业务');
    await until(async () => (await room.incidents()).length === 1);
    await until(() => room.shown().includes('[业务中断：是]'));
    expect((await room.incident()).places.map((one) => one.conversation)).toContain(ROOM);

    for (const answer of ['业务中断：是', '数据受损：否', '影响全网：否'])
      await slack.press(ops, ROOM, answer);
    await until(async () => (await room.incident()).proposed?.severity === 'yellow');
    await slack.slash(lead, ROOM, '定级 黄');
    await until(async () => (await room.incident()).severity === 'yellow');
    await slack.says(duty, ROOM, `<@${BOT_USER}> 应急 应答`);

    await slack.says(duty, ROOM, POOL.replaceAll('<', '&lt;'));
    await until(async () => (await room.incident()).diagnoses.length > 0);
    await until(() => room.shown().includes('jdbc-pool-exhausted') || room.shown().includes('连接池'));

    await slack.slash(duty, ROOM, '提议 停止异常节点');
    await until(async () => (await room.incident()).actions.length === 1);
    await until(() => room.shown().includes('[批准]'));
    await slack.press(lead, ROOM, '批准');
    await until(async () => (await room.incident()).actions[0]?.approvals.length === 1);
    await slack.press(owner, ROOM, '批准');
    await until(async () => (await room.incident()).actions[0]?.status === 'approved');

    await slack.says(duty, ROOM, `<@${BOT_USER}> 完成 A1 成功`);
    await until(async () => (await room.incident()).actions[0]?.status === 'succeeded');
    await slack.slash(ops, ROOM, '恢复');
    await until(async () => (await room.incident()).status === 'restored');
    await slack.slash(duty, ROOM, '原因 报表模块没有归还连接');
    await slack.slash(duty, ROOM, '解决');
    await until(async () => (await room.incident()).status === 'resolved');
  });
});
