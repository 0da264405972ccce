import { randomUUID } from 'node:crypto';
import type { Block, Form, Message, Text } from '../message.ts';
import { anotherTry } from '../patience.ts';
import type { Attachment } from '../port.ts';
import type { Card } from './card.ts';
import { failure } from './failure.ts';
import { formCard } from './form.ts';
import { type RenderContext, renderMessage } from './render.ts';
import { type Sender, sentMessage, short } from './sender.ts';
import { uploadFile } from './uploads.ts';
import { unexpected, type Wire } from './wire.ts';

export interface AnswerDeps {
  readonly wire: Wire;
  readonly sender: Sender;
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

/** …/ephemeral/v1/send refuses topic groups and those who are not there: the answer goes to them directly. */
const EPHEMERAL = '/open-apis/ephemeral/v1';

/** What only the one who asked gets to see. */
export function createAnswers(deps: AnswerDeps) {
  const { wire } = deps;
  const { contextOf, keep, publicLink, send, withdraw } = deps.sender;

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
        const { type, content } = await patiently(() => uploadFile(wire, one.name, file));
        const uuid = short(JSON.stringify(content));
        await patiently(() => send({ type: 'chat_id', id: asker.chat }, type, content, uuid));
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

  return { tell, open, close, attach };
}
export type Answers = ReturnType<typeof createAnswers>;

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

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(await anotherTry(failure(error, ''), tries))) throw error;
    }
  }
}
