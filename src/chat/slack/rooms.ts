import type { webApi } from '@slack/bolt';
import type { Place } from '../../incident/events.ts';
import { clip } from '../cut.ts';
import type { Done, Member, Opened, RoomSpec, Rooms } from '../port.ts';
import { failure, slackCode } from './failure.ts';
import type { Memory } from './sender.ts';

/** docs.slack.dev/reference/methods/conversations.create, …invite, …setTopic, …list. */
export const ROOM_LIMITS = { name: 80, topic: 250, invited: 100, page: 1000, numbers: 50 } as const;

export interface RoomDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly isPrivate: boolean;
  readonly bot: () => string;
}

/** What an invitation that changes nothing is answered with. */
const THERE_ALREADY = new Set(['already_in_channel', 'cant_invite_self', 'already_archived']);
/** Of several people some cannot be invited (gone, of another workspace): that keeps nobody else out. */
const CANNOT_COME = new Set(['user_not_found', 'cant_invite', 'user_is_restricted', 'ura_max_channels']);

/** A channel for each incident. */
export function createRooms(deps: RoomDeps): Rooms {
  const { client } = deps;

  async function open(spec: RoomSpec): Promise<Opened> {
    let method = 'conversations.create';
    try {
      const known = await deps.recall(`room:${spec.key}`);
      if (known !== null) {
        const [id = '', name = ''] = known.split(' ', 2);
        return { ok: true, place: { ...spec.from, conversation: id }, name };
      }
      const wished = channelName(spec.name) || channelName(spec.code) || 'incident';
      for (let number = 1; number <= ROOM_LIMITS.numbers; number += 1) {
        const name = number === 1 ? wished : `${wished.slice(0, ROOM_LIMITS.name - 3)}-${number}`;
        // Written down first: a crash after the making leaves a name that says whose it is.
        const claim = `room-name:${name}`;
        const owner = await deps.recall(claim);
        if (owner !== null && owner !== spec.key) continue;
        if (owner === null) await deps.remember(claim, spec.key);
        method = 'conversations.create';
        let id = await create(name);
        if (id === null && owner === spec.key) {
          method = 'conversations.list';
          id = await find(name);
        }
        if (id === null) continue;
        await deps.remember(`room:${spec.key}`, `${id} ${name}`);
        return { ok: true, place: { ...spec.from, conversation: id }, name };
      }
      return {
        ok: false,
        permanent: true,
        retryAfterMs: null,
        error: `频道名 ${wished} 已被占用：换一个 chat.roomName / the channel name is taken: change chat.roomName`,
      };
    } catch (error) {
      return failure(error, method);
    }
  }

  /** Null when the name is taken, by whomever. */
  async function create(name: string): Promise<string | null> {
    try {
      const { channel } = await client.conversations.create({ name, is_private: deps.isPrivate });
      return channel?.id ?? null;
    } catch (error) {
      if (slackCode(error) === 'name_taken') return null;
      throw error;
    }
  }

  /** The bot's own channel of that name, from an attempt whose answer was lost. */
  async function find(name: string): Promise<string | null> {
    let cursor: string | undefined;
    do {
      const page = await client.conversations.list({
        types: deps.isPrivate ? 'private_channel' : 'public_channel',
        exclude_archived: true,
        limit: ROOM_LIMITS.page,
        ...(cursor ? { cursor } : {}),
      });
      const found = page.channels?.find((one) => one.name === name && one.creator === deps.bot());
      if (found?.id) return found.id;
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    return null;
  }

  async function calmly(method: string, work: () => Promise<unknown>): Promise<Done> {
    try {
      await work();
      return { ok: true };
    } catch (error) {
      return THERE_ALREADY.has(slackCode(error) ?? '') ? { ok: true } : failure(error, method);
    }
  }

  async function invite(place: Place, people: readonly Member[]): Promise<Done> {
    const users = [...new Set(people.map((one) => one.address))].slice(0, ROOM_LIMITS.invited);
    const all = await calmly('conversations.invite', () =>
      client.conversations.invite({ channel: place.conversation, users: users.join(','), force: true }),
    );
    if (all.ok || !all.permanent || users.length === 1) return all;
    // One who cannot come, or is there already, must not keep the others out.
    for (const user of users) {
      const one = await calmly('conversations.invite', () =>
        client.conversations.invite({ channel: place.conversation, users: user }),
      );
      if (!one.ok && ![...CANNOT_COME].some((code) => one.error.includes(`(${code})`))) return one;
    }
    return { ok: true };
  }

  return {
    open,
    invite,
    topic: (place, text) =>
      calmly('conversations.setTopic', () =>
        client.conversations.setTopic({ channel: place.conversation, topic: clip(text, ROOM_LIMITS.topic) }),
      ),
    archive: (place) =>
      calmly('conversations.archive', () => client.conversations.archive({ channel: place.conversation })),
  };
}

/** …/conversations.create, "Naming": lower-case letters, digits, hyphens and underscores. */
export function channelName(wished: string): string {
  return wished
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, ROOM_LIMITS.name);
}
