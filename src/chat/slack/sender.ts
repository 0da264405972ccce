import type { webApi } from '@slack/bolt';
import type { Place } from '../../incident/events.ts';
import type { Note } from '../aside.ts';
import { clip } from '../cut.ts';
import type { Form, Message } from '../message.ts';
import { nameOf } from '../name.ts';
import type { Posting, Receipt } from '../port.ts';
import { attacher } from './attach.ts';
import { failure, slackCode } from './failure.ts';
import { joining } from './joining.ts';
import { renderModal } from './modal.ts';
import { writePress } from './press.ts';
import { BLOCK_LIMITS, type Piece, type RenderContext, renderMessage } from './render.ts';
import type { Threads } from './threads.ts';

export interface Memory {
  /** Keeps a short text: which Slack message a card is, what did not fit into a button. */
  remember(key: string, value: string): Promise<void>;
  recall(key: string): Promise<string | null>;
}

export interface SenderDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly threads: Threads;
  readonly userOf: (person: string) => string | null;
  readonly publicUrl: string | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** Whom an answer goes to: seen by nobody else, in the thread it was asked in. */
export interface Asker {
  readonly channel: string;
  readonly user: string;
  readonly thread: string | null;
  /** Good for one modal within three seconds; null after a plain message. */
  readonly trigger: string | null;
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
}

/** The card is gone or may not be changed any more: it is said anew. */
const UPDATE_IMPOSSIBLE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** The asker cannot be reached in that conversation, but in a direct message. */
const NOT_THERE = new Set(['not_in_channel', 'channel_not_found', 'user_not_in_channel']);
const KEPT_SENDS = 2000;
const EMPTY: Piece = {
  text: '—',
  blocks: [{ type: 'context', elements: [{ type: 'plain_text', text: '—' }] }],
};

