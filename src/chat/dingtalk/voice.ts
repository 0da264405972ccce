import { z } from 'zod';
import type { Note } from '../aside.ts';
import { nameOf, type Parts } from '../name.ts';
import { type Api, DingTalkError } from './api.ts';
import type { CardTemplates } from './cards.ts';
import type { Hooks } from './hooks.ts';
import type { RenderContext, Rendered } from './markdown.ts';

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
  readonly parts: Parts;
  readonly remember: (key: string, value: string) => Promise<void>;
  readonly recall: (key: string) => Promise<string | null>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/** A conversation to speak in, as DingTalk names it. */
export type Target =
  | { readonly kind: 'group'; readonly conversation: string }
  | { readonly kind: 'single'; readonly conversation: string; readonly user: string };

const KEPT_SENDS = 2000;
/** open.dingtalk.com/document/orgapp/chatbots-send-one-on-one-chat-messages-in-batches, "Response". */
const batch = z.object({
  processQueryKey: z.string().nullish(),
  invalidStaffIdList: z.array(z.string()).nullish(),
  flowControlledStaffIdList: z.array(z.string()).nullish(),
});

/** The robot's own voice, and what every message needs before it leaves. */
export function createVoice(deps: SenderDeps) {
  const { api, robot } = deps;
  /** Pieces that went out, so that a retry goes on where the last attempt stopped. */
  const sent = new Map<string, string>();

  const hrefOf = (path: string): string | null => (deps.web === null ? null : new URL(path, deps.web).href);
  const roomOf = (incident: string | null): string | null =>
    incident === null ? null : hrefOf(`/i/${incident}`);
  const contextOf = (
    language: 'zh' | 'en',
    written: RenderContext['written'],
    incident: string | null,
    href: RenderContext['hrefOf'] = hrefOf,
  ): RenderContext => ({ language, written, room: roomOf(incident), hrefOf: href, userOf: deps.userOf });
  /** Most buttons of a card stand on its next face too. */
  const kept = new Set<string>();
  async function keep(notes: readonly Note[]): Promise<void> {
    for (const { key, value } of notes) {
      if (kept.has(key)) continue;
      await deps.remember(key, value);
      if (kept.size >= KEPT_SENDS) kept.clear();
      kept.add(key);
    }
  }

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
      if (first !== null && target.conversation !== '')
        await deps.parts.keep(nameOf(target.conversation, first), nameOf(target.conversation, id));
      first ??= id;
    }
    return first || key;
  }

  /** Buttons cannot be pressed in a text: they are named, with where they can. */
  function withoutButtons(
    rendered: Rendered,
    language: 'zh' | 'en',
    incident: string | null,
    note: string | null = null,
  ): Rendered {
    const labels = rendered.buttons.map((one) => one.label).join(' / ');
    const href = roomOf(incident) ?? hrefOf('/');
    const where = { zh: '在网页房间操作', en: 'do it in the web room' }[language];
    const lines = [
      ...(labels === '' ? [] : [`▫️ ${labels}（${href === null ? where : `[${where}](${href})`}）`]),
      ...(note === null ? [] : [`> ⚠️ ${note}`]),
    ];
    if (lines.length === 0) return rendered;
    const last = rendered.pieces.at(-1) ?? '';
    return { ...rendered, pieces: [...rendered.pieces.slice(0, -1), [last, ...lines].join('\n\n')] };
  }

  return { hrefOf, roomOf, contextOf, keep, targetOf, once, speak, speakAll, withoutButtons };
}
export type Voice = ReturnType<typeof createVoice>;
