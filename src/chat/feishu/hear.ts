import type { z } from 'zod';
import type { Actor, Place } from '../../incident/events.ts';
import { createLanes, createOnce } from '../once.ts';
import { partName } from '../parts.ts';
import type { Inbound, Reply } from '../port.ts';
import type { Answers, Asker } from './answer.ts';
import { createCallbacks } from './callback.ts';
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
const KEPT_AUTHORS = 5000;
/** The emoji of Feishu's own palette (…/message-reaction/emojis-introduce). */
const PIN = /^(?:pin|pushpin)$/i;
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
  /** Whose the last messages were: their recall does not say. */
  const authors = new Map<string, Actor>();

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
    authors.set(id, speaker.actor);
    const [oldest] = authors.keys();
    if (authors.size > KEPT_AUTHORS && oldest !== undefined) authors.delete(oldest);
    const answers = message.parent_id ? { replyTo: message.parent_id } : {};
    const files = filesIn(id, message.message_type, message.content);
    const first = text === '' ? 0 : 1;
    if (first + files.length > 1) await deps.remember(`parts:${id}`, String(first + files.length));
    if (text !== '') {
      const answering = message.parent_id != null && message.parent_id !== '';
      const line = isLine(text, { addressed, direct, room, answering }) ? asCommand(text) : text;
      await take(origin, { ...baseOf(origin, id), kind: 'text', messageId: id, text: line, ...answers });
    }
    for (const [at, file] of files.entries())
      await shared(origin, file, partName(id, first + at), direct && !room, answers);
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

  /** Who recalled it is not told: it is taken back in the name of the one who said it. */
  async function recalled(event: payloads.Recalled): Promise<void> {
    const place = placeOf(event.tenant_key, event.chat_id);
    // A message that comes after its own recall stays unsaid.
    await once(`said:${event.message_id}`, async () => {});
    if (!(await deps.isRoom(place))) return;
    const author = authors.get(event.message_id) ?? (await authorOf(event.message_id));
    if (!author) return;
    const parts = Number((await deps.recall(`parts:${event.message_id}`)) ?? 1);
    for (let part = 0; part < parts; part += 1)
      await deps.receive({
        id: part === 0 ? event.event_id : `${event.event_id}:${part}`,
        place,
        incident: null,
        author,
        at: Number(event.recall_time),
        language: deps.language,
        kind: 'deleted',
        messageId: partName(event.message_id, part),
      });
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

  /** Somebody's own message, as Feishu has it now. */
  async function readBack(id: string) {
    const answer = await deps.wire.call((client) =>
      client.im.v1.message.get({ path: { message_id: id }, params: { user_id_type: 'open_id' } }),
    );
    const read = payloads.readBack.safeParse(answer);
    return read.success ? read.data.data.items[0] : undefined;
  }

  async function authorOf(id: string): Promise<Actor | null> {
    const sender = (await readBack(id))?.sender;
    return sender?.id_type === 'open_id' ? (await deps.people.speaker(sender.id)).actor : null;
  }

  /** The event names a message and says nothing of it. */
  async function pinned(event: payloads.Reacted): Promise<void> {
    const user = event.user_id?.open_id;
    if (event.operator_type !== 'user' || user === undefined || !PIN.test(event.reaction_type.emoji_type))
      return;
    const message = await readBack(event.message_id);
    if (!message) return;
    const content = message.body?.content ?? '';
    const files = filesIn(message.message_id, message.msg_type, content).map((one) => `📎 ${one.name}`);
    const raw = wordsIn(message.msg_type, content) ?? files.join('\n');
    if (raw === '') return;
    if (!(await deps.isRoom(placeOf(event.tenant_key, message.chat_id)))) return;
    const mentions = (message.mentions ?? []).map((one) => ({ ...one, id: { open_id: one.id } }));
    const author =
      message.sender.id_type === 'open_id' ? (await deps.people.speaker(message.sender.id)).actor : null;
    const origin: Origin = {
      tenant: event.tenant_key,
      chat: message.chat_id,
      direct: false,
      at: Number(event.action_time),
      incident: null,
      speaker: await deps.people.speaker(user),
    };
    const args = {
      message: message.message_id,
      text: readWords(raw, mentions, deps.bot()).text,
      ...(author ? { author: author.name } : {}),
      saidAt: message.create_time,
    };
    await take(origin, { ...baseOf(origin, event.event_id), kind: 'action', command: 'pin', args });
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
      recalled,
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
      pinned,
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
