import { SEVERITY } from '../src/words/terms.ts';
import { act, ask, type ChatCommand, show } from './command.ts';
import { readSeverity } from './reading/severity.ts';
export const severity: ChatCommand = {
  name: 'severity',
  zh: ['定级', '等级'],
  en: ['severity', 'level'],
  usage: { zh: '定级 蓝|黄|橙|红 [原因]', en: 'severity blue|yellow|orange|red [REASON]' },
  about: { zh: '确认或改变等级', en: 'confirm or change the severity' },
  needsIncident: true,
  run: (call) => {
    const read = readSeverity(call.args.level ?? call.text);
    if (!read)
      return show(
        {
          zh: '等级：蓝、黄、橙、红，例如“定级 黄”',
          en: 'Levels: blue, yellow, orange, red; for example "severity yellow"',
        }[call.language],
      );
    const reason = (call.args.reason ?? (call.args.level ? call.text : read.rest)).trim();
    if (call.args.ask === 'reason' && !reason) {
      return ask(call, 'severity', {
        title: { zh: `改为${SEVERITY[read.severity].zh}`, en: `Make it ${SEVERITY[read.severity].en}` },
        label: { zh: '原因（进入报告）', en: 'Reason (goes into the report)' },
        field: 'reason',
      });
    }
    return act({ type: 'set-severity', severity: read.severity, reason: reason || null });
  },
};
