import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import type { Form, Message, Text } from '../message.ts';
import type { Attachment, Failed, Member, Receipt } from '../port.ts';
import { type Api, DingTalkError } from './api.ts';
import { type CardTemplates, cardOf, changeCard, deliverCard, formOf, type Space, trackOf } from './cards.ts';
import { BLOCKED_MS, failure, isGone, isMade } from './failure.ts';
import { uploadFile } from './files.ts';
import type { Hooks, Spoken } from './hooks.ts';
import { type RenderContext, type Rendered, renderMarkdown } from './markdown.ts';

export interface SenderDeps {
  readonly api: Api;
  readonly robot: string;
  /** Null where the app has no card templates: everything is text then, without buttons. */
  readonly templates: CardTemplates | null;
  readonly hooks: Hooks;
  readonly userOf: (person: string) => string | null;
  /** Address of the web room, for links; null where it is not known. */
  readonly web: string | null;
  /** A link that logs this one person in, once, and leads to `path`; null where nothing is known of the web room. */
  readonly signIn: ((person: string, path: string) => Promise<string>) | null;
  readonly remember: (key: string, value: string) => Promise<void>;
  readonly recall: (key: string) => Promise<string | null>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

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

type Target =
  | { readonly kind: 'group'; readonly conversation: string }
  | { readonly kind: 'single'; readonly conversation: string; readonly user: string };

const KEPT_SENDS = 2000;
/** open.dingtalk.com/document/orgapp/chatbots-send-one-on-one-chat-messages-in-batches, "Response". */
const batch = z.object({
  processQueryKey: z.string().nullish(),
  invalidStaffIdList: z.array(z.string()).nullish(),
  flowControlledStaffIdList: z.array(z.string()).nullish(),
});

/** Everything that leaves for DingTalk. */
export function createSender(deps: SenderDeps) {
  const { api, robot, templates } = deps;
  /** Pieces that went out, so that a retry goes on where the last attempt stopped. */
  const sent = new Map<string, string>();

  const hrefOf = (path: string): string | null => (deps.web === null ? null : new URL(path, deps.web).href);
  const contextOf = (
    language: 'zh' | 'en',
    written: RenderContext['written'],
    href: RenderContext['hrefOf'] = hrefOf,
  ): RenderContext => ({ language, written, hrefOf: href, userOf: deps.userOf });
  const keep = async (notes: readonly { readonly key: string; readonly value: string }[]): Promise<void> => {
    for (const note of notes) await deps.remember(note.key, note.value);
  };

  async function targetOf(conversation: string): Promise<Target> {
    const user = await deps.recall(`single:${conversation}`);
    return user ? { kind: 'single', conversation, user } : { kind: 'group', conversation };
  }

  async function once(name: string, send: () => Promise<string>): Promise<string> {
    const known = sent.get(name);
    if (known !== undefined) return known;
    const id = await send();
    sent.set(name, id);
    for (const [oldest] of sent) {
      if (sent.size <= KEPT_SENDS) break;
      sent.delete(oldest);
    }
    return id;
  }

  /** By the robot itself: …/the-robot-sends-a-group-message, …/chatbots-send-one-on-one-chat-messages-in-batches. */
  async function speak(target: Target, msgKey: string, param: object): Promise<string> {
    const msgParam = JSON.stringify(param);
    if (target.kind === 'group') {
      const body = { robotCode: robot, openConversationId: target.conversation, msgKey, msgParam };
      const answer = batch.parse(await api.call('POST', '/v1.0/robot/groupMessages/send', body));
      return answer.processQueryKey ?? '';
    }
    const body = { robotCode: robot, userIds: [target.user], msgKey, msgParam };
    const answer = batch.parse(await api.call('POST', '/v1.0/robot/oToMessages/batchSend', body));
    // Success, and nobody got it.
    if ((answer.invalidStaffIdList ?? []).length > 0)
      throw new DingTalkError(200, 'invalid staffId', 'no such user');
    if ((answer.flowControlledStaffIdList ?? []).length > 0)
      throw new DingTalkError(200, 'flow controlled', 'the person got too many messages');
    return answer.processQueryKey ?? '';
  }

  async function speakAll(target: Target, rendered: Rendered, key: string): Promise<string> {
    let first: string | null = null;
    for (const [index, text] of rendered.pieces.entries()) {
      const id = await once(`${key}#${index}`, () =>
        speak(target, 'sampleMarkdown', { title: rendered.title, text }),
      );
      first ??= id;
    }
    return first ?? '';
  }

  async function sayBy(
    hook: (spoken: Spoken) => Promise<void>,
    rendered: Rendered,
    key: string,
  ): Promise<string> {
    const at = [...rendered.at.keys()];
    for (const [index, text] of rendered.pieces.entries()) {
      const spoken = { title: rendered.title, text, at: at.filter((user) => text.includes(`@${user}`)) };
      await once(`${key}#${index}`, async () => {
        await hook(spoken);
        return key;
      });
    }
    return key;
  }

  async function post(place: Place, said: Message, key: string): Promise<Receipt> {
    const target = await targetOf(place.conversation);
    // The key begins with the incident: two incidents of one conversation have two status cards.
    const incident = key.split(':', 1)[0] ?? key;
    try {
      return { ok: true, messageId: await show(target, said, { key, incident, language: place.language }) };
    } catch (error) {
      const failed = failure(error, 'send');
      return (await otherwise(target, said, key, place.language, failed)) ?? failed;
    }
  }

  interface Showing {
    readonly key: string;
    readonly incident: string;
    readonly language: 'zh' | 'en';
  }

  async function show(target: Target, said: Message, { key, incident, language }: Showing): Promise<string> {
    const rendered = renderMarkdown(said, contextOf(language, 'name'));
    if (templates && (said.card !== null || rendered.buttons.length > 0)) {
      const origin = { incident, conversation: target.conversation, language };
      const data = cardOf(rendered, origin, templates, hrefOf('/'));
      await keep(data.notes);
      const name = said.card === null ? null : `card:${incident}:${target.conversation}:${said.card}`;
      const known = name === null ? null : await deps.recall(name);
      if (known && (await changed(known, data))) return known;
      const track = trackOf(key);
      await made(track, data, spaceOf(target, rendered));
      if (name !== null) await deps.remember(name, track);
      return track;
    }
    // A robot's own messages alert nobody; the address that came with a message does.
    if (target.kind === 'group' && rendered.at.size > 0) {
      const session = await deps.hooks.session(target.conversation);
      const byId = renderMarkdown(said, contextOf(language, 'id'));
      if (session) return sayBy(session, byId, key);
      if (templates) {
        const origin = { incident, conversation: target.conversation, language };
        const track = trackOf(key);
        await made(track, cardOf(rendered, origin, templates, hrefOf('/')), spaceOf(target, rendered));
        return track;
      }
    }
    return speakAll(target, withoutButtons(rendered, language), key);
  }

  const spaceOf = (target: Target, { at }: Rendered): Space =>
    target.kind === 'single' ? target : { kind: 'group', conversation: target.conversation, at };

  async function made(track: string, data: ReturnType<typeof cardOf>, space: Space): Promise<void> {
    try {
      await deliverCard(api, robot, track, data, space);
    } catch (error) {
      // An attempt whose answer was lost has made it.
      if (!isMade(error)) throw error;
    }
  }

  async function changed(track: string, data: ReturnType<typeof cardOf>): Promise<boolean> {
    try {
      await changeCard(api, track, data);
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  /** Buttons cannot be pressed in a text: they are named, with where they can. */
  function withoutButtons(rendered: Rendered, language: 'zh' | 'en', note: string | null = null): Rendered {
    const labels = rendered.buttons.map((one) => one.label).join(' / ');
    const href = hrefOf('/');
    const where = { zh: '在网页房间操作', en: 'do it in the web room' }[language];
    const lines = [
      ...(labels === '' ? [] : [`▫️ ${labels}（${href === null ? where : `[${where}](${href})`}）`]),
      ...(note === null ? [] : [`> ⚠️ ${note}`]),
    ];
    if (lines.length === 0) return rendered;
    const last = rendered.pieces.at(-1) ?? '';
    return { ...rendered, pieces: [...rendered.pieces.slice(0, -1), [last, ...lines].join('\n\n')] };
  }

  /**
   * What the app's robot may not say, or not for ten minutes, is said by the address that came with a message and by
   * the group's signed robot, and says why. Null when neither could.
   */
  async function otherwise(
    target: Target,
    said: Message,
    key: string,
    language: 'zh' | 'en',
    failed: Failed,
  ): Promise<Receipt | null> {
    if (!failed.permanent && failed.retryAfterMs !== BLOCKED_MS) return null;
    const rendered = renderMarkdown(said, contextOf(language, 'id'));
    const note = failed.permanent ? failed.error : null;
    const session = await deps.hooks.session(target.conversation);
    const signed = target.kind === 'group' ? deps.hooks.signed(target.conversation) : null;
    for (const hook of [session, signed]) {
      if (!hook) continue;
      try {
        const messageId = await sayBy(hook, withoutButtons(rendered, language, note), key);
        deps.log('dingtalk: said in another way', { error: failed.error });
        return { ok: true, messageId };
      } catch (error) {
        deps.log('dingtalk: the other way failed too', { error: failure(error, 'webhook').error });
      }
    }
    return null;
  }

  /** A single chat, for pages. */
  async function direct(person: Member, said: Message, language: 'zh' | 'en'): Promise<Receipt> {
    const target = { kind: 'single', conversation: '', user: person.address } as const;
    try {
      const rendered = withoutButtons(renderMarkdown(said, contextOf(language, 'name')), language);
      return { ok: true, messageId: await speakAll(target, rendered, `direct:${randomUUID()}`) };
    } catch (error) {
      return failure(error, 'oToMessages');
    }
  }

  /** An answer for one person: in a group a card that only they see. */
  async function tell(asker: Asker, said: Message): Promise<void> {
    try {
      if (asker.user === null) return await refer(asker);
      const links = await personalLinks(asker, said);
      const rendered = renderMarkdown(
        said,
        contextOf(asker.language, 'name', (path) => links.get(path) ?? hrefOf(path)),
      );
      if (templates) {
        for (const piece of rendered.pieces) {
          const last = piece === rendered.pieces.at(-1);
          const part = { ...rendered, pieces: [piece], buttons: last ? rendered.buttons : [] };
          const data = cardOf(part, asker, templates, null);
          await keep(data.notes);
          await deliverCard(api, robot, trackOf(randomUUID()), data, privateSpace(asker, asker.user));
        }
        return;
      }
      const target = { kind: 'single', conversation: asker.conversation, user: asker.user } as const;
      await speakAll(target, withoutButtons(rendered, asker.language), `tell:${randomUUID()}`);
    } catch (error) {
      deps.log('dingtalk: an answer did not reach its asker', { error: failure(error, 'tell').error });
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

  /** A form for one person. Without card templates it is filled in in the web room. */
  async function open(asker: Asker, form: Form): Promise<void> {
    if (!templates || asker.user === null) {
      const label = { zh: '在网页房间填写', en: 'fill it in in the web room' }[asker.language];
      const headline: Text = [`${form.title}：`, { link: { label, path: '/' } }];
      return tell(asker, { headline, blocks: [], tone: 'plain', card: null });
    }
    try {
      const data = formOf(form, asker, templates);
      await keep(data.notes);
      await deliverCard(api, robot, trackOf(randomUUID()), data, privateSpace(asker, asker.user));
    } catch (error) {
      deps.log('dingtalk: a form did not reach its asker', { error: failure(error, 'form').error });
    }
  }

  /** Files for the conversation in which they were asked for. */
  async function attach(asker: Asker, files: readonly Attachment[]): Promise<void> {
    const target = await targetOf(asker.conversation);
    for (const file of files) {
      try {
        const param = await uploadFile(api, file);
        if (param !== null) await speak(target, 'sampleFile', param);
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

  return { post, direct, tell, open, attach };
}
export type Sender = ReturnType<typeof createSender>;

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
