import { act, ask, type ChatCommand, textOf } from './command.ts';
import { findOrganisation } from './reading/organisations.ts';

export const revoke: ChatCommand = {
  name: 'revoke',
  zh: ['收回', '收回链接'],
  en: ['revoke'],
  usage: { zh: '收回 链接|单位 原因', en: 'revoke LINK|ORGANISATION REASON' },
  about: {
    zh: '收回访客链接；正开着的网页立即失效',
    en: 'revoke guest links; pages that are open end at once',
  },
  needsIncident: true,
  takes: ['revoke-guest-links'],
  run: (call) => {
    const text = textOf(call, 'what');
    if (!text)
      return ask(call, 'revoke', {
        title: { zh: '收回访客链接', en: 'Revoke guest links' },
        label: { zh: '链接（如 G1）或单位，与原因', en: 'The link, like G1, or the organisation; and why' },
        field: 'what',
      });
    const [what = '', ...rest] = text.split(/\s+/);
    const reason = (call.args.reason ?? rest.join(' ')).trim();
    return act({ type: 'revoke-guest-links', what: findOrganisation(what, call.directory), reason });
  },
};
