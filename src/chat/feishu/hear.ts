import type { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import { createParts, nameOfThing } from '../name.ts';
import { createLanes, createOnce } from '../once.ts';
import type { Inbound, Reply } from '../port.ts';
import type { Answers, Asker } from './answer.ts';
import { createCallbacks } from './callback.ts';
import { createChanges } from './changes.ts';
import { filesIn, isFile } from './files.ts';
import * as payloads from './payloads.ts';
import type { People, Speaker } from './people.ts';
import type { Memory } from './sender.ts';
import { createSharing } from './sharing.ts';
import { asCommand, beginsWithOwnWord, readWords, wordsIn } from './text.ts';
import type { Wire } from './wire.ts';

export interface HearDeps extends Memory {
  readonly wire: Wire;
  readonly people: People;
  readonly answers: Answers;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes: number;
  readonly language: 'zh' | 'en';
  readonly org: string;
  readonly now: () => number;
  readonly appId: string;
  /** The bot's own `open_id`. */
  readonly bot: () => string;
  /** Whether a word begins a command; in a direct conversation nobody writes the bot's name. */
  readonly isCommand: (word: string) => boolean;
  /** Whether an incident lives in the place; elsewhere only words for the bot are heard. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly receive: (inbound: Inbound) => Promise<Reply>;
  /** Work that goes on after Feishu has its answer. */
  readonly later: (what: string, task: Promise<void>) => void;
  /** How long Feishu waits for the answer to a button, less some room. */
  readonly patienceMs: number;
}

const KEPT_DELIVERIES = 10_000;
/** Longer talk to the bot that begins with no command is talk for the room, a pasted log above all. */
const SHORT = 60;

export interface Origin {
  readonly tenant: string;
  readonly chat: string;
  /** A direct conversation with the bot. */
  readonly direct: boolean;
  readonly at: number;
  readonly incident: string | null;
  readonly speaker: Speaker;
}

/** Feishu's deliveries → `Inbound`, each acted on once, and the reply back to its asker. */
export function createHear(deps: HearDeps) {
  const once = createOnce(KEPT_DELIVERIES);
  const lane = createLanes();
  const placeOf = (tenant: string, chat: string): Place => ({
    platform: 'feishu',
    workspace: tenant,
    conversation: chat,
    language: deps.language,
    org: deps.org,
  });
  const askerOf = (origin: Origin): Asker => ({
    chat: origin.chat,
    direct: origin.direct,
    about: origin.chat,
    user: origin.speaker.user,
    person: origin.speaker.guest ? null : origin.speaker.actor.id,
    incident: origin.incident,
    language: origin.speaker.language,
  });
  const baseOf = (origin: Origin, id: string) => ({
    id,
    place: placeOf(origin.tenant, origin.chat),
    incident: origin.incident,
    author: origin.speaker.actor,
    at: origin.at,
    language: origin.speaker.language,
  });

  /** The next command does not wait for the answer to this one; the answers to one person keep their order. */
  function give(asker: Asker, reply: Reply): void {
    if (!reply.form && !reply.toAsker && !reply.attachments) return;
    deps.later(
      'an answer',
      lane(`answer:${asker.user}`, async () => {
        if (reply.form) await deps.answers.open(asker, reply.form);
        if (reply.toAsker) await deps.answers.tell(asker, reply.toAsker);
        if (reply.attachments) await deps.answers.attach(asker, reply.attachments);
      }),
    );
  }
  const take = async (origin: Origin, inbound: Inbound): Promise<void> =>
    give(askerOf(origin), await deps.receive(inbound));

  const parts = createParts(deps);
  const changes = createChanges({ ...deps, once, placeOf, baseOf, take, wholeOf: parts.wholeOf });
  const shared = createSharing({ ...deps, placeOf, askerOf, baseOf, take });

  async function said(event: payloads.Received): Promise<void> {
    const { message, sender } = event;
    // Never itself and never another bot.
    if (sender.sender_type !== 'user' || sender.sender_id.open_id === deps.bot()) return;
    const speaker = await deps.people.speaker(sender.sender_id.open_id, sender.tenant_key, event.tenant_key);
    const direct = message.chat_type === 'p2p';
    const origin: Origin = {
      tenant: event.tenant_key,
      chat: message.chat_id,
      direct,
      at: Number(message.create_time),
      incident: null,
      speaker,
    };
    const raw = wordsIn(message.message_type, message.content);
    const { text, addressed } = readWords(raw ?? '', message.mentions ?? [], deps.bot());
    const room = await deps.isRoom(placeOf(event.tenant_key, message.chat_id));
    if (!addressed && !direct && !room) return;
    // Where somebody spoke last, their files from the direct conversation belong.
    if (room || !direct) await deps.remember(`last:${speaker.user}`, message.chat_id);
    const id = message.message_id;
    const files = filesIn(id, message.message_type, message.content);
    const first = text === '' ? 0 : 1;
    await changes.heard(id, speaker.actor, first + files.length);
    const answers = message.parent_id ? { replyTo: await parts.wholeOf(message.parent_id) } : {};
    if (text !== '') {
      const answering = 'replyTo' in answers;
      const line = isLine(text, { addressed, direct, room, answering }) ? asCommand(text) : text;
      await take(origin, { ...baseOf(origin, id), kind: 'text', messageId: id, text: line, ...answers });
    }
    for (const [at, file] of files.entries())
      await shared(origin, file, nameOfThing(id, first + at), direct && !room, answers);
  }

  function isLine(
    text: string,
    how: {
      readonly addressed: boolean;
      readonly direct: boolean;
      readonly room: boolean;
      readonly answering: boolean;
    },
  ): boolean {
    const { addressed, direct, room } = how;
    if (!addressed && !direct) return false;
    const [first = ''] = text.trimStart().replace(/^\//, '').split(/\s/, 1);
    if (beginsWithOwnWord(text) || deps.isCommand(first)) return true;
    // Where only what mentions the bot is heard, people name it to answer each other.
    if (how.answering && room) return false;
    const short = !text.includes('\n') && text.length <= SHORT;
    return short && (addressed || !room);
  }

  async function seen(event: payloads.ReadBy): Promise<void> {
    const speaker = await deps.people.speaker(event.reader.reader_id.open_id);
    for (const messageId of event.message_id_list)
      await deps.receive({
        id: `${event.event_id}:${messageId}`,
        place: placeOf(event.tenant_key, ''),
        incident: null,
        author: speaker.actor,
        at: Number(event.reader.read_time),
        language: speaker.language,
        kind: 'seen',
        messageId,
      });
  }

  const callbacks = createCallbacks({ ...deps, baseOf, askerOf, give, lane });

  const running = new Map<string, Promise<void>>();

  /**
   * Acknowledged once it is kept, and no later than Feishu waits: what was not kept by then, or failed, is sent
   * again by Feishu (…/event-subscription-guide/overview, "Retry"), and finds the work done or takes it up.
   */
  const listening =
    <T extends { readonly app_id: string }>(
      shape: z.ZodType<T>,
      key: (event: T) => string,
      order: (event: T) => string,
      work: (event: T) => Promise<void>,
    ) =>
    async (data: unknown): Promise<void> => {
      const read = shape.safeParse(data);
      if (!read.success || read.data.app_id !== deps.appId) return;
      const event = read.data;
      const name = key(event);
      const begun = running.get(name);
      if (begun !== undefined) return inTime(begun, deps.patienceMs);
      const task = once(name, () => lane(order(event), () => work(event))).finally(() =>
        running.delete(name),
      );
      running.set(name, task);
      deps.later('an event', task);
      return inTime(task, deps.patienceMs);
    };

  return {
    // Two events may tell of one message, when the bot may hear it for two reasons.
    'im.message.receive_v1': listening(
      payloads.received,
      (event) => `said:${event.message.message_id}`,
      // A large file is fetched for longer than the next command may wait.
      ({ message }) => (isFile(message.message_type) ? `files:${message.chat_id}` : message.chat_id),
      said,
    ),
    'im.message.recalled_v1': listening(
      payloads.recalled,
      (event) => event.event_id,
      (event) => event.chat_id,
      changes.recalled,
    ),
    'im.message.message_read_v1': listening(
      payloads.readBy,
      (event) => event.event_id,
      () => 'seen',
      seen,
    ),
    'im.message.reaction.created_v1': listening(
      payloads.reacted,
      (event) => event.event_id,
      (event) => `pin:${event.message_id}`,
      changes.pinned,
    ),
    'card.action.trigger': callbacks,
  };
}

/** Throws when the work is not done by then; it goes on. */
async function inTime(task: Promise<void>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('not kept yet')), patienceMs);
  });
  await Promise.race([task, late]).finally(() => clearTimeout(timer));
}
