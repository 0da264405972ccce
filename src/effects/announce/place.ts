import type { Message, Text } from '../../chat/message.ts';
import type { Capabilities } from '../../chat/port.ts';
import type { EventOf, Place } from '../../incident/events.ts';
import type { Incident } from '../../incident/state.ts';
import { SEVERITY, STATUS } from '../../words/terms.ts';
import { button, buttons, message, say, type Voice } from './context.ts';

/** What a place cannot do, said once when the incident begins to live there, with the way around it. */
export function limitsOf(
  place: Place,
  capabilities: Capabilities,
  incident: Incident,
  voice: Voice,
): Message | null {
  const words: Text[] = [
    ...(place.own
      ? []
      : [
          say(voice, {
            zh: '没有单独建群：事件就在这个会话里处理',
            en: 'no room of its own: the incident lives in this conversation',
          }),
        ]),
    ...(capabilities.hears === 'addressed'
      ? [
          say(voice, {
            zh: '本群只能听到 @ 机器人的消息：要进入记录的话、日志和命令，请先 @战情室',
            en: 'here only messages that @mention the bot are heard: mention it for words, logs and commands that belong in the record',
          }),
        ]
      : []),
    ...(capabilities.followsEdits
      ? []
      : [
          say(voice, {
            zh: '改过的消息不会跟着改进记录：请把更正再发一遍',
            en: 'edits are not followed: send a correction as a new message',
          }),
        ]),
    ...(capabilities.followsDeletions
      ? []
      : [
          say(voice, {
            zh: '撤回的消息仍在记录里：要删除请到网页房间',
            en: 'deletions are not followed: redact in the web room',
          }),
        ]),
    ...(capabilities.updatesMessages
      ? []
      : [
          say(voice, {
            zh: '卡片不能原地更新：以最新的一张为准',
            en: 'cards are not updated in place: the newest one counts',
          }),
        ]),
    ...(capabilities.filesHere
      ? []
      : [
          say(voice, {
            zh: '机器人收不到发在这里的文件：请发在与它的私聊里，或在网页房间上传',
            en: 'files that are sent here do not reach the bot: send them in the chat with it, or upload them in the web room',
          }),
        ]),
  ];
  if (words.length === 0) return null;
  const web = say(voice, { zh: '全部功能在网页房间', en: 'everything works in the web room' });
  return message(say(voice, { zh: 'ℹ️ 关于这个会话', en: 'ℹ️ about this conversation' }), 'plain', [
    { block: 'list', ordered: false, items: words },
    { block: 'note', text: [{ link: { label: web, path: `/i/${incident.code}` } }] },
    ...buttons(button(say(voice, { zh: '打开网页房间', en: 'open the web room' }), 'web')),
  ]);
}

/** Everywhere else: where the new room is, or why there is none of its own. */
export function roomOpened(body: EventOf<'RoomOpened'>, voice: Voice): Message | null {
  const { own, platform, conversation } = body.place;
  if (own)
    return message(
      [
        say(voice, { zh: '💬 已为这个事件单独建群：', en: '💬 a room of its own: ' }),
        { room: { platform, conversation, name: own.name } },
      ],
      'plain',
    );
  if (body.because === undefined) return null;
  return message(
    say(voice, {
      zh: `⚠️ 没能单独建群，事件留在原会话：${body.because}`,
      en: `⚠️ no room of its own could be made, the incident stays where it was opened: ${body.because}`,
    }),
    'warn',
  );
}

/** Where the room was asked for and is not: what was opened, and where it goes on. */
export function pointer(body: EventOf<'RoomOpened'>, incident: Incident, voice: Voice): Message {
  const { own, platform, conversation } = body.place;
  return message(
    [
      `🚨 ${incident.code} `,
      { strong: incident.title },
      say(voice, { zh: ' · 在这里处理：', en: ' · handled in ' }),
      { room: { platform, conversation, name: own?.name ?? conversation } },
    ],
    'bad',
  );
}

/** The line under a room's name; it changes with the level and the state. */
export function topicOf(incident: Incident, voice: Voice): string {
  const { severity } = incident;
  const level = severity
    ? `${SEVERITY[severity].mark} ${SEVERITY[severity][voice.language]}`
    : say(voice, { zh: '🚨 待定级', en: '🚨 severity open' });
  const system = incident.system.name;
  return [
    level,
    STATUS[incident.status][voice.language],
    incident.code,
    ...(system === null ? [] : [system]),
    incident.title,
  ].join(' · ');
}
