import { TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import type { Place } from '../../incident/events.ts';
import { nameOf, type Parts } from '../name.ts';
import { createLanes } from '../once.ts';
import type { Inbound, Reply } from '../port.ts';
import type { Asker } from './answers.ts';
import { filledIn, PRESS_FIELD } from './cards.ts';
import type { FileOptions } from './files.ts';
import type { Hooks } from './hooks.ts';
import { createIntake } from './intake.ts';
import { type Frame, type Pressed, quotedIn, readPressed, readSaid, type Said } from './payloads.ts';
import type { People, Speaker } from './people.ts';
import { readPress } from './press.ts';
import type { Sender } from './sender.ts';
import { asHeard, type Words } from './text.ts';

export interface HearDeps {
  readonly people: People;
  readonly sender: Sender;
  readonly hooks: Hooks;
  readonly parts: Parts;
  readonly files: FileOptions;
  readonly words: Words;
  readonly robot: string;
  readonly language: 'zh' | 'en';
  readonly org: string;
  readonly now: () => number;
  /** Whether an incident lives in the place. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly receive: (inbound: Inbound) => Promise<Reply>;
  readonly remember: (key: string, value: string) => Promise<void>;
  readonly recall: (key: string) => Promise<string | null>;
  /** Work that goes on after DingTalk has its acknowledgement. */
  readonly later: (what: string, task: Promise<void>) => void;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

const KEPT = 10_000;

export interface Origin {
  readonly conversation: string;
  readonly single: boolean;
  readonly incident: string | null;
  readonly at: number;
  readonly speaker: Speaker;
}

/** DingTalk's deliveries → `Inbound`, each acted on once, and the reply back to its asker. */
export function createHear(deps: HearDeps): (frame: Frame) => Promise<unknown> {
  const lane = createLanes();
  const answered = new Map<string, Promise<unknown>>();

  /**
   * The same delivery again waits for the first and has its answer, so that it is not acknowledged before the first
   * is kept; what failed may come again.
   */
  function once(id: string, work: () => Promise<unknown>): Promise<unknown> {
    const known = answered.get(id);
    if (known !== undefined) return known;
    const answer = work().catch((error: unknown) => {
      answered.delete(id);
      throw error;
    });
    answered.set(id, answer);
    for (const [oldest] of answered) {
      if (answered.size <= KEPT) break;
      answered.delete(oldest);
    }
    return answer;
  }

  const placeOf = (conversation: string): Place => ({
    platform: 'dingtalk',
    // A client id belongs to one organisation of DingTalk.
    workspace: '',
    conversation,
    language: deps.language,
    org: deps.org,
  });
  const askerOf = ({ conversation, single, incident, speaker }: Origin): Asker => ({
    conversation,
    single,
    incident,
    user: speaker.user,
    person: speaker.person,
    language: speaker.language,
  });
  const baseOf = ({ conversation, incident, at, speaker }: Origin, id: string) => ({
    id,
    place: placeOf(conversation),
    incident,
    author: speaker.actor,
    at,
    language: speaker.language,
  });

  async function take(origin: Origin, inbound: Inbound): Promise<void> {
    const reply = await deps.receive(inbound);
    if (!reply.form && !reply.toAsker && !reply.attachments) return;
    const asker = askerOf({ ...origin, incident: reply.incident ?? origin.incident });
    // What was asked is kept by now; the answers to one person keep their order.
    deps.later(
      'an answer',
      lane(`answer:${asker.user ?? asker.conversation}`, async () => {
        if (reply.form) await deps.sender.open(asker, reply.form);
        if (reply.toAsker) await deps.sender.tell(asker, reply.toAsker);
        if (reply.attachments) await deps.sender.hand(asker, reply.attachments);
      }),
    );
  }

  const files = createIntake({ ...deps, baseOf, askerOf, placeOf, take });

  async function heard(said: Said): Promise<void> {
    const { conversationId: conversation, senderStaffId, senderId: sender } = said;
    const user = senderStaffId ? senderStaffId : null;
    const single = said.conversationType === '1';
    await deps.hooks.heard(conversation, said.sessionWebhook ?? null, said.sessionWebhookExpiredTime ?? null);
    if (single && user !== null) await rememberOnce(`single:${conversation}`, user);
    if (!single) await introduce(conversation);
    const speaker = await deps.people.speaker({ user, sender, nick: said.senderNick || null });
    const origin: Origin = { conversation, single, incident: null, at: said.createAt, speaker };
    const room = await deps.isRoom(placeOf(conversation));
    if (user !== null && (room || !single)) await rememberOnce(`last:${user}`, conversation);
    const text = textOf(said);
    const id = nameOf(conversation, said.msgId);
    const quoted = quotedIn(said);
    const replyTo = quoted === null ? undefined : await deps.parts.wholeOf(nameOf(conversation, quoted));
    if (text !== '') {
      const heardText = asHeard(text, room, deps.words);
      await take(origin, { ...baseOf(origin, id), kind: 'text', messageId: id, text: heardText, replyTo });
    }
    await files(origin, said, { name: id, alone: text === '', replyTo, forwarded: single && !room });
  }

  /** No page of DingTalk shows the id by which a group is named in the configuration: the log does, once. */
  async function introduce(conversation: string): Promise<void> {
    const key = `group:${conversation}`;
    if (written.has(key) || (await deps.recall(key)) !== null) return;
    await rememberOnce(key, 'heard');
    deps.log('dingtalk: a group that was not heard before', { conversation });
  }

  const written = new Map<string, string>();
  async function rememberOnce(key: string, value: string): Promise<void> {
    if (written.get(key) === value) return;
    if (written.size > KEPT) written.clear();
    written.set(key, value);
    await deps.remember(key, value);
  }

  async function pressed(press: Pressed, id: string): Promise<unknown> {
    const form = press.params.form;
    const field = typeof form === 'object' && form !== null ? Reflect.get(form, PRESS_FIELD) : undefined;
    const found = await readPress(field ?? press.params.press, deps.recall);
    const speaker = await deps.people.speaker({ user: press.user, sender: press.user, nick: null });
    if (!found) {
      deps.log('dingtalk: a button of no known card', { card: press.card });
      return {};
    }
    const single = (await deps.recall(`single:${found.conversation}`)) !== null;
    const { conversation, incident, command, args } = found;
    const origin: Origin = { conversation, single, incident, at: deps.now(), speaker };
    if (found.confirm !== null) {
      deps.later('a question', deps.sender.tell(askerOf(origin), sure(found, speaker.language)));
      return {};
    }
    const filled = filledIn(form);
    await take(origin, { ...baseOf(origin, id), kind: 'action', command, args: { ...args, ...filled } });
    if (field === undefined) return {};
    // …/event-callback-card, "Response": the one who sent the form sees it done with.
    const done = { zh: '已提交', en: 'sent' }[speaker.language];
    return {
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      userPrivateData: { cardParamMap: { form_status: 'disabled', form_btn_text: done } },
    };
  }

  return async (frame) => {
    const data = frame.data ?? '';
    switch (frame.headers.topic) {
      case TOPIC_ROBOT: {
        const read = readSaid(data);
        if (read.kind === 'unknown') return {};
        const foreign = read.kind === 'said' && read.said.robotCode && read.said.robotCode !== deps.robot;
        if (read.kind === 'malformed' || foreign) {
          deps.log('dingtalk: a message of no known shape', {});
          return {};
        }
        const { said } = read;
        const { conversationId: conversation, msgId } = said;
        return once(`${conversation}:${msgId}`, async () => {
          await lane(conversation, () => heard(said));
          return {};
        });
      }
      case TOPIC_CARD: {
        const press = readPressed(data);
        if (!press) {
          deps.log('dingtalk: a card event of no known shape', {});
          return {};
        }
        const id = `card:${press.card}:${frame.headers.messageId}`;
        return once(id, async () => {
          let answer: unknown = {};
          await lane(`act:${press.card}`, async () => {
            answer = await pressed(press, id);
          });
          return answer;
        });
      }
      default:
        return {};
    }
  };
}

function textOf(said: Said): string {
  switch (said.msgtype) {
    case 'text':
      return said.text.content.trim();
    case 'richText':
      return said.content.richText
        .map((one) => one.text ?? '')
        .join('\n')
        .trim();
    case 'audio':
      return (said.content.recognition ?? '').trim();
    case 'picture':
    case 'file':
      return '';
    default: {
      const unknown: never = said;
      throw new Error(`unknown message ${JSON.stringify(unknown)}`);
    }
  }
}

/** What cannot be undone asks first, the one who pressed and nobody else. */
function sure(
  press: {
    readonly command: string;
    readonly args: Readonly<Record<string, string>>;
    readonly confirm: string | null;
  },
  language: 'zh' | 'en',
) {
  const label = { zh: '确认执行', en: 'Yes, go on' }[language];
  const { command, args } = press;
  return {
    headline: press.confirm ?? '',
    blocks: [{ block: 'buttons', buttons: [{ label, command, args, style: 'danger' }] }],
    tone: 'warn',
    card: null,
  } as const;
}
