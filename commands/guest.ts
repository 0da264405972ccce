import { ask, type ChatCommand, textOf } from './command.ts';
import { findOrganisation } from './reading/organisations.ts';

/** `数据库厂商 8`, `数据库厂商 8小时`, `dbvendor 8h`. */
const HOURS = /\s+(\d{1,4})\s*(?:h|hours?|小时)?$/i;

export const guest: ChatCommand = {
  name: 'guest',
  zh: ['访客', '访客链接'],
  en: ['guest', 'guest-link'],
  usage: { zh: '访客 单位 [小时]', en: 'guest ORGANISATION [HOURS]' },
  about: {
    zh: '给一个单位的一个人发网页房间链接：只进这一个事件，到期作废，可收回',
    en: 'a link to the web room for one person of an organisation: this incident only, expiring, revocable',
  },
  needsIncident: true,
  takes: ['issue-guest-link'],
  run: (call) => {
    const text = textOf(call, 'org');
    if (!text)
      return ask(call, 'guest', {
        title: { zh: '访客链接', en: 'Guest link' },
        label: {
          zh: '给哪个单位；可加几小时内有效，如：数据库厂商 8',
          en: 'For which organisation, and for how many hours',
        },
        field: 'org',
      });
    const hours = HOURS.exec(text)?.[1];
    const org = findOrganisation(text.replace(HOURS, ''), call.directory);
    return { kind: 'guest-link', org, hours: hours === undefined ? null : Number(hours) };
  },
};
