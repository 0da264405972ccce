import { act, ask, type ChatCommand, textOf } from './command.ts';
import { readAppointment } from './reading/appointment.ts';
import { findPerson } from './reading/people.ts';

/** A corrective action is due by the end of the working day that was named. */
const END_OF_DAY = 18;

export const followUp: ChatCommand = {
  name: 'follow-up',
  zh: ['整改', '待办'],
  en: ['follow-up', 'todo'],
  usage: {
    zh: '整改 内容 @负责人 期限 | 整改 F1 完成 证明',
    en: 'follow-up TEXT @OWNER DUE | follow-up F1 done PROOF',
  },
  about: {
    zh: '记录整改措施；到期前后提醒责任人；完成时附证明',
    en: 'record a corrective action; its owner is reminded; done with a proof',
  },
  needsIncident: true,
  takes: ['follow-up', 'finish-follow-up'],
  run: (call) => {
    const text = textOf(call);
    const done = /^(F\d{1,4})\s*(?:完成|已完成|done)\s*(.*)$/is.exec(text);
    const id = call.args.done ?? done?.[1];
    if (id !== undefined) {
      const proof = (call.args.done === undefined ? (done?.[2] ?? '') : (call.args.text ?? '')).trim();
      return proof === ''
        ? ask({ ...call, text: '', args: { done: id } }, 'follow-up', {
            title: { zh: `整改 ${id} 完成`, en: `Corrective action ${id} is done` },
            label: {
              zh: '凭什么说明已完成（变更单、截图说明、验证结果）',
              en: 'What shows it (change number, check, result)',
            },
          })
        : act({ type: 'finish-follow-up', followUp: id, proof });
    }
    if (!text)
      return ask({ ...call, text: call.args.from ?? '', args: {} }, 'follow-up', {
        title: { zh: '整改措施', en: 'Corrective action' },
        label: { zh: '做什么 @谁 何时', en: 'What @who by when' },
      });
    const named = /(?:^|\s)@(\S{1,40})/.exec(text)?.[1] ?? null;
    const ahead = readAppointment(
      text.replace(/(?:^|\s)@\S{1,40}/, ''),
      call.now,
      call.plan.zone,
      END_OF_DAY,
    );
    const owner = call.args.owner ?? named;
    return act({
      type: 'follow-up',
      text: ahead.rest,
      owner: owner === null ? null : (findPerson(owner, call.directory) ?? owner),
      due: call.args.due ?? ahead.typed,
      dueAt: ahead.at,
    });
  },
};
