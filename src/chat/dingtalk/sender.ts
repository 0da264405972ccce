import { randomUUID } from 'node:crypto';
import type { Place } from '../../incident/events.ts';
import type { Message } from '../message.ts';
import { nameOf } from '../name.ts';
import type { Failed, Member, Posting, Receipt } from '../port.ts';
import { createAnswers } from './answers.ts';
import { createAttach } from './attach.ts';
import { type CardData, cardOf, changeCard, deliverCard, type Space, trackOf } from './cards.ts';
import { BLOCKED_MS, failure, isGone, isMade } from './failure.ts';
import type { Spoken } from './hooks.ts';
import { type Rendered, renderMarkdown } from './markdown.ts';
import { createVoice, type SenderDeps, type Target } from './voice.ts';

/** Everything that leaves for DingTalk. */
export function createSender(deps: SenderDeps) {
  const { api, robot, templates } = deps;
  const voice = createVoice(deps);
  const { contextOf, roomOf, keep, once, speakAll, targetOf, withoutButtons } = voice;

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

  async function post(place: Place, said: Message, { key }: Posting): Promise<Receipt> {
    const target = await targetOf(place.conversation);
    // The key begins with the incident: two incidents of one conversation have two status cards.
    const incident = key.split(':', 1)[0] ?? key;
    try {
      const id = await show(target, said, { key, incident, language: place.language });
      return { ok: true, messageId: nameOf(place.conversation, id) };
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
    const rendered = renderMarkdown(said, contextOf(language, 'name', incident));
    if (templates && (said.card !== null || rendered.buttons.length > 0)) {
      const origin = { incident, conversation: target.conversation, language };
      const data = cardOf(rendered, origin, templates, roomOf(incident));
      await keep(data.notes);
      const name = said.card === null ? null : `card:${incident}:${target.conversation}:${said.card}`;
      const known = name === null ? null : await deps.recall(name);
      if (known && (await changed(known, data))) return carrierOf(known);
      const track = trackOf(key);
      await made(track, data, spaceOf(target, rendered));
      if (name !== null) await deps.remember(name, track);
      return carrierOf(track);
    }
    // A robot's own messages alert nobody; the address that came with a message does.
    if (target.kind === 'group' && rendered.at.size > 0) {
      const session = await deps.hooks.session(target.conversation);
      const byId = renderMarkdown(said, contextOf(language, 'id', incident));
      if (session) {
        try {
          return await sayBy(session, byId, key);
        } catch (error) {
          deps.log('dingtalk: the address that came with a message failed', {
            error: failure(error, 'session').error,
          });
        }
      }
      if (templates) {
        const origin = { incident, conversation: target.conversation, language };
        const track = trackOf(key);
        await made(track, cardOf(rendered, origin, templates, roomOf(incident)), spaceOf(target, rendered));
        return carrierOf(track);
      }
    }
    return speakAll(target, withoutButtons(rendered, language, incident), key);
  }

  const spaceOf = (target: Target, { at }: Rendered): Space =>
    target.kind === 'single' ? target : { kind: 'group', conversation: target.conversation, at };

  async function made(track: string, data: CardData, space: Space): Promise<void> {
    try {
      const carrier = await deliverCard(api, robot, track, data, space);
      if (carrier !== null) await deps.remember(`carrier:${track}`, carrier);
    } catch (error) {
      // An attempt whose answer was lost has made it.
      if (!isMade(error)) throw error;
    }
  }

  /** How a quote names the card. */
  const carrierOf = async (track: string): Promise<string> =>
    (await deps.recall(`carrier:${track}`)) || track;

  async function changed(track: string, data: CardData): Promise<boolean> {
    try {
      await changeCard(api, track, data);
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
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
    const incident = key.split(':', 1)[0] ?? key;
    const rendered = renderMarkdown(said, contextOf(language, 'id', incident));
    const note = failed.permanent ? failed.error : null;
    const session = await deps.hooks.session(target.conversation);
    const signed = target.kind === 'group' ? deps.hooks.signed(target.conversation) : null;
    for (const hook of [session, signed]) {
      if (!hook) continue;
      try {
        const id = await sayBy(hook, withoutButtons(rendered, language, incident, note), key);
        deps.log('dingtalk: said in another way', { error: failed.error });
        return { ok: true, messageId: nameOf(target.conversation, id) };
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
      const rendered = withoutButtons(
        renderMarkdown(said, contextOf(language, 'name', null)),
        language,
        null,
      );
      return { ok: true, messageId: await speakAll(target, rendered, `direct:${randomUUID()}`) };
    } catch (error) {
      return failure(error, 'oToMessages');
    }
  }

  return { post, direct, attach: createAttach(api, voice), ...createAnswers(deps, voice) };
}
export type Sender = ReturnType<typeof createSender>;
