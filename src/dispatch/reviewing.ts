import type { Button, Message, Text } from '../chat/message.ts';
import type { LessonSide } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import type { Store, TalkEntry } from '../store/port.ts';
import { fullTime } from '../words/time.ts';

/** A lesson that an organisation has written down and not published yet. */
export interface CollectedLesson {
  readonly message: string;
  readonly author: string;
  readonly side: LessonSide;
  readonly text: string;
}

const SIDE: Readonly<Record<LessonSide, Readonly<Record<Language, string>>>> = {
  well: { zh: '好：', en: 'well: ' },
  badly: { zh: '差：', en: 'badly: ' },
  lucky: { zh: '幸运：', en: 'lucky: ' },
};

/** As it stands in the organisation's own stream: legible there, and read back when it is published. */
export function lessonText(side: LessonSide, text: string, language: Language): string {
  return `${SIDE[side][language]}${text}`;
}

export function lessonKept(language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? '已记下，公布之前只有本组织能看到。'
        : 'Noted; only your organisation sees it until it is published.',
    blocks: [
      {
        block: 'buttons',
        buttons: [
          {
            label: language === 'zh' ? '公布本组织的' : "Publish our organisation's",
            command: 'review',
            args: { do: 'publish' },
            style: 'plain',
          },
        ],
      },
    ],
    tone: 'good',
    card: null,
  };
}

/** Edits and deletions followed; what was published before is not collected again. */
export async function collectedLessons(
  store: Store,
  incident: string,
  org: string,
  read: (text: string) => { readonly side: LessonSide; readonly text: string },
): Promise<readonly CollectedLesson[]> {
  const standing = new Map<string, TalkEntry>();
  for (const entry of await store.talk(incident, [`org:${org}`])) {
    if (entry.form !== 'lesson') continue;
    if (entry.kind === 'deleted') standing.delete(entry.message);
    else standing.set(entry.message, entry);
  }
  if (standing.size === 0) return [];
  for (const event of await store.events(incident))
    if (event.body.type === 'LessonNoted') for (const message of event.sources) standing.delete(message);
  return [...standing.values()].map((entry) => ({
    message: entry.message,
    author: entry.author.name,
    ...read(entry.text),
  }));
}

/** How the review stands, for one reader: what others have collected is neither shown nor counted. */
export function reviewMessage(
  incident: Incident,
  own: readonly CollectedLesson[],
  names: (person: string) => string,
  zone: string,
  language: Language,
): Message {
  const zh = language === 'zh';
  const { review, satisfaction } = incident;
  const state =
    review === null
      ? zh
        ? '尚未约定'
        : 'not set'
      : review.heldAt !== null
        ? `${zh ? '已召开' : 'held'} ${fullTime(review.heldAt, zone)}`
        : `${fullTime(review.at, zone)}${review.where === null ? '' : ` · ${review.where}`}`;
  const open = incident.followUps.filter((one) => one.proof === null).length;
  const fields: { readonly label: string; readonly value: Text }[] = [
    { label: zh ? '复盘会' : 'meeting', value: state },
    {
      label: zh ? '整改' : 'corrective actions',
      value: zh
        ? `${incident.followUps.length} 项，未完成 ${open} 项`
        : `${incident.followUps.length}, ${open} open`,
    },
    {
      label: zh ? '满意度' : 'satisfaction',
      value: satisfaction === null ? (zh ? '尚未评价' : 'not given') : `${satisfaction.score}/5`,
    },
  ];
  const actions = incident.followUps.map(
    (one) =>
      `${one.proof === null ? '☐' : '☑'} ${one.id} ${one.text}${one.owner === null ? '' : ` · ${names(one.owner)}`}${one.due === null ? '' : ` · ${one.due}`}${one.proof === null ? '' : ` · ${one.proof}`}`,
  );
  const lessons = own.map((one) => `${SIDE[one.side][language]}${one.text}（${one.author}）`);
  return {
    headline: `${zh ? '复盘' : 'Review'} ${incident.code}`,
    blocks: [
      { block: 'fields', fields },
      ...(actions.length === 0 ? [] : [{ block: 'list' as const, ordered: false, items: actions }]),
      {
        block: 'note',
        text: zh
          ? `本组织已写、未公布 ${lessons.length} 条${lessons.length === 0 ? '' : '：'}`
          : `Your organisation's unpublished lessons: ${lessons.length}`,
      },
      ...(lessons.length === 0 ? [] : [{ block: 'list' as const, ordered: false, items: lessons }]),
      { block: 'buttons', buttons: nextSteps(incident, own.length > 0, zh) },
    ],
    tone: 'plain',
    card: null,
  };
}

function nextSteps(incident: Incident, collected: boolean, zh: boolean): readonly Button[] {
  const button = (label: string, command: string, args: Record<string, string> = {}): Button => ({
    label,
    command,
    args,
    style: 'plain',
  });
  const held = incident.review?.heldAt != null;
  return [
    ...(held ? [] : [button(zh ? '约时间…' : 'Set the time…', 'review', { do: 'schedule' })]),
    button(zh ? '写教训…' : 'Note a lesson…', 'lesson'),
    ...(collected
      ? [button(zh ? '公布本组织的' : "Publish your organisation's", 'review', { do: 'publish' })]
      : []),
    button(zh ? '整改…' : 'Corrective action…', 'follow-up'),
    ...(held ? [] : [button(zh ? '复盘会已开' : 'The review was held', 'review', { do: 'held' })]),
    ...(incident.satisfaction === null
      ? [button(zh ? '请客户评价' : 'Ask the customer', 'satisfaction', { do: 'ask' })]
      : []),
  ];
}