/** Everything that leaves for Slack. */
export function createSender(deps: SenderDeps) {
  const { client, threads } = deps;
  /** Pieces that went out, so that a retry goes on where the last attempt stopped. */
  const sent = new Map<string, string>();

  const keep = async (notes: readonly Note[]): Promise<void> => {
    for (const note of notes) await deps.remember(note.key, note.value);
  };
  const contextOf = (incident: string | null, language: 'zh' | 'en'): RenderContext => ({
    incident,
    language,
    userOf: deps.userOf,
    publicUrl: deps.publicUrl,
  });

  /**
   * `aloud`: also shown in the channel. An incident room is read as one conversation, and Slack tells of an answer
   * in a thread only those who follow it: what comes from another room must not be missed.
   */
  async function say(channel: string, piece: Piece, thread: string | null, aloud = false): Promise<string> {
    const answer = await client.chat.postMessage({
      channel,
      text: piece.text,
      blocks: piece.blocks,
      mrkdwn: false,
      parse: 'none',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      ...(thread === null
        ? {}
        : aloud
          ? { thread_ts: thread, reply_broadcast: true }
          : { thread_ts: thread }),
    });
    const ts = answer.ts ?? '';
    // Slack un-threads what answers a message that is gone, and says so here alone.
    threads.note(channel, ts, answer.message?.thread_ts ?? null);
    return ts;
  }

  /**
   * Goes on behind the parts of `before`, which stand there already; answers with all of them. The later parts stand
   * in the thread of the first, or in the one that this stands in.
   */
  async function sayAll(
    channel: string,
    pieces: readonly Piece[],
    key: string,
    { before = [], root = null }: { before?: readonly string[]; root?: string | null } = {},
  ): Promise<readonly string[]> {
    const all = [...before];
    for (const [index, piece] of pieces.entries()) {
      if (index < before.length) continue;
      const name = `${key}#${index}`;
      const ts: string =
        sent.get(name) ??
        (await threads.within(root ?? all[0] ?? null, (thread) => say(channel, piece, thread, index === 0)));
      sent.set(name, ts);
      all.push(ts);
    }
    const [oldest] = sent.keys();
    if (sent.size > KEPT_SENDS && oldest !== undefined) sent.delete(oldest);
    return all;
  }

  /** Each part in its place; parts that are new come after, parts that are no more say so. */
  async function changeAll(
    channel: string,
    stand: readonly string[],
    pieces: readonly Piece[],
    key: string,
    root: string | null,
  ): Promise<readonly string[] | null> {
    const kept: string[] = [];
    for (const [index, ts] of stand.entries()) {
      if (await change(channel, ts, pieces[index] ?? EMPTY)) kept.push(ts);
      else if (index === 0) return null;
      else break;
    }
    return sayAll(channel, pieces, key, { before: kept, root });
  }

  async function change(channel: string, ts: string, piece: Piece): Promise<boolean> {
    try {
      await client.chat.update({
        channel,
        ts,
        text: piece.text,
        blocks: piece.blocks,
        parse: 'none',
        link_names: false,
      });
      return true;
    } catch (error) {
      if (UPDATE_IMPOSSIBLE.has(slackCode(error) ?? '')) return false;
      throw error;
    }
  }

  async function post(place: Place, message: Message, { key, replyTo }: Posting): Promise<Receipt> {
    const channel = place.conversation;
    // The key begins with the incident: two incidents of one channel have two status cards.
    const incident = key.split(':', 1)[0] ?? key;
    const card = message.card === null ? null : `card:${incident}:${channel}:${message.card}`;
    let method = 'chat.postMessage';
    try {
      const { pieces, notes } = renderMessage(message, contextOf(incident, place.language));
      await keep(notes);
      const known = card === null ? null : await deps.recall(card);
      if (known !== null) {
        method = 'chat.update';
        const stand = known.split(' ');
        const root = stand[0] === undefined ? null : threads.known(channel, stand[0]);
        const all = await changeAll(channel, stand, pieces, key, root);
        if (all) {
          if (card !== null) await deps.remember(card, all.join(' '));
          return { ok: true, messageId: nameOf(channel, all[0] ?? '') };
        }
        method = 'chat.postMessage';
      }
      const root = await threads.rootOf(channel, replyTo);
      const all = await joining(client, channel, () => sayAll(channel, pieces, key, { root }));
      const ts = all[0] ?? '';
      if (card !== null) await deps.remember(card, all.join(' '));
      if (message.card === 'status') await pin(channel, ts);
      return { ok: true, messageId: nameOf(channel, ts) };
    } catch (error) {
      return failure(error, method);
    }
  }

  /** A room without a pinned card is still a room. */
  async function pin(channel: string, timestamp: string): Promise<void> {
    try {
      await client.pins.add({ channel, timestamp });
    } catch (error) {
      deps.log('slack: the status card could not be pinned', { error: failure(error, 'pins.add').error });
    }
  }

  async function direct(user: string, message: Message, language: 'zh' | 'en'): Promise<Receipt> {
    let method = 'conversations.open';
    try {
      const { channel } = await client.conversations.open({ users: user });
      method = 'chat.postMessage';
      const { pieces, notes } = renderMessage(message, contextOf(null, language));
      await keep(notes);
      const conversation = channel?.id ?? user;
      let first: string | null = null;
      for (const piece of pieces) {
        const ts: string = await say(conversation, piece, first);
        first ??= ts;
      }
      return { ok: true, messageId: nameOf(conversation, first ?? '') };
    } catch (error) {
      return failure(error, method);
    }
  }

  async function tell(asker: Asker, message: Message): Promise<void> {
    // A direct message is seen by nobody else anyway.
    if (asker.channel.startsWith('D')) {
      await direct(asker.user, message, asker.language);
      return;
    }
    const { pieces, notes } = renderMessage(message, contextOf(asker.incident, asker.language));
    await keep(notes);
    for (const piece of pieces) {
      try {
        await client.chat.postEphemeral({
          channel: asker.channel,
          user: asker.user,
          text: piece.text,
          blocks: piece.blocks,
          parse: 'none',
          link_names: false,
          ...(asker.thread === null ? {} : { thread_ts: asker.thread }),
        });
      } catch (error) {
        if (NOT_THERE.has(slackCode(error) ?? '')) {
          const receipt = await direct(asker.user, message, asker.language);
          if (receipt.ok) return;
        }
        deps.log('slack: an answer did not reach its asker', {
          error: failure(error, 'chat.postEphemeral').error,
        });
        return;
      }
    }
  }

  /** A modal; where Slack gives no trigger, or it is used up, a button that opens the same form. */
  async function open(asker: Asker, form: Form): Promise<void> {
    if (asker.trigger !== null) {
      const { view, note } = renderModal(form, asker);
      if (note) await keep([note]);
      try {
        await client.views.open({ trigger_id: asker.trigger, view });
        return;
      } catch (error) {
        deps.log('slack: a form could not be opened at once', { error: failure(error, 'views.open').error });
      }
    }
    const { text, note } = writePress(
      {
        command: form.command,
        args: form.args,
        incident: asker.incident,
        channel: asker.channel,
        thread: asker.thread,
        form,
      },
      BLOCK_LIMITS.buttonValue,
    );
    if (note) await keep([note]);
    const label = { zh: '打开表单', en: 'Open the form' }[asker.language];
    const piece: Piece = {
      text: label,
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: clip(form.title, BLOCK_LIMITS.blockText) } },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'press-0',
              text: { type: 'plain_text', text: label },
              style: 'primary',
              value: text,
            },
          ],
        },
      ],
    };
    try {
      await client.chat.postEphemeral({
        channel: asker.channel,
        user: asker.user,
        text: piece.text,
        blocks: piece.blocks,
        ...(asker.thread === null ? {} : { thread_ts: asker.thread }),
      });
    } catch (error) {
      deps.log('slack: a form did not reach its asker', {
        error: failure(error, 'chat.postEphemeral').error,
      });
    }
  }

  return { post, direct, tell, attach: attacher({ client, log: deps.log, tell }), open };
}
export type Sender = ReturnType<typeof createSender>;
