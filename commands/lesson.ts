import { ask, type ChatCommand, textOf } from './command.ts';
import { readLesson } from './reading/lesson.ts';

/** Kept for one's own organisation until it publishes what it collected: people write more freely so. */
export const lesson: ChatCommand = {
  name: 'lesson',
  zh: ['教训', '经验'],
  en: ['lesson'],
  usage: { zh: '教训 好：… | 差：… | 幸运：…', en: 'lesson well: … | badly: … | lucky: …' },
  about: {
    zh: '写下经验教训；公布之前只有本组织能看到',
    en: 'note a lesson; only your organisation sees it until it is published',
  },
  needsIncident: true,
  takes: [],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'lesson', {
        title: { zh: '经验教训（公布前仅本组织可见）', en: 'Lesson (yours until you publish it)' },
        label: { zh: '好：… 或 差：… 或 幸运：…', en: 'well: … or badly: … or lucky: …' },
      });
    return { kind: 'lesson', ...readLesson(text) };
  },
};
