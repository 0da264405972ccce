import { act, type ChatCommand } from './command.ts';
import { findPerson } from './reading/people.ts';

/** The customer judges, 1 to 5 and a sentence; the vendor may ask for it with a link. */
export const satisfaction: ChatCommand = {
  name: 'satisfaction',
  zh: ['满意度', '评价'],
  en: ['satisfaction'],
  usage: {
    zh: '满意度 1–5 一句话 | 满意度 请 某人',
    en: 'satisfaction 1–5 A SENTENCE | satisfaction ask SOMEBODY',
  },
  about: {
    zh: '客户评价（1–5 分和一句话）；或请客户评价，发出一次性链接',
    en: "the customer's judgement, 1 to 5 and a sentence; or ask for it with a one-time link",
  },
  needsIncident: true,
  takes: ['ask-satisfaction', 'give-satisfaction'],
  run: (call) => {
    const asked = /^(?:请|邀请|ask)\s*(.*)$/is.exec(call.text.trim());
    if (asked || call.args.do === 'ask') {
      const who = (call.args.person ?? asked?.[1] ?? '')
        .trim()
        .replace(/^@|评价$/g, '')
        .trim();
      const person = who === '' ? null : (findPerson(who, call.directory) ?? who);
      return act({ type: 'ask-satisfaction', person });
    }
    const typed = /^([0-9]+)(?:\s*分)?\s*[，,：:]?\s*(.*)$/s.exec(call.text.trim());
    const score = call.args.score ?? typed?.[1];
    if (score !== undefined)
      return act({
        type: 'give-satisfaction',
        score: Number(score),
        text: call.args.text ?? typed?.[2] ?? null,
      });
    const zh = call.language === 'zh';
    return {
      kind: 'ask',
      form: {
        title: zh ? '满意度评价' : 'How satisfied are you?',
        command: 'satisfaction',
        args: {},
        fields: [
          {
            name: 'score',
            label: zh ? '评分' : 'Score',
            type: 'choice',
            required: true,
            options: SCORES.map((one) => ({ value: one.value, label: one[call.language] })),
          },
          {
            name: 'text',
            label: zh ? '一句话（可不填）' : 'A sentence (optional)',
            type: 'text',
            required: false,
          },
        ],
        submit: zh ? '提交' : 'Send',
      },
    };
  },
};

const SCORES = [
  { value: '5', zh: '5 非常满意', en: '5 very good' },
  { value: '4', zh: '4 满意', en: '4 good' },
  { value: '3', zh: '3 一般', en: '3 fair' },
  { value: '2', zh: '2 不满意', en: '2 poor' },
  { value: '1', zh: '1 很不满意', en: '1 very poor' },
] as const;
