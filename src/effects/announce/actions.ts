import type { Block, Button, Message, Text } from '../../chat/message.ts';
import type { Action, Incident } from '../../incident/state.ts';
import { ACTION_STATUS, RISK, ROLE } from '../../words/terms.ts';
import { at, button, buttons, message, say, type Voice } from './context.ts';

const MARK: Readonly<Record<Action['status'], string>> = {
  proposed: '✋',
  approved: '✅',
  rejected: '🚫',
  succeeded: '✔️',
  failed: '❌',
};

/** One action from proposal to outcome: what, risk, cost, way back, who has agreed, who is still asked. */
export function actionCard(action: Action, _incident: Incident, voice: Voice): Message {
  const { content } = action;
  const target = content.target ? ` → ${content.target}` : '';
  const headline = `${MARK[action.status]} ${ACTION_STATUS[action.status][voice.language]} ${action.id}：${content.title}${target} · ${RISK[content.risk][voice.language]}`;
  const blocks: Block[] = [];
  const fields = [
    ...(content.impact ? [{ label: say(voice, { zh: '影响', en: 'impact' }), value: content.impact }] : []),
    ...(content.rollback
      ? [{ label: say(voice, { zh: '回退', en: 'way back' }), value: content.rollback }]
      : []),
    {
      label: say(voice, { zh: '提议', en: 'proposed by' }),
      value: `${voice.nameOf(action.proposer)} ${at(voice, action.proposedAt)}`,
    },
    ...(action.outcomeNote
      ? [{ label: say(voice, { zh: '说明', en: 'note' }), value: action.outcomeNote }]
      : []),
  ];
  blocks.push({ block: 'fields', fields });
  if (content.requires.length > 0)
    blocks.push({ block: 'list', ordered: false, items: approvals(action, voice) });
  if (content.commands.length > 0) {
    blocks.push({
      block: 'fold',
      summary: say(voice, { zh: '命令', en: 'Commands' }),
      blocks: [{ block: 'code', code: content.commands.join('\n'), startLine: null, marked: [] }],
    });
  }
  blocks.push(...buttons(...possible(action, voice)));
  return message(headline, tone(action), blocks, `action:${action.id}`);
}

function tone(action: Action): Message['tone'] {
  if (action.status === 'failed' || action.status === 'rejected') return 'bad';
  if (action.status === 'succeeded' || action.status === 'approved') return 'good';
  return action.priority ? 'bad' : 'warn';
}

function approvals(action: Action, voice: Voice): readonly Text[] {
  const glass = action.approvals.find((one) => one.breakGlass);
  if (glass) {
    return [
      say(voice, {
        zh: `⚠️ 破例批准：${voice.nameOf(glass.person)} ${at(voice, glass.at)}，理由：${glass.reason ?? ''}`,
        en: `⚠️ break-glass by ${voice.nameOf(glass.person)} at ${at(voice, glass.at)}: ${glass.reason ?? ''}`,
      }),
    ];
  }
  return action.content.requires.map((role) => {
    const given = action.approvals.find((one) => one.role === role);
    const title = ROLE[role][voice.language];
    if (!given) return `☐ ${title}`;
    const deputy = given.deputyFor
      ? say(voice, {
          zh: `（代 ${voice.nameOf(given.deputyFor)}）`,
          en: ` (for ${voice.nameOf(given.deputyFor)})`,
        })
      : '';
    return `☑ ${title} · ${voice.nameOf(given.person)}${deputy} ${at(voice, given.at)}`;
  });
}

function possible(action: Action, voice: Voice): readonly Button[] {
  const of = { action: action.id };
  if (action.status === 'proposed') {
    return [
      button(say(voice, { zh: '批准', en: 'Approve' }), 'approve', of, 'primary'),
      button(say(voice, { zh: '驳回…', en: 'Reject…' }), 'reject', of),
      button(
        say(voice, { zh: '破例批准…', en: 'Break glass…' }),
        'approve',
        { ...of, ask: 'glass' },
        'danger',
      ),
    ];
  }
  if (action.status === 'approved') {
    return [
      button(say(voice, { zh: '成功', en: 'Succeeded' }), 'done', { ...of, outcome: 'succeeded' }, 'primary'),
      button(say(voice, { zh: '失败…', en: 'Failed…' }), 'done', { ...of, outcome: 'failed' }, 'danger'),
    ];
  }
  return [];
}
