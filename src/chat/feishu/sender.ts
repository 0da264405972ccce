import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import type { Note } from '../aside.ts';
import { type Message, plainText } from '../message.ts';
import { createParts, holderOf } from '../name.ts';
import type { Member, Posting, Receipt, Urgency } from '../port.ts';
import type { Card } from './card.ts';
import { failure, isGone, takesNoAnswer } from './failure.ts';
import { type RenderContext, renderMessage } from './render.ts';
import { urge } from './urgent.ts';
import { unexpected, type Wire } from './wire.ts';

export interface Memory {
  /** Keeps a short text: which message a card is, what did not fit into a button. */
  remember(key: string, value: string): Promise<void>;
  recall(key: string): Promise<string | null>;
}

export interface SenderDeps extends Memory {
  readonly wire: Wire;
  readonly userOf: (person: string) => string | null;
  readonly chatLink: (chat: string) => string | null;
  /** The web room's address, where it has one that readers can follow. */
  readonly publicUrl: string | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

const KEPT_SENDS = 2000;
/** …/im-v1/message/intro, `message_id`. */
const OWN_NAME = /^om_\w{1,100}$/;
export const sentMessage = z.looseObject({ data: z.looseObject({ message_id: z.string().min(1) }) });

type Target = { readonly type: 'chat_id' | 'open_id'; readonly id: string };

/** Everything that leaves for Feishu. */
export function createSender(deps: SenderDeps) {
  const { wire } = deps;
  const parts = createParts(deps);
  /** Cards that went out, so that a retry goes on where the last attempt stopped. */
  const sent = new Map<string, string>();

  const keep = async (notes: readonly Note[]): Promise<void> => {
    for (const note of notes) await deps.remember(note.key, note.value);
  };
  const publicLink = (path: string): string | null =>
    deps.publicUrl === null ? null : new URL(path, deps.publicUrl).href;
  const contextOf = (incident: string | null, language: 'zh' | 'en'): RenderContext => ({
    incident,
    place: null,
    language,
    userOf: deps.userOf,
    chatLink: deps.chatLink,
    link: publicLink,
  });
  /**
   * …/im-v1/message/create, …/reply, `uuid`: within an hour Feishu says the same thing once. An answer stands in the
   * conversation itself, below the words it quotes; in a topic, in that topic.
   */
  async function send(
    to: Target,
    type: 'interactive' | 'file' | 'image',
    content: unknown,
    uuid: string,
    replyTo?: string | undefined,
  ): Promise<string> {
    const said = { msg_type: type, content: JSON.stringify(content), uuid };
    const parent = holderOf(replyTo ?? '');
    const create = (): Promise<unknown> =>
      wire.call((client) =>
        client.im.v1.message.create({
          params: { receive_id_type: to.type },
          data: { receive_id: to.id, ...said },
        }),
      );
    const answer = OWN_NAME.test(parent)
      ? await wire
          .call<unknown>((client) => client.im.v1.message.reply({ path: { message_id: parent }, data: said }))
          .catch((error: unknown) => {
            if (!takesNoAnswer(error)) throw error;
            return create();
          })
      : await create();
    const read = sentMessage.safeParse(answer);
    if (!read.success) throw unexpected('im/v1/messages');
    return read.data.data.message_id;
  }

  /** Goes on behind `before`, which stand there already; answers with all of them. */
  async function sendAll(
    to: Target,
    cards: readonly Card[],
    key: string,
    { before = [], replyTo }: { before?: readonly string[]; replyTo?: string | undefined } = {},
  ): Promise<readonly string[]> {
    const all = [...before];
    for (const [index, card] of cards.entries()) {
      if (index < before.length) continue;
      // With the place: a key that says one thing in two places says it in both.
      const name = `${to.id}:${key}#${index}`;
      const id: string = sent.get(name) ?? (await send(to, 'interactive', card, short(name), replyTo));
      sent.set(name, id);
      if (all[0] !== undefined) await parts.keep(all[0], id);
      all.push(id);
    }
    for (const [oldest] of sent) {
      if (sent.size <= KEPT_SENDS) break;
      sent.delete(oldest);
    }
    return all;
  }

  async function change(id: string, card: Card): Promise<boolean> {
    try {
      await wire.call((client) =>
        client.im.v1.message.patch({ path: { message_id: id }, data: { content: JSON.stringify(card) } }),
      );
      return true;
    } catch (error) {
      // Fourteen days after it was sent, or recalled by somebody: it is said anew.
      if (isGone(error)) return false;
      throw error;
    }
  }

  /** Each part in its place; parts that are new come after, parts that are no more are taken back. */
  async function changeAll(
    to: Target,
    stand: readonly string[],
    cards: readonly Card[],
    key: string,
  ): Promise<readonly string[] | null> {
    const kept: string[] = [];
    for (const [index, id] of stand.entries()) {
      const card = cards[index];
      if (card === undefined) await withdraw(id);
      else if (await change(id, card)) kept.push(id);
      else if (index === 0) return null;
      else break;
    }
    return sendAll(to, cards, key, { before: kept });
  }

  async function withdraw(id: string): Promise<void> {
    try {
      await wire.call((client) => client.im.v1.message.delete({ path: { message_id: id } }));
    } catch (error) {
      deps.log('feishu: an old part of a card stays', { error: failure(error, 'im/v1/messages').error });
    }
  }

  async function post(place: Place, message: Message, { key, replyTo }: Posting): Promise<Receipt> {
    const to: Target = { type: 'chat_id', id: place.conversation };
    // The key begins with the incident: two incidents of one group have two status cards.
    const incident = key.split(':', 1)[0] ?? key;
    const name = message.card === null ? null : `card:${incident}:${place.conversation}:${message.card}`;
    let what = 'im/v1/messages';
    try {
      const { cards, notes } = renderMessage(message, contextOf(incident, place.language));
      await keep(notes);
      const known = name === null ? null : await deps.recall(name);
      if (known !== null && name !== null) {
        what = 'im/v1/messages/:id';
        const all = await changeAll(to, known.split(' '), cards, key);
        if (all) {
          await deps.remember(name, all.join(' '));
          return { ok: true, messageId: all[0] ?? '' };
        }
        what = 'im/v1/messages';
      }
      const all = await sendAll(to, cards, known === null ? key : `${key}:again`, { replyTo });
      const first = all[0] ?? '';
      if (name !== null) await deps.remember(name, all.join(' '));
      if (message.card === 'status') await pin(first);
      return { ok: true, messageId: first };
    } catch (error) {
      return failure(error, what);
    }
  }

  /** A room without a pinned card is still a room. */
  async function pin(id: string): Promise<void> {
    try {
      await wire.call((client) => client.im.v1.pin.create({ data: { message_id: id } }));
    } catch (error) {
      deps.log('feishu: the status card could not be pinned', { error: failure(error, 'im/v1/pins').error });
    }
  }

  /** Messages whose alarm failed for a while: the next attempt rings for the same one. */
  const unrung = new Map<string, string>();

  async function direct(
    { address }: Member,
    message: Message,
    language: 'zh' | 'en',
    urgency: Urgency | null,
  ): Promise<Receipt> {
    const name = short(JSON.stringify([address, urgency, plainText(message.headline)]));
    let what = 'im/v1/messages';
    try {
      let first = unrung.get(name);
      if (first === undefined) {
        const { cards, notes } = renderMessage(message, contextOf(null, language));
        await keep(notes);
        const all = await sendAll({ type: 'open_id', id: address }, cards, `direct:${randomUUID()}`);
        first = all[0] ?? '';
      }
      if (urgency === null) return { ok: true, messageId: first };
      what = `im/v1/messages/urgent_${urgency}`;
      unrung.set(name, first);
      await urge(wire, first, address, urgency);
      unrung.delete(name);
      return { ok: true, messageId: first };
    } catch (error) {
      const failed = failure(error, what);
      if (failed.permanent) unrung.delete(name);
      return failed;
    }
  }

  return { post, direct, send, keep, withdraw, contextOf, publicLink };
}
export type Sender = ReturnType<typeof createSender>;

/** As long as Feishu allows for a `uuid`: fifty signs. */
export function short(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 40);
}
