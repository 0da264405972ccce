import { randomUUID } from 'node:crypto';
import type { Form, Message, Text } from '../message.ts';
import type { Attachment } from '../port.ts';
import { kindOf, uploadFile } from './attach.ts';
import { type CardData, cardOf, deliverCard, formOf, type Space, trackOf } from './cards.ts';
import { failure } from './failure.ts';
import { type Rendered, renderMarkdown } from './markdown.ts';
import type { SenderDeps, Voice } from './voice.ts';

/** Whom an answer goes to, and where it was asked. */
export interface Asker {
  readonly conversation: string;
  readonly single: boolean;
  readonly user: string | null;
  /** The id on the roster; null for a guest, who cannot log in to the web room. */
  readonly person: string | null;
  readonly incident: string | null;
  readonly language: 'zh' | 'en';
}

/** What one person is answered, alone. */
export function createAnswers(deps: SenderDeps, voice: Voice) {
  const { api, robot, templates } = deps;

  /** An answer for one person: in a group a card that only they see. */
  async function tell(asker: Asker, said: Message): Promise<void> {
    try {
      if (asker.user === null) return await refer(asker);
      const links = await personalLinks(asker, said);
      const rendered = renderMarkdown(
        said,
        voice.contextOf(
          asker.language,
          'name',
          asker.incident,
          (path) => links.get(path) ?? voice.hrefOf(path),
        ),
      );
      if (await shown(asker, asker.user, rendered)) return;
      const target = { kind: 'single', conversation: asker.conversation, user: asker.user } as const;
      await voice.speakAll(
        target,
        voice.withoutButtons(rendered, asker.language, asker.incident),
        `tell:${randomUUID()}`,
      );
    } catch (error) {
      deps.log('dingtalk: an answer did not reach its asker', { error: failure(error, 'tell').error });
    }
  }

  /** False where there are no cards, or the app may not send them: the single chat is left then. */
  async function shown(asker: Asker, user: string, rendered: Rendered): Promise<boolean> {
    if (!templates) return false;
    for (const piece of rendered.pieces) {
      const last = piece === rendered.pieces.at(-1);
      const part = { ...rendered, pieces: [piece], buttons: last ? rendered.buttons : [] };
      if (!(await handed(asker, user, cardOf(part, asker, templates, null)))) return false;
    }
    return true;
  }

  async function handed(asker: Asker, user: string, data: CardData): Promise<boolean> {
    try {
      await voice.keep(data.notes);
      await deliverCard(api, robot, trackOf(randomUUID()), data, privateSpace(asker, user));
      return true;
    } catch (error) {
      deps.log('dingtalk: a card did not reach its asker', { error: failure(error, 'card').error });
      return false;
    }
  }

  const privateSpace = (asker: Asker, user: string): Space =>
    asker.single
      ? { kind: 'single', user }
      : { kind: 'group', conversation: asker.conversation, at: new Map(), only: [user] };

  /** Nobody else sees the answer: each of its links lets its asker in, once. */
  async function personalLinks(asker: Asker, said: Message): Promise<ReadonlyMap<string, string>> {
    const links = new Map<string, string>();
    if (deps.signIn === null || asker.person === null) return links;
    for (const path of new Set(pathsOf(said))) links.set(path, await deps.signIn(asker.person, path));
    return links;
  }

  /** Somebody without a user id can be told nothing alone; all that is said aloud is why. */
  async function refer(asker: Asker): Promise<void> {
    const session = await deps.hooks.session(asker.conversation);
    const text = {
      zh: '已收到。机器人无法单独答复组织外的成员，请在网页房间查看',
      en: 'Received. The robot cannot answer people outside the organisation alone: see the web room',
    }[asker.language];
    await session?.({ title: text.slice(0, 20), text, at: [] });
  }

  /** A form for one person. Without cards it is filled in in the web room. */
  async function open(asker: Asker, form: Form): Promise<void> {
    if (templates && asker.user !== null && (await handed(asker, asker.user, formOf(form, asker, templates))))
      return;
    const label = { zh: '在网页房间填写', en: 'fill it in in the web room' }[asker.language];
    const headline: Text = [`${form.title}：`, { link: { label, path: '/' } }];
    await tell(asker, { headline, blocks: [], tone: 'plain', card: null });
  }

  /** Files for the conversation in which they were asked for. */
  async function hand(asker: Asker, files: readonly Attachment[]): Promise<void> {
    const target = await voice.targetOf(asker.conversation);
    for (const file of files) {
      try {
        // What DingTalk takes only packed is read in the web room instead.
        if (kindOf(file.name) === null) continue;
        const { msgKey, param } = await uploadFile(api, file.name, await file.bytes());
        await voice.speak(target, msgKey, param);
      } catch (error) {
        const why = failure(error, file.name).error;
        deps.log('dingtalk: a file could not be sent', { error: why });
        const headline = {
          zh: `文件没能发到这里，请到网页房间下载（${why}）`,
          en: `the file could not be sent here, download it in the web room (${why})`,
        }[asker.language];
        await tell(asker, { headline, blocks: [], tone: 'warn', card: null });
      }
    }
  }

  return { tell, open, hand };
}

function pathsOf(message: Message): readonly string[] {
  const inText = (text: Text): readonly string[] =>
    typeof text === 'string'
      ? []
      : text.flatMap((span) => (typeof span !== 'string' && 'link' in span ? [span.link.path] : []));
  const inBlocks = (blocks: Message['blocks']): readonly string[] =>
    blocks.flatMap((block) => {
      if (block.block === 'text' || block.block === 'note') return inText(block.text);
      if (block.block === 'list') return block.items.flatMap(inText);
      if (block.block === 'fields') return block.fields.flatMap((one) => inText(one.value));
      return block.block === 'fold' ? inBlocks(block.blocks) : [];
    });
  return [...inText(message.headline), ...inBlocks(message.blocks)];
}
