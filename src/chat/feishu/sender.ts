import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import { type Block, type Form, type Message, plainText, type Text } from '../message.ts';
import type { Attachment, Member, Receipt, Urgency } from '../port.ts';
import type { Card } from './card.ts';
import { failure, isGone } from './failure.ts';
import { formCard } from './form.ts';
import type { Note } from './press.ts';
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
  /** The web room's address, where it has one that readers can follow. */
  readonly publicUrl: string | null;
  /** A page of the web room that logs this one person in, once; null where the room has no address. */
  readonly personal: ((person: string, path: string) => Promise<string>) | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Whom an answer goes to: seen by nobody else. */
export interface Asker {
  /** Where it was asked. */
  readonly chat: string;
  /** A direct conversation with the bot, in which nobody else reads. */
  readonly direct: boolean;
  /** The conversation it is about. */
  readonly about: string;
  readonly user: string;
  /** Null for a guest, whom the web room does not know. */
  readonly person: string | null;
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
}

const KEPT_SENDS = 2000;
const sentMessage = z.looseObject({ data: z.looseObject({ message_id: z.string().min(1) }) });
const uploaded = z.looseObject({ file_key: z.string().min(1) });
/** …/ephemeral/v1/send refuses topic groups and those who are not there: the answer goes to them directly. */
const EPHEMERAL = '/open-apis/ephemeral/v1';

type Target = { readonly type: 'chat_id' | 'open_id'; readonly id: string };

