import type { ChatCommand } from './command.ts';

/** A platform that knows who asked turns the link into a one-time login for that person. */
export const web: ChatCommand = {
  name: 'web',
  zh: ['网页', '网页房间'],
  en: ['web'],
  usage: { zh: '网页', en: 'web' },
  about: { zh: '打开网页房间：全部消息、文件与功能', en: 'the web room: every message, file and function' },
  needsIncident: false,
  takes: [],
  run: ({ incident, language }) => {
    const path = incident ? `/i/${incident.code}` : '/';
    const label = { zh: '打开网页房间', en: 'open the web room' }[language];
    const about = incident ? `${incident.code} · ` : '';
    return {
      kind: 'show',
      message: { headline: [about, { link: { label, path } }], blocks: [], tone: 'plain', card: null },
    };
  },
};
