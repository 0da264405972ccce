import type { Env } from '../commands.ts';
import type { Fact } from '../events.ts';
import type { Shutdown } from '../plan.ts';
import type { Incident } from '../state.ts';
import { consequence } from './case.ts';

/** Orange and red open with a protective shutdown on the table (保护性关闭, plan L188, L193); people decide. */
export function protectiveShutdown(state: Incident, scope: Shutdown, env: Env): readonly Fact[] {
  const open = state.actions.some((action) => action.content.kind === 'protective-shutdown');
  if (open) return [];
  return [
    consequence(env, {
      type: 'ActionProposed',
      action: actionId(state),
      priority: true,
      content: {
        step: null,
        title: scope === 'system' ? '保护性关闭：故障业务系统' : '保护性关闭：故障业务系统及关联业务系统',
        target: state.system.name,
        risk: 'R2',
        impact: '关闭期间业务不可用',
        rollback: '确认安全后重新启动',
        commands: [],
        kind: 'protective-shutdown',
        requires: ['emergency-lead', 'system-owner'],
      },
    }),
  ];
}

/** A1, A2, … in the order they came to the table: short enough to be typed on a phone. */
export function actionId(state: Incident): string {
  return `A${state.actions.length + 1}`;
}
