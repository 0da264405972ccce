import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { BOT, type Place } from '../../incident/events.ts';
import type { Note } from '../aside.ts';
import { cut } from '../cut.ts';
import { type Form, type Message, plainText } from '../message.ts';
import { nameOf, type Parts } from '../name.ts';
import type { Member, Posting, Receipt } from '../port.ts';
import { CARD, type Card, card } from './card.ts';
import { failure, isGone } from './failure.ts';
import { dialogButton, formCard } from './form.ts';
import type { Memory, Refs } from './refs.ts';
import { type Piece, type RenderContext, renderMessage } from './render.ts';
import type { Address, Outgoing, Wire } from './wire.ts';
import type { SaidWords } from './words.ts';

export interface SenderDeps extends Memory {
  readonly wire: Wire;
  readonly refs: Refs;
  readonly words: SaidWords;
  readonly parts: Parts;
  readonly userOf: (person: string) => string | null;
  readonly now: () => number;
  /** The playground knows no dialogs. */
  readonly dialogs: boolean;
  /** Address of the web room, for links. */
  readonly web: string | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Whom an answer goes to, and where it was asked. */
export interface Asker {
  readonly conversation: string;
  readonly scope: 'personal' | 'groupChat' | 'channel';
  readonly user: string;
  readonly name: string;
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
}

const KEPT_SENDS = 2000;
const privately = z.object({ user: z.string(), card: z.custom<Card>((value) => typeof value === 'object') });

/** Everything that leaves for Teams. */
export function createSender(deps: SenderDeps) {
  const { wire } = deps;
  /** Pieces that went out, so that a retry goes on where the last attempt stopped. */
  const sent = new Map<string, string>();

  const keep = async (notes: readonly Note[]): Promise<void> => {
    for (const note of notes) await deps.remember(note.key, note.value);
  };
  const contextOf = (
    incident: string | null,
    language: 'zh' | 'en',
    face: string | null = null,
  ): RenderContext => ({ incident, language, face, userOf: deps.userOf, web: deps.web });

  async function sayAll(at: Address, pieces: readonly Piece[], key: string): Promise<string> {
    let first: string | null = null;
    for (const [index, piece] of pieces.entries()) {
      const name = `${key}#${index}`;
      const id: string = sent.get(name) ?? (await wire.send(at, message(piece)));
      sent.set(name, id);
      if (first !== null) await deps.parts.keep(nameOf(at.conversation, first), nameOf(at.conversation, id));
      first ??= id;
    }
    for (const [oldest] of sent) {
      if (sent.size <= KEPT_SENDS) break;
      sent.delete(oldest);
    }
    return first ?? '';
  }

  async function post(place: Place, said: Message, { key }: Posting): Promise<Receipt> {
    // The key begins with the incident: two incidents of one conversation have two status cards.
    const incident = key.split(':', 1)[0] ?? key;
    const name = said.card === null ? null : `${incident}:${place.conversation}:${said.card}`;
    let what = 'send';
    try {
      const at = await deps.refs.of(place.conversation);
      const face = name === null ? null : `face:${name}`;
      const { pieces, notes } = renderMessage(said, contextOf(incident, place.language, face));
      await keep(notes);
      const [main] = pieces;
      if (face !== null && main) await deps.remember(face, JSON.stringify(main.card));
      const known = name === null ? null : await deps.recall(`card:${name}`);
      if (known && main) {
        what = 'update';
        if (await change(at, known, main)) return { ok: true, messageId: nameOf(place.conversation, known) };
        what = 'send';
      }
      const id = await sayAll(at, pieces, key);
      if (name !== null) await deps.remember(`card:${name}`, id);
      const text = plainText(said.headline);
      const messageId = nameOf(place.conversation, id);
      deps.words.keep(messageId, { text, author: BOT.name, at: deps.now() });
      return { ok: true, messageId };
    } catch (error) {
      return failure(error, what);
    }
  }

  async function change(at: Address, id: string, piece: Piece): Promise<boolean> {
    try {
      await wire.update(at, id, message(piece));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  /** The personal chat with somebody, made when there is none yet. */
  async function personal(user: string): Promise<Address> {
    const known = await deps.refs.personal(user);
    if (known) return known;
    const service = await deps.refs.service();
    const conversation = await wire.personal(service.serviceUrl, service.tenant, user);
    await deps.refs.keepPersonal(user, { ...service, conversation });
    return { serviceUrl: service.serviceUrl, conversation };
  }

  async function direct(person: Member, said: Message, language: 'zh' | 'en'): Promise<Receipt> {
    let what = 'create conversation';
    try {
      const at = await personal(person.address);
      what = 'send';
      const { pieces, notes } = renderMessage(said, contextOf(null, language));
      await keep(notes);
      const messageId = await sayAll(at, pieces, `direct:${randomUUID()}`);
      deps.words.sent(at.conversation, messageId);
      return { ok: true, messageId };
    } catch (error) {
      return failure(error, what);
    }
  }

  /** An answer for one person. Among others it is a card that shows its inside to that person alone. */
  async function tell(asker: Asker, said: Message): Promise<void> {
    try {
      const at = await deps.refs.of(asker.conversation);
      const { pieces, notes } = renderMessage(said, contextOf(asker.incident, asker.language));
      await keep(notes);
      for (const piece of pieces)
        await wire.send(at, asker.scope === 'personal' ? message(piece) : await covered(piece, asker));
    } catch (error) {
      deps.log('teams: an answer did not reach its asker', { error: failure(error, 'send').error });
    }
  }

  /**
   * A view for one user (…/cards/universal-actions-for-adaptive-cards/user-specific-views): the client of the one who
   * is named in `userIds` fetches the inside by itself; everybody else sees the cover.
   */
  async function covered(piece: Piece, asker: Asker): Promise<Outgoing> {
    const face = `private:${randomUUID()}`;
    await deps.remember(face, JSON.stringify({ user: asker.user, card: piece.card }));
    const press = { command: '', args: {}, incident: asker.incident, face, form: null };
    const zh = asker.language === 'zh';
    const action = {
      type: 'Action.Execute',
      title: zh ? '查看' : 'Show',
      verb: 'refresh',
      data: { press },
    } as const;
    const text = zh ? `给 ${asker.name} 的答复（仅本人可见）` : `An answer for ${asker.name} alone`;
    const cover = card([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, isSubtle: true }] }], {
      actions: [action],
      refresh: { action, userIds: [asker.user] },
    });
    return { type: 'message', summary: text, attachments: [{ contentType: CARD, content: cover }] };
  }

