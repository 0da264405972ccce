import { act, ask, type ChatCommand } from './command.ts';
import { findPerson } from './reading/people.ts';

const HOUR = 3_600_000;

export const remote: ChatCommand = {
  name: 'remote',
  zh: ['远程'],
  en: ['remote'],
  usage: { zh: '远程 范围 同意人 [小时] | 远程 结束', en: 'remote SCOPE CONSENT-BY [HOURS] | remote end' },
  about: {
    zh: '登记远程拨入：客户同意、范围和期限（L156–160）',
    en: 'record a remote session: consent, scope and end',
  },
  needsIncident: true,
  takes: ['open-session', 'end-session'],
  run: (call) => {
    if (/^(结束|end)$/i.test(call.text.trim())) {
      const open = call.incident?.sessions.find((one) => !one.ended);
      return act({ type: 'end-session', session: open?.id ?? '' });
    }
    const words = (call.args.text ?? call.text).trim().split(/\s+/).filter(Boolean);
    if (words.length < 2) {
      return ask(call, 'remote', {
        title: { zh: '远程拨入', en: 'Remote session' },
        label: { zh: '范围 同意人 小时数', en: 'scope, who consents, hours' },
      });
    }
    const last = words.at(-1) ?? '';
    const timed = /^\d{1,2}(小时|h)?$/.test(last);
    const hours = timed ? Number.parseInt(last, 10) : 2;
    const who = words[words.length - (timed ? 2 : 1)] ?? '';
    const scope = words.slice(0, words.length - (timed ? 2 : 1)).join(' ') || who;
    return act({
      type: 'open-session',
      scope,
      consentBy: findPerson(who, call.directory) ?? who,
      until: call.now + hours * HOUR,
    });
  },
};
