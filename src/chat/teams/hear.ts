import { createHash } from 'node:crypto';
import type { Place } from '../../incident/events.ts';
import { nameOf, type Parts } from '../name.ts';
import { createLanes, createOnce } from '../once.ts';
import type { Inbound, Reply } from '../port.ts';
import type { FileOptions } from './files.ts';
import { createIntake } from './intake.ts';
import { createInvokes } from './invoke.ts';
import type {
  Base,
  Delivery,
  EditedActivity,
  Event,
  ReactionActivity,
  ReadReceipt,
  SaidActivity,
} from './payloads.ts';
import type { People, Speaker } from './people.ts';
import { readPress } from './press.ts';
import { answered } from './quote.ts';
import { channelOf, type Memory, type Refs } from './refs.ts';
import type { Asker, Sender } from './sender.ts';
import { asCommand, beginsWithOwnWord, readText } from './text.ts';
import type { Answer } from './wire.ts';
import type { SaidWords } from './words.ts';

export interface HearDeps extends Memory {
  readonly people: People;
  readonly sender: Sender;
  readonly refs: Refs;
  readonly words: SaidWords;
  readonly parts: Parts;
  readonly files: FileOptions;
  readonly language: 'zh' | 'en';
  readonly org: string;
  readonly now: () => number;
  /** Whether a word begins a command; in a personal chat nobody writes the bot's name. */
  readonly isCommand: (word: string) => boolean;
  /** Whether it is nearly one: probably mistyped. */
  readonly resembles: (word: string) => boolean;
  readonly hears: 'everything' | 'addressed';
  /** Whether an incident lives in the place; elsewhere only words for the bot are heard. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly receive: (inbound: Inbound) => Promise<Reply>;
  /** Work that goes on after Teams has its answer. */
  readonly later: (what: string, task: Promise<void>) => void;
  /** How long Teams waits for the answer to a button, less some room. */
  readonly patienceMs: number;
}

const KEPT_DELIVERIES = 10_000;
/** 📌 as the clients name it: by its code point and name, or by the name alone. */
const PIN = /1f4cc|pushpin/i;
/** Longer talk to the bot that begins with no command is talk for the room, a pasted log above all. */
const SHORT = 60;

export interface Origin {
  readonly activity: Base;
  readonly incident: string | null;
  readonly speaker: Speaker;
}

