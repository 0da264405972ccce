import type { ClockId, Moment, Severity } from '../../src/incident/plan.ts';
import { CLOCK_IDS } from '../../src/incident/plan.ts';

const SEVERITIES: readonly (readonly [Severity, RegExp])[] = [
  ['red', /^(红色?|red|🔴)/i],
  ['orange', /^(橙色?|orange|🟠)/i],
  ['yellow', /^(黄色?|yellow|🟡)/i],
  ['blue', /^(蓝色?|blue|🔵)/i],
];

/** `黄 业务中断` → yellow and the rest. */
export function readSeverity(text: string): { readonly severity: Severity; readonly rest: string } | null {
  for (const [severity, pattern] of SEVERITIES) {
    const match = pattern.exec(text.trim());
    if (match) return { severity, rest: text.trim().slice(match[0].length).trim() };
  }
  return null;
}

const CLOCKS: Readonly<Record<string, ClockId>> = {
  首次联系: 'callback',
  联系: 'callback',
  到场: 'arrival',
  到达现场: 'arrival',
  诊断: 'diagnosis',
  恢复: 'restore',
  恢复业务: 'restore',
  建议: 'advice',
  升级: 'escalation',
  通报: 'status-update',
  进展: 'status-update',
  服务报告: 'service-report',
  故障处理报告: 'handling-report',
  备件报告: 'parts-report',
};

export function readClock(text: string): { readonly clock: ClockId; readonly rest: string } | null {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const known = CLOCKS[first] ?? CLOCK_IDS.find((id) => id === first.toLowerCase());
  return known ? { clock: known, rest: rest.join(' ') } : null;
}

const MOMENTS: Readonly<Record<string, Moment>> = {
  首次联系: 'first-contact',
  联系: 'first-contact',
  contact: 'first-contact',
  派出: 'dispatched',
  dispatch: 'dispatched',
  到场: 'on-site',
  arrive: 'on-site',
  arrival: 'on-site',
  恢复: 'restored',
  restore: 'restored',
  原因: 'cause-stated',
  cause: 'cause-stated',
  建议: 'advice-given',
  advice: 'advice-given',
};

export function readMoment(text: string): { readonly moment: Moment; readonly rest: string } | null {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const word = first.toLowerCase();
  const direct: readonly Moment[] = [
    'first-contact',
    'dispatched',
    'on-site',
    'restored',
    'cause-stated',
    'advice-given',
  ];
  const known = MOMENTS[word] ?? direct.find((one) => one === word);
  return known ? { moment: known, rest: rest.join(' ') } : null;
}
