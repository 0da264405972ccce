import type { Form } from '../src/chat/message.ts';
import { SEVERITIES } from '../src/incident/plan.ts';
import { SEVERITY } from '../src/words/terms.ts';
import { act, ask, type Call, type ChatCommand, show } from './command.ts';
import { readSeverity } from './reading/severity.ts';

export const severity: ChatCommand = {
  name: 'severity',
  zh: ['定级', '等级'],
  en: ['severity', 'level'],
  usage: { zh: '定级 蓝|黄|橙|红 [原因]', en: 'severity blue|yellow|orange|red [REASON]' },
  about: { zh: '确认或改变等级', en: 'confirm or change the severity' },
  needsIncident: true,
  takes: ['set-severity', 'lower-severity'],
  run: (call) => {
    if (!call.args.level && call.text.trim() === '') return { kind: 'ask', form: levels(call) };
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

/** The levels to choose from, the proposed or present one first. */
function levels(call: Call): Form {
  const { incident, language } = call;
  return {
    title: { zh: '定级', en: 'Severity' }[language],
    command: 'severity',
    args: {},
    fields: [
      {
        name: 'level',
        label: { zh: '等级（预案 L62–65）', en: 'Level (plan L62–65)' }[language],
        type: 'choice',
        required: true,
        value: incident?.proposed?.severity ?? incident?.severity ?? undefined,
        options: SEVERITIES.map((one) => ({
          value: one,
          label: `${SEVERITY[one].mark} ${SEVERITY[one][language]}`,
        })),
      },
      {
        name: 'reason',
        label: {
          zh: '原因（与建议不同时必填，进入报告）',
          en: 'Reason (where it differs from the proposal)',
        }[language],
        type: 'paragraph',
        required: false,
      },
    ],
    submit: { zh: '确认等级', en: 'Confirm' }[language],
  };
}
