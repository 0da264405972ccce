import { describe, expect, it } from 'vitest';
import type { Call, Outcome } from '../../commands/command.ts';
import { COMMANDS, commandNamed, nearest } from '../../commands/index.ts';
import { readLine } from '../../commands/line.ts';
import { understand } from '../../commands/understand.ts';
import { directoryFor } from '../../src/roster/directory.ts';
import { turnsAt } from '../../src/roster/oncall.ts';
import { PLAN, ROSTER, story } from '../incident/given.ts';

const told = story().reported().proposed();

function typed(line: string): Outcome {
  const read = readLine(line);
  if (!read) throw new Error(`not a command: ${line}`);
  const command = commandNamed(read.word);
  if (!command) throw new Error(`unknown: ${read.word}`);
  const call: Call = {
    text: read.rest,
    args: {},
    author: { id: 'duty', name: '值班工程师', org: 'apusic' },
    incident: told.incident,
    now: told.now,
    language: 'zh',
    plan: PLAN,
    directory: directoryFor(ROSTER, 'social-insurance', told.now, PLAN.zone),
    step: (name) =>
      name === 'stop-node' || name === '11'
        ? {
            id: 'stop-node',
            title: { zh: '停止异常节点', en: 'stop the node' },
            commands: [],
            risk: 'R2',
            approver: 'lead+owner',
            rollback: null,
          }
        : null,
    gapsAhead: () => ({ gaps: [], doubles: [] }),
    onCall: (at) =>
      turnsAt(
        {
          ...ROSTER,
          rotations: {
            '1': { every: 'week', people: ['duty', 'duty2'], since: '2026-11-23', handover: '09:00' },
          },
        },
        at,
        PLAN.zone,
      ),
  };
  return command.run(call);
}

const body = (line: string) => {
  const outcome = typed(line);
  return outcome.kind === 'do' ? outcome.command : outcome;
};

