import type { Form } from '../src/chat/message.ts';
import type { Accountability } from '../src/incident/plan.ts';
import { act, type Call, type ChatCommand } from './command.ts';

const COMPONENT: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  application: { zh: '应用', en: 'application' },
  middleware: { zh: '中间件', en: 'middleware' },
  database: { zh: '数据库', en: 'database' },
  'operating-system': { zh: '操作系统', en: 'operating system' },
  network: { zh: '网络', en: 'network' },
  hardware: { zh: '硬件', en: 'hardware' },
  storage: { zh: '存储', en: 'storage' },
};

/** The component decides who leads (plan L18); the words "主责" or "协助" decide against it. */
export const lead: ChatCommand = {
  name: 'lead',
  zh: ['主责', '协助'],
  en: ['lead', 'assist'],
  usage: { zh: '主责|协助 [组件] [原因]', en: 'lead|assist [COMPONENT] [REASON]' },
  about: {
    zh: '选择主责或协助，决定恢复或建议时限（L18）',
    en: 'choose lead or assist; it decides the clock (L18)',
  },
  needsIncident: true,
  takes: ['choose-accountability'],
  run: (call) => {
    const words = call.text.split(/\s+/).filter(Boolean);
    const named = sideNamed(call.args.as ?? words[0] ?? '');
    const rest = named !== null && !call.args.as ? words.slice(1) : words;
    const component = componentNamed(call.args.component ?? rest[0] ?? '');
    if (component === null && (named === null || rest.length === 0))
      return { kind: 'ask', form: componentForm(call) };
    const usual = component !== null && call.plan.assistComponents.includes(component) ? 'assist' : 'lead';
    const reason = call.args.reason ?? (rest.slice(component === null ? 0 : 1).join(' ') || null);
    return act({ type: 'choose-accountability', accountability: named ?? usual, component, reason });
  },
};

function sideNamed(word: string): Accountability | null {
  if (/^(协助|assist)$/i.test(word)) return 'assist';
  return /^(主责|lead)$/i.test(word) ? 'lead' : null;
}

function componentNamed(text: string): string | null {
  const wanted = text.trim().toLowerCase();
  const found = Object.entries(COMPONENT).find(
    ([id, words]) => id === wanted || words.zh === wanted || words.en === wanted,
  );
  return found?.[0] ?? null;
}

function componentForm(call: Call): Form {
  const zh = call.language === 'zh';
  const option = (id: string, as: string) => ({
    value: id,
    label: `${COMPONENT[id]?.[call.language] ?? id}（${as}）`,
  });
  return {
    title: zh ? '问题出在哪一层？' : 'Which layer is it?',
    command: 'lead',
    args: call.args,
    fields: [
      {
        name: 'component',
        label: zh ? '组件' : 'Component',
        type: 'choice',
        required: true,
        options: [
          ...call.plan.leadComponents.map((id) => option(id, zh ? '主责' : 'lead')),
          ...call.plan.assistComponents.map((id) => option(id, zh ? '协助' : 'assist')),
        ],
      },
    ],
    submit: zh ? '确定' : 'OK',
  };
}
