import { type ChatCommand, show } from './command.ts';

export const help: ChatCommand = {
  name: 'help',
  zh: ['帮助', '?', '？'],
  en: ['help'],
  usage: { zh: '帮助', en: 'help' },
  about: { zh: '全部命令', en: 'all commands' },
  needsIncident: false,
  takes: [],
  run: (call) =>
    show(
      {
        zh: '命令都可以用中文或英文，前面加 /应急 或 /incident',
        en: 'Every command has a Chinese and an English name, after /incident or /应急',
      }[call.language],
    ),
};
