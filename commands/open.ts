import type { Form } from '../src/chat/message.ts';
import type { Kind } from '../src/incident/plan.ts';
import { KIND } from '../src/words/terms.ts';
import type { Call, ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';

/** A vendor that cannot be reached by chat is called by telephone: the form asks what a caller says. */
export function intakeForm(call: Pick<Call, 'language' | 'text'>): Form {
  const zh = call.language === 'zh';
  const field = (name: string, label: string, type: Form['fields'][number]['type'], required: boolean) => ({
    name,
    label,
    type,
    required,
  });
  return {
    title: zh ? '登记来电，开启事件' : 'Take a call, open an incident',
    command: 'open',
    args: { channel: 'phone' },
    fields: [
      {
        ...field('title', zh ? '看到了什么' : 'What was seen', 'paragraph', true),
        value: call.text || undefined,
      },
      field('system', zh ? '哪个系统' : 'Which system', 'text', false),
      field('caller', zh ? '来电人' : 'Caller', 'text', false),
      field('number', zh ? '电话' : 'Number', 'phone', false),
      field('organisation', zh ? '单位' : 'Organisation', 'text', false),
      field('since', zh ? '从何时开始' : 'Since when', 'time', false),
      {
        ...field('down', zh ? '系统完全不可用？' : 'Is the system down?', 'choice', false),
        options: [
          { value: 'yes', label: zh ? '是' : 'yes' },
          { value: 'no', label: zh ? '否' : 'no' },
        ],
      },
      {
        ...field('kind', zh ? '类型' : 'Kind', 'choice', false),
        options: (Object.keys(KIND) as Kind[]).map((kind) => ({
          value: kind,
          label: KIND[kind][call.language],
        })),
      },
    ],
    submit: zh ? '开启' : 'Open',
  };
}

const DOWN = /无法访问|全部节点|全部不可用|瘫痪|崩溃|打不开|宕机|\bdown\b|outage|unreachable/i;
const EXCEPTIONAL = /全网|全省|全国|全部业务|大面积|nation-?wide|network-?wide/i;
const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ['go-live', /紧急上线|go-?live/i],
  ['consultation', /^咨询|consultation/i],
  ['early-warning', /^预警|early.?warning/i],
  ['security-patch', /安全补丁|security.?patch/i],
  ['replacement', /待替代|火线替代/],
];

export const open: ChatCommand = {
  name: 'open',
  zh: ['开启', '新建', '上报', '登记'],
  en: ['open', 'new', 'report'],
  usage: { zh: '开启 发生了什么', en: 'open WHAT HAPPENED' },
  about: { zh: '开启事件；不写内容则弹出来电登记表', en: 'open an incident; without text the intake form' },
  needsIncident: false,
  takes: ['report'],
  run: (call) => {
    const title = (call.args.title ?? call.text).trim();
    if (!title) return { kind: 'ask', form: intakeForm(call) };
    const phone = call.args.channel === 'phone';
    const named = KINDS.find(([, pattern]) => pattern.test(title))?.[0] ?? 'fault';
    const since = call.args.since ?? '';
    const reported = call.args.reported ? readWhen(call.args.reported, call.now, call.plan.zone).at : null;
    return {
      kind: 'open',
      at: reported,
      backdateReason: reported === null ? null : (call.args.reason ?? null),
      intake: {
        kind: isKind(call.args.kind) ? call.args.kind : named,
        title,
        system: call.args.system?.trim() || null,
        channel: phone ? 'phone' : 'chat',
        caller: call.args.caller?.trim() || null,
        number: call.args.number?.trim() || null,
        organisation: call.args.organisation?.trim() || null,
        since: since.trim() || null,
        systemDown:
          call.args.down === undefined || call.args.down === '' ? DOWN.test(title) : call.args.down === 'yes',
        remoteOnly: call.args.remote === 'yes',
        exceptional: EXCEPTIONAL.test(title),
      },
    };
  },
};

function isKind(value: string | undefined): value is Kind {
  return value !== undefined && Object.hasOwn(KIND, value);
}
