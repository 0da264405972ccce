import { mostUrgent } from '../src/incident/clocks.ts';
import { clocksSeenBy } from '../src/incident/org-clocks.ts';
import { SEVERITY, STATUS } from '../src/words/terms.ts';
import { clockTime } from '../src/words/time.ts';
import { type ChatCommand, eyesOf, show } from './command.ts';

export const status: ChatCommand = {
  name: 'status',
  zh: ['状态'],
  en: ['status'],
  usage: { zh: '状态', en: 'status' },
  about: { zh: '现在怎样，下一个时限', en: 'what is true now, and the next deadline' },
  needsIncident: true,
  takes: [],
  run: (call) => {
    const { incident, language, plan } = call;
    if (!incident) return show('');
    const level = incident.severity
      ? `${SEVERITY[incident.severity].mark} ${SEVERITY[incident.severity][language]}`
      : { zh: '待定级', en: 'severity open' }[language];
    const next = mostUrgent(clocksSeenBy(incident, plan, call.now, eyesOf(call)));
    const open = incident.actions.filter((one) => one.status === 'proposed').map((one) => one.id);
    return show(
      `${level} · ${incident.code} · ${STATUS[incident.status][language]}`,
      [
        { block: 'text', text: incident.title },
        {
          block: 'fields',
          fields: [
            ...(next?.deadline
              ? [
                  {
                    label: { zh: '最紧的时限', en: 'next deadline' }[language],
                    value: `${next.title[language]} ${clockTime(next.deadline, plan.zone, call.now)}`,
                  },
                ]
              : []),
            ...(open.length > 0
              ? [{ label: { zh: '待批准', en: 'waiting for approval' }[language], value: open.join('、') }]
              : []),
            ...(incident.cause
              ? [{ label: { zh: '原因', en: 'cause' }[language], value: incident.cause.text }]
              : []),
          ],
        },
      ],
      incident.severity ?? 'plain',
    );
  },
};
