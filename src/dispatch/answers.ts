import type { Call, ChatCommand } from '../../commands/command.ts';
import { COMMANDS, nearest } from '../../commands/index.ts';
import type { Block, Form, Message } from '../chat/message.ts';
import type { Reply } from '../chat/port.ts';
import { pastBlocks } from '../effects/announce/knowledge.ts';
import type { LogFact } from '../incident/events.ts';
import type { PastIncident } from '../incident/learning.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import type { Swapped } from '../shifts/live-roster.ts';
import { type Asker, mayUse } from '../view/allowed.ts';
import type { TimelineLine } from '../view/timeline.ts';
import { logFactText } from '../words/log-fact.ts';
import { clockTime } from '../words/time.ts';
import type { LogBeingRead } from './deps.ts';

export const NOTHING: Reply = { toAsker: null, form: null, incident: null };

export function tell(message: Message): Reply {
  return { ...NOTHING, toAsker: message };
}

export function reasonForm(command: string, call: Call, message: Message): Form {
  const zh = call.language === 'zh';
  const typed: Record<string, string> = call.text ? { text: call.text } : {};
  if (call.text && ['arrive', 'contact', 'restore', 'resolve', 'dispatch', 'deliver'].includes(command))
    typed.at = call.text;
  if (call.text && command === 'severity') typed.level = call.text;
  if (call.text && command === 'page') typed.who = call.text;
  if (call.text && command === 'need') typed.post = call.text;
  if (call.text && command === 'hand-lead') typed.to = call.text;
  return {
    title:
      typeof message.headline === 'string' ? message.headline : zh ? '请写明原因' : 'Please give a reason',
    command,
    args: { ...typed, ...call.args },
    fields: [
      {
        name: 'reason',
        label: zh ? '原因（进入报告）' : 'Reason (goes into the report)',
        type: 'paragraph',
        required: true,
      },
    ],
    submit: zh ? '确定' : 'OK',
  };
}

