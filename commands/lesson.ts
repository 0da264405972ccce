import { act, ask, type ChatCommand, textOf } from './command.ts';

export const lesson: ChatCommand = {
  name: 'lesson',
  zh: ['经验', '教训'],
  en: ['lesson'],
  usage: { zh: '教训 文字', en: 'lesson TEXT' },
  about: { zh: '记录经验教训；以“好：”“差：”开头区分', en: 'note a lesson; begin with "well:" or "badly:"' },
  needsIncident: true,
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'lesson', {
        title: { zh: '经验教训', en: 'Lesson' },
        label: { zh: '好：… 或 差：…', en: 'well: … or badly: …' },
      });
    const side = /^(好|做得好|well)/i.test(text) ? 'well' : /^(幸运|lucky)/i.test(text) ? 'lucky' : 'badly';
    return act({
      type: 'note-lesson',
      text: text.replace(/^(做得好|好|差|幸运|well|badly|lucky)\s*[:：]\s*/i, ''),
      side,
    });
  },
};
