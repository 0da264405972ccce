import type { TimelineEdit } from '../src/incident/events.ts';
import { act, ask, type Call, type ChatCommand, type Outcome } from './command.ts';
import { pin } from './pin.ts';

const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^(?:略去|去掉|drop|hide)$/i, 'drop'],
  [/^(?:恢复|还原|restore|show)$/i, 'restore'],
  [/^(?:改写|改为|reword|rewrite)$/i, 'reword'],
  [/^(?:移动|移到|move)$/i, 'move'],
  [/^(?:记录|补记|pin|add)$/i, 'pin'],
];

/** The compiled timeline, and what people make of it; an entry is named as the list numbers it. */
export const timeline: ChatCommand = {
  name: 'timeline',
  zh: ['时间线'],
  en: ['timeline'],
  usage: {
    zh: '时间线 [记录 文字 | 略去 12 | 改写 12 文字 | 移动 12 到 9 前 | 恢复 12]',
    en: 'timeline [pin TEXT | drop 12 | reword 12 TEXT | move 12 before 9 | restore 12]',
  },
  about: {
    zh: '查看、补记、略去、改写、移动时间线条目；原始记录不变',
    en: 'show the timeline; pin, drop, reword or move its entries; the record stays',
  },
  needsIncident: true,
  takes: ['edit-timeline'],
  reads: true,
  run: (call) => {
    const [word = '', ...rest] = call.text.trim().split(/\s+/);
    const verb = call.args.do ?? VERBS.find(([pattern]) => pattern.test(word))?.[1];
    if (verb === undefined) {
      // "时间线 03:20 已切换" is how people pin a line: anything that is no verb is kept, not thrown away.
      return word === '' && call.args.entry === undefined ? { kind: 'timeline' } : pin.run(call);
    }
    if (verb === 'pin') return pin.run({ ...call, text: rest.join(' ') });
    const [number = '', ...after] = rest;
    const entry = call.args.entry ?? entryOf(number);
    if (entry === '') return { kind: 'timeline' };
    return change(call, verb, entry, after);
  },
};

function change(call: Call, verb: string, entry: string, after: readonly string[]): Outcome {
  const edit = (one: TimelineEdit): Outcome => act({ type: 'edit-timeline', entry, edit: one });
  const args = { ...call.args, do: verb, entry };
  switch (verb) {
    case 'drop':
      return edit({ do: 'drop' });
    case 'restore':
      return edit({ do: 'restore' });
    case 'reword': {
      const text = (call.args.text ?? after.join(' ')).trim();
      return text === ''
        ? ask({ ...call, text: call.args.was ?? '', args }, 'timeline', {
            title: { zh: '改写这一条（原文仍可查看）', en: 'Reword the entry (the original stays readable)' },
            label: { zh: '时间线上写', en: 'The timeline says' },
          })
        : edit({ do: 'reword', text });
    }
    default: {
      const where = call.args.before ?? after.filter((one) => !/^(?:到|在|to|before)$/i.test(one))[0] ?? '';
      const target = where.replace(/(?:之?前|以前)$/, '');
      if (target === '')
        return ask({ ...call, text: '', args }, 'timeline', {
          title: { zh: '移动这一条', en: 'Move the entry' },
          label: {
            zh: '移到哪一条之前（编号；写“最后”放到末尾）',
            en: 'In front of which number ("end" for last)',
          },
          field: 'before',
        });
      return edit({ do: 'move', before: /^(?:最后|末尾|end|last)$/i.test(target) ? null : entryOf(target) });
    }
  }
}

/** `12`, `#12`, `E12` name an event; `M1a2b3c` a message. */
function entryOf(text: string): string {
  const number = /^(?:#|e)?(\d{1,9})$/i.exec(text)?.[1];
  return number === undefined ? text : `E${number}`;
}