export function notForGuests(language: Language): Message {
  return {
    headline: {
      zh: '访客链接只能用于这一个事件。其他事请找给你链接的人。',
      en: 'A guest link is for this one incident. For anything else ask whoever gave it to you.',
    }[language],
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

export function unknownCommand(word: string, language: Language): Message {
  const close = nearest(word);
  const headline = language === 'zh' ? `没有“${word}”这个命令。` : `There is no command "${word}".`;
  const hint =
    language === 'zh'
      ? close.length > 0
        ? `您是否要：${close.join('、')}？`
        : '全部命令：/应急 帮助'
      : close.length > 0
        ? `Did you mean: ${close.join(', ')}?`
        : 'All commands: /incident help';
  return {
    headline: `${headline}${language === 'zh' ? '' : ' '}${hint}`,
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

export function noRoom(language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? '这里还没有事件。开启一个：/应急 开启 发生了什么'
        : 'No incident here yet. Open one: /incident open WHAT HAPPENED',
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

export function noSuchCode(code: string, language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? `没有事件“${code}”，编号形如 INC-20261124-01。`
        : `There is no incident "${code}"; a code looks like INC-20261124-01.`,
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

export function roomComes(code: string, language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? `已开启 ${code}，正在为它单独建群，稍后邀请您进去`
        : `${code} is open; a room of its own is being made, and you will be invited`,
    blocks: [],
    tone: 'good',
    card: null,
  };
}

export function missedCommand(text: string, language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? `断线期间的这条命令没有执行，只记录在案；仍要执行请再发一次：${text}`
        : `This command came while the line was down; it was recorded and not carried out. Send it again if it still holds: ${text}`,
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

/** What the asker may do comes first; the rest is folded away, for there is always somebody to ask. */
export function help(asker: Asker, language: Language): Message {
  const lines = (commands: readonly ChatCommand[]): Block => ({
    block: 'list',
    ordered: false,
    items: commands.map((one) => `${one.usage[language]}　${one.about[language]}`),
  });
  const mine = COMMANDS.filter((one) => mayUse(one, asker));
  const others = COMMANDS.filter((one) => !mine.includes(one));
  const summary =
    language === 'zh'
      ? `由其他角色来做的 ${others.length} 条；试一下就会告诉您找谁`
      : `${others.length} commands of other roles; try one to hear whom to ask`;
  return {
    headline:
      language === 'zh'
        ? '命令前加 /应急 或 /incident；粘贴日志、拖入文件会自动识别'
        : 'Put /incident or /应急 before a command; a pasted log or dropped file is recognised by itself',
    blocks: [
      lines(mine),
      ...(others.length > 0 ? [{ block: 'fold', summary, blocks: [lines(others)] } as const] : []),
    ],
    tone: 'plain',
    card: null,
  };
}

export function similarMessage(past: readonly PastIncident[], language: Language): Message {
  const zh = language === 'zh';
  const none = zh
    ? '以往没有与这份日志足够相似的事件（或者还没有粘贴日志）'
    : 'No past incident is like this log (or no log was pasted yet)';
  const some = zh ? `以前类似的事件 ${past.length} 起` : `${past.length} past incidents like this`;
  return {
    headline: past.length === 0 ? none : some,
    blocks: pastBlocks(past, { language }).slice(1),
    tone: 'plain',
    card: null,
  };
}

/** The end of the timeline with its numbers, and the way to all of it. */
const SHOWN_LINES = 25;

export function timelineMessage(
  incident: Incident,
  lines: readonly TimelineLine[],
  zone: string,
  language: Language,
): Message {
  const zh = language === 'zh';
  const shown = lines.filter((line) => !line.dropped);
  const items = shown
    .slice(-SHOWN_LINES)
    .map((line) => `#${line.number}　${clockTime(line.occurred, zone, line.occurred)}　${line.text}`);
  const dropped = lines.length - shown.length;
  const counts = zh
    ? `共 ${shown.length} 条${dropped > 0 ? `，略去 ${dropped} 条` : ''}${shown.length > items.length ? `，以下是最近 ${items.length} 条` : ''}`
    : `${shown.length} entries${dropped > 0 ? `, ${dropped} left out` : ''}${shown.length > items.length ? `, the last ${items.length}` : ''}`;
  const path = `/i/${incident.code}/timeline`;
  return {
    headline: `${zh ? '时间线' : 'Timeline'} ${incident.code}：${counts}`,
    blocks: [
      { block: 'list', ordered: false, items },
      {
        block: 'note',
        text: [{ link: { label: zh ? '打开并整理时间线' : 'Open and edit the timeline', path } }],
      },
    ],
    tone: 'plain',
    card: null,
  };
}

/** A text was kept for the next shift: when it goes out, or that nobody is to come. */
export function shiftNoteKept(next: number | null, zone: string, now: number, language: Language): Message {
  const zh = language === 'zh';
  const headline =
    next === null
      ? zh
        ? '已记下。近 15 天没有换班；留言在“值班”页可见'
        : 'Kept. No change of turn within 15 days; it is shown on the on-call page'
      : zh
        ? `已记下，${clockTime(next, zone, now)} 换班时发给交班人和接班人`
        : `Kept; at the change of turn, ${clockTime(next, zone, now)}, it goes to both`;
  return { headline, blocks: [], tone: 'good', card: null };
}

export function logFactsAdded(facts: readonly LogFact[], language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? `已把 ${facts.length} 条日志事实记入时间线（不要的可在时间线上略去）`
        : `${facts.length} facts of the log are on the timeline (leave out there what you do not want)`,
    blocks: [{ block: 'list', ordered: false, items: facts.map((fact) => logFactText(fact, language)) }],
    tone: 'good',
    card: null,
  };
}

/** Said where it was asked; the incident that taught the entry shows it on its own card. */
export function knowledgeWithdrawn(entry: string, taughtBy: string, language: Language): Message {
  return {
    headline: {
      zh: `📕 知识 ${entry} 已撤回，即刻起任何事件都不再使用；记录在 ${taughtBy}`,
      en: `📕 knowledge ${entry} is withdrawn, no incident uses it from now on; recorded in ${taughtBy}`,
    }[language],
    blocks: [],
    tone: 'good',
    card: null,
  };
}

/** How far a large log has been read; the same card until it is done. */
export function readingCard(log: LogBeingRead, language: Language): Message {
  const zh = language === 'zh';
  const name = log.name ?? (zh ? '粘贴的日志' : 'the pasted log');
  const megabytes = Math.max(1, Math.round(log.total / 1024 / 1024));
  const percent = Math.floor((100 * log.done) / Math.max(1, log.total));
  return {
    headline:
      percent >= 100
        ? zh
          ? `📖 已读完 ${name} · ${megabytes} MB`
          : `📖 ${name} read · ${megabytes} MB`
        : zh
          ? `📖 正在读 ${name} · ${megabytes} MB… ${percent} %`
          : `📖 reading ${name} · ${megabytes} MB… ${percent} %`,
    blocks: [],
    tone: 'plain',
    card: `reading:${log.message}`,
  };
}

const NO_SWAP = {
  'no-common-tier': {
    zh: '两人不在同一级的轮值里，不能换班；请在 warroom.yaml 用 overrides',
    en: 'the two share no rotation; use overrides in warroom.yaml',
  },
  'not-my-turn': { zh: '第一个时间不是您的班', en: 'the first time is not your turn' },
  'not-their-turn': { zh: '第二个时间不是对方的班', en: 'the second time is not their turn' },
  past: { zh: '过去的班换不了', en: 'a turn that is over cannot be swapped' },
} as const;

/** What was exchanged, or why not and where to look. */
export function swapAnswer(swapped: Swapped, call: Call, other: string): Message {
  const { language, plan, now, directory, author } = call;
  if (!swapped.ok) {
    const hint = {
      zh: '。先看：/应急 值班 <时间>',
      en: '. Look first: /incident oncall <time>',
    }[language];
    return { headline: NO_SWAP[swapped.why][language] + hint, blocks: [], tone: 'warn', card: null };
  }
  const span = (one: { readonly from: number; readonly to: number }): string =>
    `${clockTime(one.from, plan.zone, now)}–${clockTime(one.to, plan.zone, now)}`;
  const name = directory.people[other]?.name ?? other;
  const headline = {
    zh: `已换班：${span(swapped.mine)} 由 ${name} 值，${span(swapped.theirs)} 由 ${author.name} 值；双方都会收到通知`,
    en: `swapped: ${span(swapped.mine)} ${name}, ${span(swapped.theirs)} ${author.name}; both are told`,
  }[language];
  return { headline, blocks: [], tone: 'good', card: null };
}
