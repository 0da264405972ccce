import { ask, type ChatCommand, show, textOf } from './command.ts';
import { readAhead } from './reading/ahead.ts';
import { findPerson } from './reading/people.ts';

/** "周五 周日", "周五 20:00 周日 20:00": a time belongs to the day before it. */
function twoMoments(tokens: readonly string[]): readonly string[] {
  const moments: string[] = [];
  for (const token of tokens) {
    const time = /^\d{1,2}[:：]\d{2}$/.test(token);
    if (time && moments.length > 0) moments.push(`${moments.pop() ?? ''} ${token}`);
    else moments.push(token);
  }
  return moments;
}

export const swap: ChatCommand = {
  name: 'swap',
  zh: ['换班', '调班'],
  en: ['swap'],
  usage: { zh: '换班 对方 我的班 对方的班，如：换班 李工 周五 周日', en: 'swap PERSON MY-TURN THEIR-TURN' },
  about: { zh: '与同级的人互换一个班', en: 'exchange one turn with somebody of the same tier' },
  needsIncident: false,
  takes: [],
  run: (call) => {
    const [who = '', ...rest] = textOf(call).split(/\s+/);
    const [mine, theirs, more] = twoMoments(rest.filter((one) => !/^(换|与|for|和|to)$/i.test(one)));
    if (!who || mine === undefined || theirs === undefined || more !== undefined)
      return ask(call, 'swap', {
        title: { zh: '换班', en: 'Swap turns' },
        label: {
          zh: '对方 我的班 对方的班，如：李工 周五 周日',
          en: 'Person, my turn, their turn, as: li friday sunday',
        },
      });
    const other = findPerson(who, call.directory);
    if (other === null)
      return show(
        { zh: `名册上没有“${who}”`, en: `nobody on the roster is called "${who}"` }[call.language],
        [],
        'warn',
      );
    const at = (text: string): number => readAhead(text, call.now, call.plan.zone);
    return { kind: 'swap', other, mine: at(mine), theirs: at(theirs) };
  },
};