  /** The card as it is now, for the one who looks; null when it is not kept or is another's. */
  async function faceFor(face: string, user: string): Promise<Card | 'another' | null> {
    const kept = await deps.recall(face);
    if (!kept) return null;
    const value: unknown = JSON.parse(kept);
    if (!face.startsWith('private:')) return cardShape.parse(value);
    const read = privately.safeParse(value);
    if (!read.success) return null;
    return read.data.user === user ? read.data.card : 'another';
  }

  /** A form after a typed line: in a personal chat the card itself, among others a button that opens a dialog. */
  async function open(asker: Asker, form: Form): Promise<void> {
    const place = { incident: asker.incident, face: null, language: asker.language };
    const here = asker.scope === 'personal' || !deps.dialogs;
    const made = here ? formCard(form, place) : dialogButton(form, place);
    try {
      await keep(made.notes);
      const summary = cut(form.title, 200)[0] ?? '';
      const attachments = [{ contentType: CARD, content: made.card }];
      await wire.send(await deps.refs.of(asker.conversation), { type: 'message', summary, attachments });
    } catch (error) {
      deps.log('teams: a form did not reach its asker', { error: failure(error, 'send').error });
    }
  }

  /** The form that was a message of its own is done with: nobody sends it twice. */
  async function close(conversation: string, id: string, text: string): Promise<void> {
    const done = card([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, isSubtle: true }] }]);
    try {
      await change(await deps.refs.of(conversation), id, { summary: text, card: done });
    } catch (error) {
      deps.log('teams: a form could not be closed', { error: failure(error, 'update').error });
    }
  }

  return { post, direct, tell, open, close, faceFor, keep };
}
export type Sender = ReturnType<typeof createSender>;

const cardShape = z.custom<Card>(
  (value) => z.looseObject({ type: z.literal('AdaptiveCard') }).safeParse(value).success,
);

function message({ summary, card: content }: Piece): Outgoing {
  return { type: 'message', summary, attachments: [{ contentType: CARD, content }] };
}
