import { clip } from '../chat/cut.ts';
import type { Block, Message, Span } from '../chat/message.ts';
import type { Instant } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import type { TalkEntry, TalkFile } from '../store/port.ts';
import { clockTime } from '../words/time.ts';

/** What it takes to put what others said into words for one place. */
export interface BridgeVoice {
  readonly language: Language;
  readonly zone: string;
  readonly now: Instant;
  readonly code: string;
  readonly orgName: (org: string) => string;
  /** Characters that one message may hold. */
  readonly room: number;
}

/** One person's words as they stand now. */
export interface Line {
  readonly author: { readonly name: string; readonly org: string };
  readonly at: Instant;
  readonly stream: string;
  readonly form: TalkEntry['form'];
  /** Null once its author has taken it back. */
  readonly text: string | null;
  readonly file: TalkFile | null;
  /** What it answers, where the place cannot show it by a thread of its own. */
  readonly answers: { readonly author: string; readonly text: string | null } | null;
}

interface Look {
  readonly card: string | null;
  /** It was sent before and nobody knows whether it arrived. */
  readonly duplicate: boolean;
}

const LOG_LINES = 20;
const QUOTED = 60;

/** One message, or several that wait together, each with its author and organisation. */
export function saidMessage(lines: readonly Line[], voice: BridgeVoice, look: Look): Message {
  const [only, ...others] = lines;
  const doubt = look.duplicate ? [say(voice, { zh: '（可能重复）', en: '(possibly repeated) ' })] : [];
  if (only && others.length === 0)
    return {
      headline: [...doubt, ...badge(only, voice), { strong: signature(only, voice) }],
      blocks: body(only, voice, voice.room),
      tone: 'plain',
      card: look.card,
    };
  const count = say(voice, { zh: `${lines.length} 条消息`, en: `${lines.length} messages` });
  const share = Math.floor(voice.room / Math.max(1, lines.length));
  return {
    headline: [...doubt, `💬 ${count}`],
    blocks: lines.flatMap((line): Block[] => [
      {
        block: 'note',
        text: [...badge(line, voice), { strong: signature(line, voice) }, ` ${time(line, voice)}`],
      },
      ...body(line, voice, share),
    ]),
    tone: 'plain',
    card: look.card,
  };
}

/** What stands there already, and cannot be changed in place, is not so any more. */
export function correction(line: Line, voice: BridgeVoice, look: Pick<Look, 'duplicate'>): Message {
  const doubt = look.duplicate ? [say(voice, { zh: '（可能重复）', en: '(possibly repeated) ' })] : [];
  const what =
    line.text === null
      ? say(voice, { zh: '更正：撤回了消息', en: 'Correction: a message was withdrawn' })
      : say(voice, { zh: '更正', en: 'Correction' });
  return {
    headline: [
      ...doubt,
      ...badge(line, voice),
      { strong: signature(line, voice) },
      ` · ✏️ ${what} (${time(line, voice)})`,
    ],
    blocks: line.text === null ? [] : body(line, voice, voice.room),
    tone: 'plain',
    card: null,
  };
}

/** For a place that comes late: how much was said, what of it matters, and where all of it is. */
export function digest(
  lines: readonly Line[],
  highlights: readonly Line[],
  voice: BridgeVoice,
  look: Pick<Look, 'duplicate'>,
): Message {
  const files = lines.filter((one) => one.file !== null).length;
  const doubt = look.duplicate ? say(voice, { zh: '（可能重复）', en: '(possibly repeated) ' }) : '';
  const headline = say(voice, {
    zh: `${doubt}📚 此前的讨论：${lines.length} 条消息${files > 0 ? `、${files} 个文件` : ''}`,
    en: `${doubt}📚 said so far: ${lines.length} messages${files > 0 ? `, ${files} files` : ''}`,
  });
  const share = Math.max(40, Math.floor((voice.room * 0.7) / Math.max(1, highlights.length)) - 40);
  const items = highlights.map((one) => [
    `${time(one, voice)} `,
    { strong: signature(one, voice) },
    say(voice, { zh: '：', en: ': ' }) + clip(flat(one.text ?? ''), Math.min(share, 240)),
  ]);
  return {
    headline,
    blocks: [
      {
        block: 'fold',
        summary: say(voice, { zh: `要点 ${items.length} 条`, en: `${items.length} that matter` }),
        blocks: [{ block: 'list', ordered: false, items }],
      },
      { block: 'note', text: [everything(voice)] },
    ],
    tone: 'plain',
    card: null,
  };
}

function signature({ author }: Line, voice: BridgeVoice): string {
  return `${author.name} · ${voice.orgName(author.org)}`;
}

/** Whom a note is for, where not everybody reads it. */
function badge(line: Line, voice: BridgeVoice): readonly Span[] {
  if (line.stream === 'joint') return [];
  return line.stream === 'customer+vendor'
    ? [say(voice, { zh: '🔒 客户与我方 · ', en: '🔒 customer and vendor · ' })]
    : [say(voice, { zh: '🔒 仅本单位 · ', en: '🔒 own organisation · ' })];
}

function body(line: Line, voice: BridgeVoice, room: number): readonly Block[] {
  if (line.text === null) return [{ block: 'note', text: say(voice, { zh: '🗑 已撤回', en: '🗑 withdrawn' }) }];
  const quotation: Block[] = line.answers
    ? [
        {
          block: 'note',
          text: `↩ ${line.answers.author}${say(voice, { zh: '：', en: ': ' })}${
            line.answers.text === null
              ? say(voice, { zh: '已撤回', en: 'withdrawn' })
              : clip(flat(line.answers.text), QUOTED)
          }`,
        },
      ]
    : [];
  const [head = '', ...rest] = line.text.split('\n');
  if (line.file) {
    const path = `/i/${voice.code}/files/${line.file.sha256}`;
    const link = { link: { label: say(voice, { zh: '打开文件', en: 'open the file' }), path } };
    return [
      ...quotation,
      { block: 'text', text: [clip(head, 200), ' ', link] },
      ...(rest.length > 0 ? code(rest, room, voice) : []),
    ];
  }
  if (line.form === 'log') return [...quotation, ...code([head, ...rest], room, voice)];
  const text = clip(line.text, Math.max(200, room - 200));
  return [
    ...quotation,
    { block: 'text', text },
    ...(text.length < line.text.length ? [{ block: 'note', text: [everything(voice)] } as const] : []),
  ];
}

/** The beginning of a log; all of it is in the web room. */
function code(lines: readonly string[], room: number, voice: BridgeVoice): readonly Block[] {
  const shown = clip(lines.slice(0, LOG_LINES).join('\n'), Math.max(200, Math.min(1_500, room - 400)));
  const whole = lines.join('\n').length <= shown.length;
  return [
    { block: 'code', code: shown, startLine: null, marked: [] },
    ...(whole ? [] : [{ block: 'note', text: [everything(voice)] } as const]),
  ];
}

function everything(voice: BridgeVoice): Span {
  const label = say(voice, { zh: '全文见网页房间', en: 'all of it in the web room' });
  return { link: { label, path: `/i/${voice.code}` } };
}

function time(line: Line, voice: BridgeVoice): string {
  return clockTime(line.at, voice.zone, voice.now);
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function say(voice: BridgeVoice, words: { readonly zh: string; readonly en: string }): string {
  return words[voice.language];
}