/** Teams' deliveries → `Inbound`, each acted on once, and the reply back to its asker. */
export function createHear(deps: HearDeps) {
  const once = createOnce(KEPT_DELIVERIES);
  const lane = createLanes();

  const placeOf = (activity: Base): Place => ({
    platform: 'teams',
    workspace: activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? '',
    conversation: activity.conversation.id,
    language: deps.language,
    org: deps.org,
  });
  const askerOf = ({ activity, speaker, incident }: Origin): Asker => ({
    conversation: activity.conversation.id,
    scope: activity.conversation.conversationType,
    user: activity.from.id,
    name: speaker.actor.name,
    incident,
    language: speaker.language,
  });
  const baseOf = ({ activity, speaker, incident }: Origin, id: string) => ({
    id,
    place: placeOf(activity),
    incident,
    author: speaker.actor,
    at: instant(activity),
    language: speaker.language,
  });
  const originOf = async (activity: Base, incident: string | null = null): Promise<Origin> => ({
    activity,
    incident,
    speaker: await deps.people.speaker(
      activity.from,
      { serviceUrl: activity.serviceUrl, conversation: activity.conversation.id },
      activity.locale ?? null,
    ),
  });

  async function give(origin: Origin, reply: Reply): Promise<void> {
    if (reply.form) await deps.sender.open(askerOf(origin), reply.form);
    if (reply.toAsker) await deps.sender.tell(askerOf(origin), reply.toAsker);
  }
  const take = async (origin: Origin, inbound: Inbound): Promise<void> =>
    give(origin, await deps.receive(inbound));

  async function said(activity: SaidActivity): Promise<void> {
    const origin = await originOf(activity);
    const id = nameOf(activity.conversation.id, activity.id);
    // An old client sends the press of a button as a message without words.
    const pressed = activity.text ? null : await readPress(activity.value, deps.recall);
    if (pressed) {
      const { command, args, incident } = pressed.press;
      const from = { ...origin, incident };
      const action = { kind: 'action', command, args: { ...args, ...pressed.filled } } as const;
      return take(from, { ...baseOf(from, id), ...action });
    }
    const { text, addressed } = readText(activity, activity.recipient.id);
    const personal = activity.conversation.conversationType === 'personal';
    const room = await deps.isRoom(placeOf(activity));
    if (!addressed && !personal && !room) return;
    const replyTo = await answeredBy(activity);
    if (text !== '') {
      deps.words.keep(id, { text, author: origin.speaker.actor.name, at: instant(activity) });
      const line = isLine(text, addressed, personal, room) ? asCommand(text) : text;
      await take(origin, {
        ...baseOf(origin, id),
        kind: 'text',
        messageId: id,
        text: line,
        replyTo,
      });
    }
    if (room || !personal) await deps.remember(`last:${activity.from.id}`, activity.conversation.id);
    await files.take(origin, activity, {
      name: id,
      alone: text === '',
      replyTo,
      forwarded: personal && !room,
    });
  }

  function isLine(text: string, addressed: boolean, personal: boolean, room: boolean): boolean {
    if (!addressed && !personal) return false;
    const [first = ''] = text.trimStart().replace(/^\//, '').split(/\s/, 1);
    if (beginsWithOwnWord(text) || deps.isCommand(first)) return true;
    const short = !text.includes('\n') && text.length <= SHORT;
    if (!short || !room) return short;
    // Where nothing else is heard, talk for the record comes the same way as commands.
    return addressed && (deps.hears === 'everything' || deps.resembles(first));
  }

  async function answeredBy(activity: SaidActivity): Promise<string | undefined> {
    const id = answered(activity);
    return id === null ? undefined : deps.parts.wholeOf(nameOf(activity.conversation.id, id));
  }

  async function edited(activity: EditedActivity): Promise<void> {
    if (!(await deps.isRoom(placeOf(activity)))) return;
    const origin = await originOf(activity);
    const { text } = readText(activity, activity.recipient.id);
    const messageId = nameOf(activity.conversation.id, activity.id);
    deps.words.keep(messageId, { text, author: origin.speaker.actor.name, at: instant(activity) });
    await deps.receive({ ...baseOf(origin, keyOf(activity)), kind: 'edited', messageId, text });
  }

  async function deleted(activity: Extract<Event, { type: 'messageDelete' }>): Promise<void> {
    if (!(await deps.isRoom(placeOf(activity)))) return;
    const origin = await originOf(activity);
    const messageId = nameOf(activity.conversation.id, activity.id);
    const key = keyOf(activity);
    for (const [index, gone] of (await files.named(messageId)).entries())
      await deps.receive({ ...baseOf(origin, `${key}:${index}`), kind: 'deleted', messageId: gone });
  }

  async function pinned(activity: ReactionActivity): Promise<void> {
    if (!(activity.reactionsAdded ?? []).some((one) => PIN.test(one.type))) return;
    if (!(await deps.isRoom(placeOf(activity)))) return;
    const message = await deps.parts.wholeOf(nameOf(activity.conversation.id, activity.replyToId));
    const found = deps.words.find(message);
    if (!found) return;
    const origin = await originOf(activity);
    const args = { message, text: found.text, author: found.author, saidAt: String(found.at) };
    await take(origin, { ...baseOf(origin, keyOf(activity)), kind: 'action', command: 'pin', args });
  }

  /** …/build-conversational-capability, "Receive a read receipt": of personal chats, by consent. */
  async function seen(activity: ReadReceipt): Promise<void> {
    const read = deps.words.read(activity.conversation.id, activity.value.lastReadMessageId);
    if (read.length === 0) return;
    const origin = await originOf(activity);
    for (const messageId of read)
      await deps.receive({ ...baseOf(origin, `seen:${messageId}`), kind: 'seen', messageId });
  }

  async function installed(activity: Extract<Event, { type: 'installationUpdate' }>): Promise<void> {
    if (activity.action.startsWith('remove')) return deps.refs.left(activity);
    if (activity.action === 'add')
      await deps.sender.tell({ ...askerOf(await originOf(activity)), scope: 'personal' }, welcome(activity));
  }

  function welcome(activity: Base) {
    const language = deps.language;
    const personal = activity.conversation.conversationType === 'personal';
    const headline = {
      zh: personal
        ? '我是战情室。直接输入“开启 …”登记事件，或“帮助”查看全部命令'
        : '我是战情室。@我 开启 … 登记事件，@我 帮助 查看全部命令',
      en: personal
        ? 'This is warroom. Type "open …" to report an incident, "help" for all commands'
        : 'This is warroom. Mention me with "open …" to report an incident, "help" for all commands',
    }[language];
    return { headline, blocks: [], tone: 'plain', card: null } as const;
  }

  async function work(event: Event): Promise<void> {
    switch (event.type) {
      case 'message':
        return said(event);
      case 'messageUpdate':
        return edited(event);
      case 'messageDelete':
        return deleted(event);
      case 'messageReaction':
        return pinned(event);
      case 'installationUpdate':
        return installed(event);
      case 'event':
        return seen(event);
      case 'conversationUpdate':
        return;
      default: {
        const unknown: never = event;
        throw new Error(`unknown event ${JSON.stringify(unknown)}`);
      }
    }
  }

  const files = createIntake({ ...deps, baseOf, askerOf, placeOf, take });
  const invokes = createInvokes({ ...deps, originOf, baseOf, askerOf, give, lane });

  /** The answer to Teams at once; what it causes, after it. */
  return async (delivery: Delivery): Promise<Answer> => {
    switch (delivery.kind) {
      case 'ignored':
      case 'malformed':
        return { status: 200, body: undefined };
      case 'invoke':
        await deps.refs.heard(delivery.invoke);
        return invokes(delivery.invoke);
      case 'event': {
        const { event } = delivery;
        // Never itself and never another bot: their ids begin with 28.
        if (event.from.role === 'bot' || event.from.id.startsWith('28:'))
          return { status: 200, body: undefined };
        const run = async (): Promise<void> => {
          await deps.refs.heard(event);
          await once(keyOf(event), () => lane(channelOf(event.conversation.id), () => work(event)));
        };
        deps.later(event.type, run());
        return { status: 200, body: undefined };
      }
      default: {
        const unknown: never = delivery;
        throw new Error(`unknown delivery ${JSON.stringify(unknown)}`);
      }
    }
  };
}

/** The same for the same delivery however often it comes; an edit has the id of the message it changes. */
function keyOf(event: Event): string {
  const { type, conversation, id, timestamp, from } = event;
  if (type === 'message') return nameOf(conversation.id, id ?? '');
  const told = JSON.stringify([type, conversation.id, id, timestamp, from.id]);
  return `${type}:${createHash('sha256').update(told).digest('hex').slice(0, 32)}`;
}

function instant(activity: Base): number {
  return Date.parse(activity.timestamp);
}
