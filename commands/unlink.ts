import type { ChatCommand } from './command.ts';
import { readPlace } from './reading/place.ts';

export const unlink: ChatCommand = {
  name: 'unlink',
  zh: ['断开'],
  en: ['unlink'],
  usage: { zh: '断开 [平台:会话]', en: 'unlink [PLATFORM:CONVERSATION]' },
  about: { zh: '这个会话不再同步这个事件', en: 'this conversation no longer mirrors the incident' },
  needsIncident: true,
  takes: ['unlink-place'],
  run: (call) => ({ kind: 'unlink-place', place: readPlace(call.text.trim()) }),
};
