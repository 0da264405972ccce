import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import { clip } from '../cut.ts';
import type { Done, Member, Opened, RoomSpec, Rooms } from '../port.ts';
import { failure, hasCode } from './failure.ts';
import type { Memory } from './sender.ts';
import { unexpected, type Wire } from './wire.ts';

/** …/im-v1/chat/create, …/chat/update, …/chat-members/create, …/chat/list. */
export const ROOM_LIMITS = { name: 60, description: 100, invited: 50, page: 100 } as const;

export interface RoomDeps extends Memory {
  readonly wire: Wire;
  readonly isPublic: boolean;
  /** At the end: kept under a name that says so, or dissolved, which takes it from everybody's list. */
  readonly archive: 'rename' | 'dissolve';
}

const made = z.looseObject({ data: z.looseObject({ chat_id: z.string().min(1) }) });
const page = z.looseObject({
  data: z.looseObject({
    items: z
      .array(z.looseObject({ chat_id: z.string(), name: z.string().nullish() }))
      .nullish()
      .transform((items) => items ?? []),
    has_more: z.boolean().nullish(),
    page_token: z.string().nullish(),
  }),
});
/** Dissolved already; in the group already (…/chat/delete and …/chat-members/create, "Error codes"). */
const DISSOLVED = 232009;
const CLOSED = '【已关闭】';

/** A group for each incident. */
export function createRooms(deps: RoomDeps): Rooms {
  const { wire } = deps;

  async function open(spec: RoomSpec): Promise<Opened> {
    let what = 'im/v1/chats';
    try {
      const known = await deps.recall(`room:${spec.key}`);
      const name = groupName(spec);
      if (known !== null) return opened(spec, known, name);
      // Written down first: an attempt whose answer was lost is found again by its name.
      const tried = await deps.recall(`room-try:${spec.key}`);
      if (tried === null) await deps.remember(`room-try:${spec.key}`, name);
      const lost = tried === null ? null : await find(name);
      const id = lost ?? (await create(spec, name));
      await deps.remember(`room:${spec.key}`, id);
      await deps.remember(`made-from:${spec.from.conversation}`, id);
      what = 'im/v1/chats/members';
      // Those beyond the first fifty, and those without whom the rest could not have come.
      const joined = await invite({ ...spec.from, conversation: id }, spec.people);
      if (!joined.ok && !joined.permanent) return joined;
      return opened(spec, id, name);
    } catch (error) {
      return failure(error, what);
    }
  }

  async function create(spec: RoomSpec, name: string): Promise<string> {
    const answer = await wire.call((client) =>
      client.im.v1.chat.create({
        // For ten hours the same uuid makes one group.
        params: { user_id_type: 'open_id', set_bot_manager: true, uuid: spec.key.slice(0, 50) },
        data: {
          name,
          description: clip(spec.topic, ROOM_LIMITS.description),
          chat_mode: 'group',
          chat_type: deps.isPublic ? 'public' : 'private',
          urgent_setting: 'all_members',
        },
      }),
    );
    const read = made.safeParse(answer);
    if (!read.success) throw unexpected('im/v1/chats');
    return read.data.data.chat_id;
  }

  async function find(name: string): Promise<string | null> {
    let token: string | undefined;
    do {
      const answer = await wire.call((client) =>
        client.im.v1.chat.list({
          params: {
            sort_type: 'ByCreateTimeAsc',
            page_size: ROOM_LIMITS.page,
            ...(token ? { page_token: token } : {}),
          },
        }),
      );
      const read = page.safeParse(answer);
      if (!read.success) throw unexpected('im/v1/chats');
      const found = read.data.data.items.find((one) => one.name === name);
      if (found) return found.chat_id;
      token = read.data.data.has_more ? (read.data.data.page_token ?? undefined) : undefined;
    } while (token);
    return null;
  }

  async function calmly(what: string, work: () => Promise<unknown>): Promise<Done> {
    try {
      await work();
      return { ok: true };
    } catch (error) {
      return hasCode(error, DISSOLVED) ? { ok: true } : failure(error, what);
    }
  }

  /** `succeed_type` 1: one who cannot come keeps nobody else out; who is there already is no error. */
  async function invite(place: Place, people: readonly Member[]): Promise<Done> {
    const users = [...new Set(people.map((one) => one.address))];
    for (let at = 0; at < users.length; at += ROOM_LIMITS.invited) {
      const done = await calmly('im/v1/chats/members', () =>
        wire.call((client) =>
          client.im.v1.chatMembers.create({
            path: { chat_id: place.conversation },
            params: { member_id_type: 'open_id', succeed_type: 1 },
            data: { id_list: users.slice(at, at + ROOM_LIMITS.invited) },
          }),
        ),
      );
      if (!done.ok) return done;
    }
    return { ok: true };
  }

  const update = (place: Place, data: { readonly name?: string; readonly description?: string }) =>
    calmly('im/v1/chats/:id', () =>
      wire.call((client) =>
        client.im.v1.chat.update({
          path: { chat_id: place.conversation },
          params: { user_id_type: 'open_id' },
          data: { ...data },
        }),
      ),
    );

  return {
    open,
    invite,
    topic: (place, text) => update(place, { description: clip(text, ROOM_LIMITS.description) }),
    async archive(place) {
      if (deps.archive === 'dissolve')
        return calmly('im/v1/chats/:id', () =>
          wire.call((client) => client.im.v1.chat.delete({ path: { chat_id: place.conversation } })),
        );
      const name = place.own?.name ?? place.conversation;
      if (name.startsWith(CLOSED)) return { ok: true };
      return update(place, { name: clip(`${CLOSED}${name}`, ROOM_LIMITS.name) });
    },
  };
}

function opened(spec: RoomSpec, id: string, name: string): Opened {
  return { ok: true, place: { ...spec.from, conversation: id }, name };
}

/** Names of groups need not be unique; the code is in it, by which it is found again. */
function groupName({ name, code }: RoomSpec): string {
  const wished = name.toLowerCase().includes(code.toLowerCase()) ? name : `${code}-${name}`;
  return clip(wished.replace(/\s+/g, ' ').trim(), ROOM_LIMITS.name);
}
