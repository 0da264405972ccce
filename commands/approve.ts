import { act, ask, type Call, type ChatCommand } from './command.ts';

/** With one action on the table nobody has to type its number. */
function onlyOpen(call: Call): string {
  const open = call.incident?.actions.filter((one) => one.status === 'proposed') ?? [];
  return open.length === 1 ? (open[0]?.id ?? '') : '';
}

export const approve: ChatCommand = {
  name: 'approve',
  zh: ['批准', '同意'],
  en: ['approve'],
  usage: { zh: '批准 A1 [破例 理由]', en: 'approve A1 [--break-glass REASON]' },
  about: { zh: '批准一个操作；破例要写理由', en: 'approve an action; break-glass needs a reason' },
  needsIncident: true,
  takes: ['approve', 'break-glass'],
  run: (call) => {
    const [first = '', ...rest] = call.text.split(/\s+/);
    const action = call.args.action ?? (first.toUpperCase() || onlyOpen(call));
    if (call.args.ask === 'glass' && !call.args.breakGlass) {
      return ask(call, 'approve', {
        title: { zh: `破例批准 ${action}`, en: `Break-glass approval of ${action}` },
        label: {
          zh: '为什么不能等两人批准（进入报告）',
          en: 'Why it cannot wait for two people (goes into the report)',
        },
        field: 'breakGlass',
      });
    }
    const glass = /^(破例|--break-glass|break-glass)$/i.test(rest[0] ?? '')
      ? rest.slice(1).join(' ')
      : (call.args.breakGlass ?? null);
    return act({ type: 'approve', action, breakGlass: glass });
  },
};
