import type { Form, FormField } from '../src/chat/message.ts';
import type { ActionContent, AdvisedStep, ApprovalRole } from '../src/incident/events.ts';
import { act, type Call, type ChatCommand } from './command.ts';

const REQUIRES: Readonly<Record<AdvisedStep['approver'], readonly ApprovalRole[]>> = {
  duty: ['duty-engineer'],
  'lead+owner': ['emergency-lead', 'system-owner'],
  component: ['component-owner'],
  'component+lead+owner': ['component-owner', 'emergency-lead', 'system-owner'],
};

/** A step of the knowledge with its risk and approvers, or free words, which take both approvers. */
export function contentOf(call: Call, text: string): ActionContent {
  const [first = '', ...rest] = text.split(/\s+/);
  const step = call.step(call.args.step ?? first);
  const target = call.args.target ?? (rest.join(' ') || null);
  const zh = call.language === 'zh';
  if (!step) {
    return {
      step: null,
      title: text,
      target: call.args.target ?? null,
      risk: 'R2',
      impact: call.args.impact ?? null,
      rollback: call.args.rollback ?? null,
      commands: [],
      kind: /火线替代|replace at once/i.test(text) ? 'replacement' : 'step',
      requires: REQUIRES['lead+owner'],
    };
  }
  return {
    step: step.id,
    title: step.title[call.language],
    target,
    risk: step.risk,
    impact:
      call.args.impact ??
      (step.risk === 'R2' ? (zh ? '执行期间该节点中断' : 'the node is interrupted meanwhile') : null),
    rollback: call.args.rollback ?? step.rollback?.[call.language] ?? null,
    commands: step.commands,
    kind: 'step',
    requires: step.risk === 'R0' ? [] : REQUIRES[step.approver],
  };
}

export const propose: ChatCommand = {
  name: 'propose',
  zh: ['提议', '申请'],
  en: ['propose'],
  usage: { zh: '提议 步骤|文字 [对象]', en: 'propose STEP|TEXT [TARGET]' },
  about: {
    zh: '提议一个操作，例如“提议 stop-node server1”',
    en: 'propose an action, for example "propose stop-node server1"',
  },
  needsIncident: true,
  takes: ['propose'],
  run: (call) => {
    const text = (call.args.text ?? call.text).trim();
    if (!text && !call.args.step) {
      return { kind: 'ask', form: proposal(call) };
    }
    return act({ type: 'propose', content: contentOf(call, text) });
  },
};

/** What the approvers have to know before they agree. */
function proposal(call: Call): Form {
  const zh = call.language === 'zh';
  const field = (name: string, label: string, type: FormField['type'], required = false): FormField => ({
    name,
    label,
    type,
    required,
  });
  return {
    title: zh ? '提议操作' : 'Propose an action',
    command: 'propose',
    args: call.args,
    fields: [
      field(
        'text',
        zh ? '做什么（步骤名或一句话）' : 'What is to be done (a step, or a line)',
        'paragraph',
        true,
      ),
      field('target', zh ? '对象（节点、服务）' : 'Target (node, service)', 'text'),
      field('impact', zh ? '影响' : 'What it costs', 'text'),
      field('rollback', zh ? '怎样回退' : 'How to go back', 'text'),
    ],
    submit: zh ? '提交审批' : 'Ask for approval',
  };
}
