import { QUESTIONS, type Question } from '../src/incident/plan.ts';
import { QUESTION } from '../src/words/terms.ts';
import { act, type ChatCommand, show } from './command.ts';

function isYes(text: string): boolean {
  return /^(是|有|对|yes|y|true|1)$/i.test(text.trim());
}

export const answer: ChatCommand = {
  name: 'answer',
  zh: ['回答'],
  en: ['answer'],
  usage: { zh: '回答 业务中断 是', en: 'answer interrupted yes' },
  about: { zh: '回答定级问题', en: 'answer a deciding question' },
  needsIncident: true,
  takes: ['answer'],
  run: (call) => {
    const answers: Partial<Record<Question, boolean>> = {};
    const [word = '', said = ''] = call.text.split(/[\s:：]+/);
    const typed = QUESTIONS.find((one) => one === word || QUESTION[one].zh === word);
    if (typed) answers[typed] = isYes(said);
    for (const question of QUESTIONS) {
      const value = call.args[question];
      if (value !== undefined) answers[question] = isYes(value);
    }
    if (Object.keys(answers).length === 0) {
      return show(
        { zh: '问题有：', en: 'The questions: ' }[call.language] +
          QUESTIONS.map((one) => QUESTION[one][call.language]).join('、'),
      );
    }
    return act({ type: 'answer', answers });
  },
};
