import { act, ask, type ChatCommand, textOf } from './command.ts';
import { findOrganisation } from './reading/organisations.ts';

export const remove: ChatCommand = {
  name: 'remove',
  zh: ['移出'],
  en: ['remove'],
  usage: { zh: '移出 单位 原因', en: 'remove ORGANISATION REASON' },
  about: {
    zh: '一个单位不再参与：它的会话断开，以后的内容不再给它',
    en: 'an organisation takes part no more: its conversations are cut off and hear nothing new',
  },
  needsIncident: true,
  takes: ['remove-organisation'],
  run: (call) => {
    const text = textOf(call, 'org');
    if (!text)
      return ask(call, 'remove', {
        title: { zh: '移出单位', en: 'Remove an organisation' },
        label: { zh: '哪个单位，为什么', en: 'Which organisation, and why' },
        field: 'org',
      });
    // The longest beginning that names one: names may hold spaces.
    const words = text.split(/\s+/);
    const ends = words.map((_word, at) => words.length - at);
    const length = ends.find((end) => {
      const org = findOrganisation(words.slice(0, end).join(' '), call.directory);
      return call.directory.organisations[org] !== undefined;
    });
    const org = findOrganisation(words.slice(0, length ?? 1).join(' '), call.directory);
    const reason = call.args.reason ?? words.slice(length ?? 1).join(' ');
    return act({ type: 'remove-organisation', org, reason });
  },
};
