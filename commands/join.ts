import { act, type ChatCommand } from './command.ts';
import { findPost } from './reading/people.ts';
export const join: ChatCommand = {
  name: 'join',
  zh: ['加入'],
  en: ['join'],
  usage: { zh: '加入 [岗位]', en: 'join [POST]' },
  about: { zh: '加入事件', en: 'join the incident' },
  needsIncident: true,
  takes: ['join'],
  run: (call) => act({ type: 'join', post: findPost(call.args.post ?? call.text, call.plan) }),
};
