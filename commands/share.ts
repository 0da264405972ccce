import type { ChatCommand } from './command.ts';

export const share: ChatCommand = {
  name: 'share',
  zh: ['发送给所有人'],
  en: ['share'],
  usage: { zh: '（按预览里的按钮）', en: '(press the button under the preview)' },
  about: {
    zh: '把留在本单位的日志按预览发送给所有人',
    en: 'let a log that was held back cross as the preview shows it',
  },
  needsIncident: true,
  takes: [],
  run: (call) => ({
    kind: 'share',
    message: call.args.message ?? call.text.trim(),
    keep: call.args.keep === 'yes',
  }),
};
