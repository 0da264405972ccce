import type { Place } from '../../incident/events.ts';
import { clip } from '../cut.ts';
import type { Done, Failed, Member, Opened, RoomSpec, Rooms } from '../port.ts';
import { CARD, type Card, card, type Element } from './card.ts';
import { failure, isGone } from './failure.ts';
import { channelOf, type Memory, type Refs } from './refs.ts';
import type { Outgoing, Wire } from './wire.ts';

export interface RoomDeps extends Memory {
  readonly wire: Wire;
  readonly refs: Refs;
  readonly nameOf: (person: string) => string;
}

const HERE: Failed = {
  ok: false,
  permanent: true,
  retryAfterMs: null,
  error:
    'Teams 机器人只能在频道里另开帖子，私聊和群聊里不能 / a Teams bot begins a thread of its own only in a channel, not in a personal or group chat',
};

/** A post of the channel for each incident: what is said about it is said in its thread. */
export function createRooms(deps: RoomDeps): Rooms {
  const { wire, refs } = deps;

  async function open(spec: RoomSpec): Promise<Opened> {
    try {
      const known = await deps.recall(`room:${spec.key}`);
      if (known) return { ok: true, place: { ...spec.from, conversation: known }, name: spec.name };
      const service = await refs.channel(spec.from.conversation);
      if (!service) return HERE;
      const name = clip(spec.name, 120);
      const root = message(name, rootCard(name, spec.topic, false));
      const channel = channelOf(spec.from.conversation);
      const conversation = await wire.thread(service.serviceUrl, service.tenant, channel, root);
      await deps.remember(`room:${spec.key}`, conversation);
      await deps.remember(`root:${conversation}`, name);
      // Who spoke where it was asked for last means this room now.
      await deps.remember(`moved:${spec.from.conversation}`, conversation);
      const place = { ...spec.from, conversation };
      const invited = await invite(place, spec.people);
      return invited.ok ? { ok: true, place, name } : invited;
    } catch (error) {
      return failure(error, 'create thread');
    }
  }

  /** Everybody in the channel can read the thread: to be invited is to be told of it. */
  async function invite(place: Place, people: readonly Member[]): Promise<Done> {
    try {
      const fresh: Member[] = [];
      for (const one of people)
        if (!(await deps.recall(`invited:${place.conversation}:${one.id}`))) fresh.push(one);
      if (fresh.length === 0) return { ok: true };
      const entities = fresh.map((one) => {
        const name = deps.nameOf(one.id).replace(/[<>&*_[\]()`~#]/g, '') || 'user';
        return { type: 'mention' as const, text: `<at>${name}</at>`, mentioned: { id: one.address, name } };
      });
      const text = `🔔 ${entities.map((one) => one.text).join(' ')}`;
      const called = card([{ type: 'TextBlock', text, wrap: true }], { msteams: { entities } });
      await wire.send(await refs.of(place.conversation), message(text.replace(/<\/?at>/g, ''), called));
      for (const one of fresh) await deps.remember(`invited:${place.conversation}:${one.id}`, '1');
      return { ok: true };
    } catch (error) {
      return failure(error, 'send');
    }
  }

  async function change(place: Place, topic: string, over: boolean): Promise<Done> {
    try {
      const name = await deps.recall(`root:${place.conversation}`);
      const root = place.conversation.split(';messageid=', 2)[1];
      if (!name || !root) return { ok: true };
      await deps.remember(`topic:${place.conversation}`, topic);
      const at = await refs.of(place.conversation);
      await wire.update(at, root, message(name, rootCard(name, topic, over)));
      return { ok: true };
    } catch (error) {
      // Somebody deleted the post; its thread goes on.
      if (isGone(error)) return { ok: true };
      return failure(error, 'update');
    }
  }

  return {
    open,
    invite,
    topic: (place, text) => change(place, text, false),
    archive: async (place) => change(place, (await deps.recall(`topic:${place.conversation}`)) ?? '', true),
  };
}

function rootCard(name: string, topic: string, over: boolean): Card {
  const body: Element[] = [
    {
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text: `${over ? '🗄 ' : '🚨 '}${name}`, weight: 'Bolder', size: 'Medium' }],
    },
  ];
  if (topic !== '') body.push(line(clip(topic, 500)));
  if (over) body.push(line('已归档 archived'));
  return card(body);
}

function line(text: string): Element {
  return { type: 'RichTextBlock', spacing: 'Small', inlines: [{ type: 'TextRun', text, isSubtle: true }] };
}

function message(summary: string, content: Card): Outgoing {
  return { type: 'message', summary, attachments: [{ contentType: CARD, content }] };
}
