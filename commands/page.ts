import { act, ask, type ChatCommand, textOf } from './command.ts';
import { findPerson, findPost, findTier } from './reading/people.ts';
export const page: ChatCommand = {
  name: 'page',
  zh: ['呼叫', '叫人'],
  en: ['page', 'call'],
  usage: { zh: '呼叫 人|岗位|二级', en: 'page PERSON|POST|2' },
  about: { zh: '呼叫一个人、一个岗位或一级', en: 'page a person, a post or a tier' },
  needsIncident: true,
  takes: ['page'],
  run: (call) => {
    const text = textOf(call, 'who');
    if (!text)
      return ask(call, 'page', {
        title: { zh: '呼叫', en: 'Page' },
        label: { zh: '谁：姓名、岗位或级别', en: 'Who: a person, a post or a tier' },
        field: 'who',
      });
    const [first = '', ...rest] = text.split(/\s+/);
    const person = findPerson(text, call.directory) ?? findPerson(first, call.directory);
    const post = person ? null : (findPost(text, call.plan) ?? findPost(first, call.plan));
    const tier = person || post ? null : findTier(text);
    if (!person && !post && tier === null) {
      return act({ type: 'page', person: text, tier: null, post: null, reason: null, override: null });
    }
    const reason =
      rest.length > 0 && text !== call.directory.people[person ?? '']?.name ? rest.join(' ') : null;
    return act({ type: 'page', person, tier, post, reason, override: call.args.reason ?? null });
  },
};
