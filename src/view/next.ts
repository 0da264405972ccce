import type { Button } from '../chat/message.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { MOMENT } from '../words/terms.ts';

/** What can be done now, most likely first: never more than a hand can choose from. */
export function nextButtons(incident: Incident, reader: string, language: Language): readonly Button[] {
  const all: Button[] = [];
  const add = (
    zh: string,
    en: string,
    command: string,
    args: Record<string, string> = {},
    style: Button['style'] = 'plain',
  ): void => {
    all.push({ label: language === 'zh' ? zh : en, command, args, style });
  };
  if (incident.status === 'closed') {
    add('报告', 'Report', 'summary', {}, 'primary');
    add('重开…', 'Re-open…', 'reopen');
    return all;
  }
  if (incident.status === 'resolved') {
    add('报告草稿', 'Draft report', 'summary', {}, 'primary');
    add('服务报告已送达', 'Service report delivered', 'deliver', { report: 'service' });
    add('复盘', 'Review', 'review');
    add('教训…', 'Lesson…', 'lesson');
    if (incident.diagnoses.length > 0) add('沉淀知识…', 'Learn…', 'learn');
    add('整改…', 'Follow-up…', 'follow-up');
    add('关闭', 'Close', 'close', { as: 'done' });
    add('重开…', 'Re-open…', 'reopen');
    return all;
  }
  if (incident.pages.some((page) => page.status === 'open' && page.person === reader))
    add('应答', 'Acknowledge', 'ack', {}, 'primary');
  if (incident.severity === null && incident.proposed)
    add('确认等级', 'Confirm the severity', 'severity', { level: incident.proposed.severity }, 'primary');
  if (!incident.moments['first-contact'])
    add(MOMENT['first-contact'].zh, MOMENT['first-contact'].en, 'contact');
  if (!incident.remoteOnly && !incident.moments.dispatched) add('已派出', 'Dispatched', 'dispatch');
  if (!incident.remoteOnly && !incident.moments['on-site']) add('已到场', 'Arrived', 'arrive');
  if (incident.component === null && incident.severity !== null)
    add('主责或协助…', 'Lead or assist…', 'lead');
  if (incident.cause === null) add('原因…', 'Cause…', 'cause');
  if (incident.impact === null) add('影响…', 'Impact…', 'impact');
  if (incident.status === 'open') {
    add('提议操作…', 'Propose…', 'propose');
    add('业务恢复', 'Restored', 'restore', {}, 'primary');
    add('进展…', 'Update…', 'update');
    add('升级…', 'Escalate…', 'escalate');
    add('误报…', 'False alarm…', 'close', { as: 'false-alarm' });
  } else {
    add('解决', 'Resolve', 'resolve', {}, 'primary');
    add('没有恢复…', 'Not restored…', 'undo', { moment: 'restored' });
  }
  return all;
}