describe('a typed line', () => {
  it.each([
    ['/应急 应答', { type: 'acknowledge' }],
    ['/incident ack', { type: 'acknowledge' }],
    ['@战情室 应答', { type: 'acknowledge' }],
    ['/ack', { type: 'acknowledge' }],
    ['/应急 定级 黄', { type: 'set-severity', severity: 'yellow', reason: null }],
    [
      '/incident severity red whole network',
      { type: 'set-severity', severity: 'red', reason: 'whole network' },
    ],
    ['/应急 回答 业务中断 是', { type: 'answer', answers: { interrupted: true } }],
    ['/incident answer whole-network no', { type: 'answer', answers: { 'whole-network': false } }],
    ['/应急 呼叫 高级DBA', { type: 'page', person: 'dba' }],
    ['/应急 呼叫 数据库高级DBA', { type: 'page', post: 'senior-dba', person: null }],
    ['/应急 呼叫 二级', { type: 'page', tier: 2 }],
    ['/incident page tier 3', { type: 'page', tier: 3 }],
    [
      '/incident propose stop-node server1',
      {
        type: 'propose',
        content: expect.objectContaining({
          step: 'stop-node',
          target: 'server1',
          risk: 'R2',
          requires: ['emergency-lead', 'system-owner'],
        }),
      },
    ],
    [
      '/应急 提议 把连接串改到节点2',
      { type: 'propose', content: expect.objectContaining({ step: null, title: '把连接串改到节点2' }) },
    ],
    ['/应急 批准', { type: 'approve', action: 'A1', breakGlass: null }],
    ['/应急 批准 a1 破例 负责人失联', { type: 'approve', action: 'A1', breakGlass: '负责人失联' }],
    ['/应急 驳回 A1 先查', { type: 'reject', action: 'A1', reason: '先查' }],
    ['/应急 完成 A1 成功 已停', { type: 'carry-out', outcome: 'succeeded', note: '已停' }],
    ['/incident done A1 failed hangs', { type: 'carry-out', outcome: 'failed', note: 'hangs' }],
    ['/应急 原因 连接泄漏', { type: 'state-cause', text: '连接泄漏', confirmed: true }],
    ['/应急 影响 61 笔', { type: 'state-impact', text: '61 笔' }],
    ['/应急 撤回 到场 走错机房', { type: 'withdraw', moment: 'on-site', reason: '走错机房' }],
    ['/应急 暂停 诊断 等客户日志', { type: 'pause', clock: 'diagnosis', reason: '等客户日志' }],
    ['/应急 关闭 误报 浏览器正常', { type: 'close', as: 'false-alarm', reason: '浏览器正常' }],
    [
      '/应急 整改 加告警 @客户运维 2026-12-01',
      { type: 'follow-up', text: '加告警', owner: 'ops', due: '2026-12-01' },
    ],
    [
      '/应急 送达 服务报告 应急保障负责人',
      { type: 'deliver-report', report: 'service', to: '应急保障负责人' },
    ],
    [
      '/应急 远程 server1 只读 客户运维 2小时',
      { type: 'open-session', consentBy: 'ops', scope: 'server1 只读' },
    ],
    ['/应急 升级 现场无法定位', { type: 'escalate', reason: '现场无法定位' }],
    [
      '/应急 关闭 并入 INC-20261124-02 同一故障',
      { kind: 'merge', into: 'INC-20261124-02', reason: '同一故障' },
    ],
  ])('%s', (line, expected) => {
    expect(body(line)).toMatchObject(expected);
  });

  it('who is on call now, and at three on Saturday', () => {
    const shown = (line: string): string => {
      const outcome = typed(line);
      return outcome.kind === 'show' ? JSON.stringify(outcome.message) : '';
    };
    expect(shown('/应急 值班')).toContain('值班工程师，至 11-30 09:00 由 备班工程师 接');
    expect(shown('/应急 值班 周六 03:00')).toContain('11-28 03:00');
    expect(shown('/incident oncall monday 10:00')).toContain('11-30 10:00');
    expect(shown('/incident oncall monday 10:00')).toContain('备班工程师');
  });

  it('an arrival keeps its own time and reason', () => {
    const outcome = typed('/应急 到场 10 分钟前 机房没信号');
    expect(outcome).toMatchObject({ kind: 'do', at: told.now - 600_000, backdateReason: '机房没信号' });
  });

  it('opening reads the kind and whether the system is down from the words', () => {
    expect(typed('/应急 开启 核心交易系统无法访问，全部节点报错')).toMatchObject({
      kind: 'open',
      intake: { kind: 'fault', systemDown: true },
    });
    expect(typed('/incident open 紧急上线 健康申报系统')).toMatchObject({
      kind: 'open',
      intake: { kind: 'go-live', systemDown: false },
    });
  });

  it.each(['开启', '驳回', '原因', '升级', '拒接', '提议'])(
    '/应急 %s without more asks for it in a form',
    (word) => {
      expect(typed(`/应急 ${word}`).kind).toBe('ask');
    },
  );

  it.each(['大家好', '3/4 的节点正常', 'http://host/a/b'])('"%s" is talk', (text) => {
    expect(readLine(text)).toBeNull();
  });
});

describe('names', () => {
  it('every command has a Chinese and an English name, and no two share one', () => {
    const names = COMMANDS.flatMap((one) => [...new Set([one.name, ...one.en, ...one.zh])]);
    expect(new Set(names).size).toBe(names.length);
    for (const one of COMMANDS) {
      expect(one.zh.length).toBeGreaterThan(0);
      expect(one.en).toContain(one.name);
    }
  });

  it.each([
    ['aprove', 'approve'],
    ['sevrity', 'severity'],
    ['批', '批准'],
    ['恢復', '恢复'],
  ])('%s suggests %s', (word, name) => {
    expect(commandNamed(word)).toBeNull();
    expect(nearest(word)).toContain(name);
  });
});

describe('free words', () => {
  const hears = (text: string) => understand(text, told.incident, 'zh')?.command ?? null;
  it.each([
    ['窗口能办了', 'restore'],
    ['已到场', 'arrive'],
    ['到现场了', 'arrive'],
    ['收到', 'ack'],
    ['是误报', 'close'],
    ['影响约 3200 笔交易', 'impact'],
  ])('%s offers %s', (text, command) => {
    expect(hears(text)).toBe(command);
  });
  it.each(['恢复了？', '还没恢复', '没有恢复正常', '数据库能用了吗？', '大家先喝口水'])(
    '"%s" offers nothing',
    (text) => {
      expect(hears(text)).toBeNull();
    },
  );
});
