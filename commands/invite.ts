import { ask, type ChatCommand, textOf } from './command.ts';
import { findOrganisation } from './reading/organisations.ts';
import { readPlace } from './reading/place.ts';

export const invite: ChatCommand = {
  name: 'invite',
  zh: ['邀请'],
  en: ['invite'],
  usage: { zh: '邀请 单位 [平台:会话]', en: 'invite ORGANISATION [PLATFORM:CONVERSATION]' },
  about: {
    zh: '请一个单位加入，并把它的会话接进来：得到一次性接入码',
    en: 'let an organisation in and link its own chat: gives a one-time code',
  },
  needsIncident: true,
  takes: ['invite-organisation'],
  run: (call) => {
    const text = textOf(call, 'org');
    if (!text)
      return ask(call, 'invite', {
        title: { zh: '邀请单位', en: 'Invite an organisation' },
        label: {
          zh: '哪个单位；可加它的会话，如：数据库厂商 feishu:oc_7d8a',
          en: 'Which organisation, and its conversation if you know it (feishu:oc_7d8a)',
        },
        field: 'org',
      });
    const words = text.split(/\s+/);
    const place = words.length > 1 ? readPlace(words.at(-1) ?? '') : null;
    const named = place ? words.slice(0, -1).join(' ') : text;
    return { kind: 'invite', org: findOrganisation(named, call.directory), place };
  },
};