/** Everything that leaves for Feishu. */
export function createSender(deps: SenderDeps) {
  const { wire } = deps;
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
    link: publicLink,
  });
  /** The links of an answer that nobody else sees log its reader in. */
  async function contextFor(asker: Asker, message: Message): Promise<RenderContext> {
    const personal = new Map<string, string>();
    if (deps.personal && asker.person !== null)
      for (const path of pathsIn(message)) personal.set(path, await deps.personal(asker.person, path));
    return {
      ...contextOf(asker.incident, asker.language),
      place: asker.about,
      link: (path) => personal.get(path) ?? publicLink(path),
    };
  }

  /** …/im-v1/message/create, `uuid`: within an hour Feishu says the same thing once. */
  async function send(
    to: Target,
    type: 'interactive' | 'file',
    content: unknown,
    uuid: string,
  ): Promise<string> {
    const answer = await wire.call((client) =>
      client.im.v1.message.create({
        params: { receive_id_type: to.type },
        data: { receive_id: to.id, msg_type: type, content: JSON.stringify(content), uuid },
      }),
    );
    const read = sentMessage.safeParse(answer);
    if (!read.success) throw unexpected('im/v1/messages');
    return read.data.data.message_id;
  }

  /** Goes on behind `before`, which stand there already; answers with all of them. */
  async function sendAll(
    to: Target,
    cards: readonly Card[],
    key: string,
    before: readonly string[] = [],
  ): Promise<readonly string[]> {
    const all = [...before];
    for (const [index, card] of cards.entries()) {
      if (index < before.length) continue;
      // With the place: a key that says one thing in two places says it in both.
      const name = `${to.id}:${key}#${index}`;
      const id: string = sent.get(name) ?? (await send(to, 'interactive', card, short(name)));
      sent.set(name, id);
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
    return sendAll(to, cards, key, kept);
  }

  async function withdraw(id: string): Promise<void> {
    try {
      await wire.call((client) => client.im.v1.message.delete({ path: { message_id: id } }));
    } catch (error) {
      deps.log('feishu: an old part of a card stays', { error: failure(error, 'im/v1/messages').error });
    }
  }

  async function post(place: Place, message: Message, key: string): Promise<Receipt> {
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
      const all = await sendAll(to, cards, known === null ? key : `${key}:again`);
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

  /** A card for one reader in a group; where that cannot be, in the direct conversation with them. */
  async function show(asker: Asker, card: Card): Promise<string> {
    const uuid = randomUUID().replaceAll('-', '');
    if (asker.direct) return send({ type: 'chat_id', id: asker.chat }, 'interactive', card, uuid);
    try {
      const answer = await wire.call((client) =>
        client.request<unknown>({
          method: 'POST',
          url: `${EPHEMERAL}/send`,
          data: { chat_id: asker.chat, open_id: asker.user, msg_type: 'interactive', card },
        }),
      );
      const read = sentMessage.safeParse(answer);
      if (!read.success) throw unexpected('ephemeral/v1/send');
      return read.data.data.message_id;
    } catch (error) {
      const failed = failure(error, 'ephemeral/v1/send');
      if (!failed.permanent) throw error;
      return send({ type: 'open_id', id: asker.user }, 'interactive', card, uuid);
    }
  }

  async function tell(asker: Asker, message: Message): Promise<void> {
    try {
      const { cards, notes } = renderMessage(message, await contextFor(asker, message));
      await keep(notes);
      for (const card of cards) await patiently(() => show(asker, card));
    } catch (error) {
      deps.log('feishu: an answer did not reach its asker', {
        error: failure(error, 'ephemeral/v1/send').error,
      });
    }
  }

  async function open(asker: Asker, form: Form): Promise<void> {
    const { card, notes } = formCard(form, {
      incident: asker.incident,
      place: asker.about,
      language: asker.language,
    });
    try {
      await keep(notes);
      await patiently(() => show(asker, card));
    } catch (error) {
      deps.log('feishu: a form did not reach its asker', {
        error: failure(error, 'ephemeral/v1/send').error,
      });
    }
  }

  /** A form that was sent is taken away: nobody sends it twice. */
  async function close(id: string): Promise<void> {
    const data = { message_id: id };
    try {
      await wire.call((client) =>
        client.request<unknown>({ method: 'POST', url: `${EPHEMERAL}/delete`, data }),
      );
    } catch {
      // It stood in a direct conversation: an ordinary message.
      await withdraw(id);
    }
  }

  /** Files for the conversation in which they were asked for (…/im-v1/file/create: 30 MB each, none empty). */
  async function attach(asker: Asker, files: readonly Attachment[]): Promise<void> {
    for (const one of files) {
      try {
        const file = Buffer.from(await one.bytes());
        const key = await patiently(() => upload(one.name, file));
        const content = { file_key: key };
        await patiently(() => send({ type: 'chat_id', id: asker.chat }, 'file', content, short(key)));
      } catch (error) {
        const why = failure(error, 'im/v1/files').error;
        deps.log('feishu: a file could not be sent', { error: why });
        const headline = {
          zh: `${one.name} 没能发到这里，请到网页房间下载（${why}）`,
          en: `${one.name} could not be sent here, download it in the web room (${why})`,
        }[asker.language];
        await tell(asker, { headline, blocks: [], tone: 'warn', card: null });
      }
    }
  }

  async function upload(name: string, file: Buffer): Promise<string> {
    const answer = await wire.call((client) =>
      client.im.v1.file.create({ data: { file_type: 'stream', file_name: name, file } }),
    );
    const read = uploaded.safeParse(answer);
    if (!read.success) throw unexpected('im/v1/files');
    return read.data.file_key;
  }

  return { post, direct, tell, open, close, attach };
}
export type Sender = ReturnType<typeof createSender>;

/** The pages of the web room that a message leads to. */
function pathsIn({ headline, blocks }: Message): ReadonlySet<string> {
  const paths = new Set<string>();
  const inText = (text: Text): void => {
    for (const span of typeof text === 'string' ? [] : text)
      if (typeof span !== 'string' && 'link' in span) paths.add(span.link.path);
  };
  const inBlock = (block: Block): void => {
    if (block.block === 'text' || block.block === 'note') inText(block.text);
    if (block.block === 'list') block.items.forEach(inText);
    if (block.block === 'fields') for (const field of block.fields) inText(field.value);
    if (block.block === 'fold') block.blocks.forEach(inBlock);
  };
  inText(headline);
  blocks.forEach(inBlock);
  return paths;
}

const TRIES = 3;
const WAIT_MS = 1000;

/** An answer does not go through the outbox, which would wait and try again by itself. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const { permanent, retryAfterMs } = failure(error, '');
      if (permanent || tries >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs ?? WAIT_MS));
    }
  }
}

/** As long as Feishu allows for a `uuid`: fifty signs. */
function short(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 40);
}
