import type { Block, Message } from '../../chat/message.ts';
import type { Draft, PastIncident, Trial } from '../../incident/learning.ts';
import { button, buttons, message, say, type Voice } from './context.ts';

const ALARMS_SHOWN = 6;

/** A learnt entry on its way: what it says, how it did on the stored logs, who has to agree. */
export function draftCard(draft: Draft, voice: Voice): Message {
  const title = draft.title[voice.language];
  const name = `${draft.entry} v${draft.version}`;
  const reviewer = draft.reviewer === null ? '' : voice.nameOf(draft.reviewer);
  const wrote = draft.authors.map(voice.nameOf).join('、');
  const card = `knowledge:${draft.id}`;
  const body = (...more: readonly Block[]): readonly Block[] => [
    { block: 'note', text: `${name} · ${draft.owner}` },
    ...trialBlocks(draft.trial, voice),
    {
      block: 'fold',
      summary: say(voice, { zh: '条目全文', en: 'The entry' }),
      blocks: [{ block: 'code', code: draft.text, startLine: null, marked: [] }],
    },
    ...more,
  ];
  const change = button(say(voice, { zh: '修改…', en: 'Change…' }), 'learn', {
    do: 'change',
    draft: draft.id,
  });
  switch (draft.status) {
    case 'drafted': {
      const agree = button(
        say(voice, { zh: '批准生效', en: 'Approve' }),
        'learn',
        { do: 'approve', draft: draft.id },
        'primary',
      );
      const refuse = button(say(voice, { zh: '驳回…', en: 'Refuse…' }), 'learn', {
        do: 'refuse',
        draft: draft.id,
      });
      const headline = say(voice, {
        zh: `📘 知识草稿 ${draft.id}“${title}”，请 ${wrote} 以外的人复核`,
        en: `📘 knowledge draft ${draft.id} "${title}": somebody other than ${wrote} reviews it`,
      });
      return message(headline, 'plain', body(...buttons(agree, refuse, change)), card);
    }
    case 'approved': {
      const headline = say(voice, {
        zh: `📗 知识 ${name}“${title}”已生效（${wrote} 起草，${reviewer} 复核）；此前的事件仍用原来的知识`,
        en: `📗 knowledge ${name} "${title}" is active (by ${wrote}, reviewed by ${reviewer}); earlier incidents keep theirs`,
      });
      const withdraw = button(say(voice, { zh: '撤回…', en: 'Withdraw…' }), 'learn', {
        do: 'withdraw',
        draft: draft.entry,
      });
      return message(headline, 'good', body(...buttons(withdraw)), card);
    }
    case 'refused': {
      const headline = say(voice, {
        zh: `📕 知识草稿 ${draft.id}“${title}”被 ${reviewer} 驳回：${draft.reason ?? ''}`,
        en: `📕 knowledge draft ${draft.id} "${title}" refused by ${reviewer}: ${draft.reason ?? ''}`,
      });
      return message(headline, 'warn', body(...buttons(change)), card);
    }
    case 'withdrawn': {
      const headline = say(voice, {
        zh: `📕 知识 ${name}“${title}”被 ${reviewer} 撤回，即刻起任何事件都不再使用：${draft.reason ?? ''}`,
        en: `📕 knowledge ${name} "${title}" withdrawn by ${reviewer}; no incident uses it from now on: ${draft.reason ?? ''}`,
      });
      return message(headline, 'warn', body(...buttons(change)), card);
    }
    case 'false-alarm': {
      const headline = say(voice, {
        zh: `📕 知识草稿 ${draft.id}“${title}”不能生效：会误报 ${draft.trial.alarms.length} 处，请改得更具体`,
        en: `📕 knowledge draft ${draft.id} "${title}" cannot be active: ${draft.trial.alarms.length} false alarms; make it more specific`,
      });
      return message(headline, 'bad', body(...buttons(change)), card);
    }
    default: {
      const unknown: never = draft.status;
      throw new Error(`unknown status ${JSON.stringify(unknown)}`);
    }
  }
}

function trialBlocks(trial: Trial, voice: Voice): readonly Block[] {
  const tried = say(voice, {
    zh: `试验：${trial.excerpts} 份以往日志、${trial.samples} 个样例；认出本次日志，把握 ${trial.confidence.toFixed(2)}；误报 ${trial.alarms.length} 处`,
    en: `Tried on ${trial.excerpts} stored logs and ${trial.samples} samples; knows this log, confidence ${trial.confidence.toFixed(2)}; ${trial.alarms.length} false alarms`,
  });
  const also = say(voice, {
    zh: `同一特征的以往事件也能认出：${trial.also.join('、')}`,
    en: `It also knows past incidents of the same signature: ${trial.also.join(', ')}`,
  });
  const shown = trial.alarms.slice(0, ALARMS_SHOWN).map((one) => `${one.where} L${one.line}　${one.text}`);
  return [
    { block: 'text', text: tried },
    {
      block: 'note',
      text: say(voice, {
        zh: '试验只用到保存下来的文本：粘贴是全文，拖入的大文件只有首尾节选，其中段没有试过。',
        en: 'Tried on what is stored: a paste is whole, of a large dropped file only its two ends; its middle was not tried.',
      }),
    },
    ...(trial.also.length > 0 ? [{ block: 'note', text: also } as const] : []),
    ...(shown.length > 0
      ? [
          { block: 'note', text: say(voice, { zh: '误报于', en: 'False alarms' }) } as const,
          { block: 'list', ordered: false, items: shown } as const,
        ]
      : []),
  ];
}

/** Past incidents that said nearly the same, and what fixed them. */
export function pastBlocks(past: readonly PastIncident[], voice: Pick<Voice, 'language'>): readonly Block[] {
  if (past.length === 0) return [];
  const zh = voice.language === 'zh';
  const items = past.map((one) => {
    const cause = one.cause === null ? '' : zh ? `；原因：${one.cause}` : `; cause: ${one.cause}`;
    const fixed = one.fixed.join(zh ? '、' : ', ') || (zh ? '未记录' : 'not recorded');
    const alike = `${Math.round(100 * one.score)}%`;
    return zh
      ? `${one.code} ${one.title}（相似 ${alike}）${cause}；当时的处置：${fixed}`
      : `${one.code} ${one.title} (${alike} alike)${cause}; what fixed it: ${fixed}`;
  });
  return [
    { block: 'note', text: zh ? '以前类似' : 'Like this before' },
    { block: 'list', ordered: false, items },
  ];
}
