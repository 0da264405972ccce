import type { webApi } from '@slack/bolt';
import type { Actor, Place } from '../../incident/events.ts';
import { createLanes, createOnce } from '../once.ts';
import type { Inbound, Reply } from '../port.ts';
import { type FileOptions, fetchFile } from './files.ts';
import { filledIn } from './modal.ts';
import {
  actionsBody,
  commandBody,
  type EventBody,
  eventBody,
  globalShortcutBody,
  type MessageEvent,
  type Said,
  type SharedFile,
  shortcutBody,
  submissionBody,
} from './payloads.ts';
import type { People, Speaker } from './people.ts';
import { readPress } from './press.ts';
import type { Asker, Memory, Sender } from './sender.ts';
import { addressed, decodeText, mentionedUsers } from './text.ts';

export interface HearDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly people: People;
  readonly sender: Sender;
  readonly files: FileOptions;
  readonly language: 'zh' | 'en';
  readonly org: string;
  readonly now: () => number;
  readonly identity: () => { readonly team: string; readonly bot: string };
  /** Whether an incident lives in the place; elsewhere only words addressed to the bot are heard. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  /** A message of a room was heard as it was said. */
  readonly live: (channel: string, ts: string) => Promise<void>;
  /** The bot came into a channel. */
  readonly joined: (channel: string) => void;
  readonly receive: (inbound: Inbound) => Promise<Reply>;
  /** Work that nobody waits for but the end of the platform. */
  readonly later: (work: Promise<void>) => void;
}

/** The reaction that puts a message on the timeline: 📌. */
const PIN = 'pushpin';
const KEPT_DELIVERIES = 10_000;
/** Messages people write; joins, topics and the like are not talk. */
const TALK = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

interface Origin {
  readonly channel: string;
  readonly user: string;
  readonly thread: string | null;
  readonly trigger: string | null;
  readonly incident: string | null;
  readonly at: number;
}

/** Slack's deliveries → `Inbound`, each acted on once, and the reply back to its asker. */
export function createHear(deps: HearDeps) {
  const once = createOnce(KEPT_DELIVERIES);
  const lane = createLanes();

  /**
   * Commands and presses of a channel in their order, apart from its talk: behind the fetching of a large file
   * they would outlive the three seconds in which a form may be opened.
   */
  const inTurn = (id: string, channel: string, work: () => Promise<void>): Promise<void> =>
    once(id, () => lane(`act:${channel}`, work));

  const placeOf = (channel: string): Place => ({
    platform: 'slack',
    workspace: deps.identity().team,
    conversation: channel,
    language: deps.language,
    org: deps.org,
  });
  const askerOf = (origin: Origin, speaker: Speaker): Asker => ({ ...origin, language: speaker.language });
  const decode = async (raw: string): Promise<string> =>
    decodeText(raw, await deps.people.names(mentionedUsers(raw)));
  const base = (origin: Origin, speaker: Speaker, id: string) => ({
    id,
    place: placeOf(origin.channel),
    incident: origin.incident,
    author: speaker.actor,
    at: origin.at,
    language: speaker.language,
  });

  /** The next command does not wait for the answer to this one; the answers to one person keep their order. */
  async function take(inbound: Inbound, asker: Asker): Promise<void> {
    const reply = await deps.receive(inbound);
    if (!reply.form && !reply.toAsker) return;
    deps.later(
      lane(`answer:${asker.user}`, async () => {
        if (reply.form) await deps.sender.open(asker, reply.form);
        if (reply.toAsker) await deps.sender.tell(asker, reply.toAsker);
        if (reply.attachments) await deps.sender.attach(asker, reply.attachments);
      }),
    );
  }

  async function act(
    origin: Origin,
    id: string,
    command: string,
    args: Readonly<Record<string, string>>,
  ): Promise<void> {
    const speaker = await deps.people.speaker(origin.user);
    if (speaker.bot) return;
    await take({ ...base(origin, speaker, id), kind: 'action', command, args }, askerOf(origin, speaker));
  }

  /** Talk of a channel that was taken in its order and is still being put down. */
  const pending = new Map<string, Set<Promise<void>>>();

  /**
   * Words are taken in the order in which they came and put down side by side: a whole burst of talk is one
   * write. Commands wait for each other, and what changes words waits for the words.
   */
  async function talk(message: Said, channel: string, past = false): Promise<void> {
    let rest: Promise<void> = Promise.resolve();
    await lane(channel, async () => {
      const found = await prepare(message, channel, past);
      if (!found) return;
      rest = found.run();
      if (found.inTurn) return rest;
      const here = pending.get(channel) ?? new Set();
      pending.set(channel, here);
      const settled = rest.then(
        () => put(),
        () => put(),
      );
      const put = (): void => {
        here.delete(settled);
        if (here.size === 0) pending.delete(channel);
      };
      here.add(settled);
    });
    await rest;
  }

  const afterTalk = (channel: string, work: () => Promise<void>): Promise<void> =>
    lane(channel, async () => {
      await Promise.all(pending.get(channel) ?? []);
      await work();
    });

  /** `past`: read from the history after it was missed. */
  async function prepare(
    message: Said,
    channel: string,
    past: boolean,
  ): Promise<{ readonly inTurn: boolean; readonly run: () => Promise<void> } | null> {
    const { user } = message;
    if (user === undefined || message.bot_id || !TALK.has(message.subtype) || user === deps.identity().bot)
      return null;
    const line = addressed(message.text, deps.identity().bot);
    const direct = channel.startsWith('D');
    if (line === null && !direct && !(await deps.isRoom(placeOf(channel)))) return null;
    const speaker = await deps.people.speaker(user, message.user_team);
    if (speaker.bot) return null;
    const origin = originOf(message, channel, user);
    const id = `${channel}:${message.ts}`;
    if (!past) await deps.live(channel, message.ts);
    const text = await decode(line ?? message.text);
    const run = async (): Promise<void> => {
      // A channel message and its mention are two events about one message.
      if (text.trim() !== '')
        await once(`said:${id}`, () =>
          take(
            { ...base(origin, speaker, id), kind: 'text', messageId: id, text, private: false, past },
            askerOf(origin, speaker),
          ),
        );
      for (const file of message.files ?? []) await shared(file, origin, speaker);
    };
    return { inTurn: line !== null || direct || past, run };
  }

  async function shared(file: SharedFile, origin: Origin, speaker: Speaker): Promise<void> {
    const id = `${origin.channel}:${file.id}`;
    await once(`file:${id}`, async () => {
      const fetched = await fetchFile(file, deps.files);
      if (!fetched.ok) {
        const headline = fetched.why[speaker.language];
        await deps.sender.tell(askerOf(origin, speaker), { headline, blocks: [], tone: 'warn', card: null });
        return;
      }
      const { name, bytes } = fetched;
      await take(
        { ...base(origin, speaker, id), kind: 'file', messageId: id, name, bytes },
        askerOf(origin, speaker),
      );
    });
  }

  async function edited(event: MessageEvent, eventId: string): Promise<void> {
    const { message, previous_message: before, channel } = event;
    if (!message) return;
    // A deleted message that has answers in its thread is told of as an edit into a tombstone.
    if (message.subtype === 'tombstone') return deleted(event, eventId, message.ts);
    // Slack also tells of link previews and pins as edits; nobody changed a word then.
    if (message.bot_id || message.user === undefined || message.text === before?.text) return;
    if (!(await deps.isRoom(placeOf(channel)))) return;
    const speaker = await deps.people.speaker(message.user);
    if (speaker.bot) return;
    const text = await decode(message.text);
    const origin = { ...originOf(message, channel, message.user), at: instant(event.ts) };
    await once(`event:${eventId}`, async () => {
      await deps.receive({
        ...base(origin, speaker, eventId),
        kind: 'edited',
        messageId: `${channel}:${message.ts}`,
        text,
      });
    });
  }

  async function deleted(event: MessageEvent, eventId: string, ts: string): Promise<void> {
    const { previous_message: before, channel } = event;
    if (!before?.user || before.bot_id || !(await deps.isRoom(placeOf(channel)))) return;
    const speaker = await deps.people.speaker(before.user);
    const origin = { ...originOf(before, channel, before.user), at: instant(event.ts) };
    const gone = [ts, ...(before.files ?? []).map((file) => file.id)];
    // A message that comes after its own deletion stays unsaid.
    await once(`said:${channel}:${ts}`, async () => {});
    for (const file of before.files ?? []) await once(`file:${channel}:${file.id}`, async () => {});
    await once(`event:${eventId}`, async () => {
      for (const one of gone)
        await deps.receive({
          ...base(origin, speaker, `${eventId}:${one}`),
          kind: 'deleted',
          messageId: `${channel}:${one}`,
        });
    });
  }

  async function pinned(
    event: Extract<EventBody['event'], { type: 'reaction_added' }>,
    id: string,
  ): Promise<void> {
    const { channel, ts } = event.item;
    if (event.reaction !== PIN || !channel || !ts || !(await deps.isRoom(placeOf(channel)))) return;
    const found = await deps.client.conversations.replies({
      channel,
      ts,
      oldest: ts,
      latest: ts,
      inclusive: true,
      limit: 1,
    });
    const message = found.messages?.find((one) => one.ts === ts);
    if (!message?.text) return;
    const author = message.user ? (await deps.people.speaker(message.user)).actor : null;
    const origin: Origin = {
      channel,
      user: event.user,
      thread: null,
      trigger: null,
      incident: null,
      at: instant(event.event_ts),
    };
    await once(`event:${id}`, async () =>
      act(origin, id, 'pin', await pinArgs(channel, ts, message.text ?? '', author)),
    );
  }

  /** Where no conversation is named, the answer goes into the direct messages with the bot. */
  async function fromAnywhere(body: {
    readonly user: { readonly id: string };
    readonly trigger_id: string;
    readonly callback_id: string;
  }): Promise<void> {
    const { user, trigger_id: trigger, callback_id: command } = body;
    await once(`trigger:${trigger}`, async () => {
      const opened = await deps.client.conversations.open({ users: user.id });
      const channel = opened.channel?.id;
      if (channel === undefined) return;
      const at = deps.now();
      const origin: Origin = { channel, user: user.id, thread: null, trigger, incident: null, at };
      await act(origin, trigger, command, {});
    });
  }

  async function pinArgs(
    channel: string,
    ts: string,
    raw: string,
    author: Actor | null,
  ): Promise<Record<string, string>> {
    return {
      message: `${channel}:${ts}`,
      text: await decode(raw),
      ...(author ? { author: author.name } : {}),
      saidAt: String(instant(ts)),
    };
  }

  return {
    async event(body: unknown): Promise<void> {
      const read = eventBody.safeParse(body);
      if (!read.success) return;
      const { event, event_id: id } = read.data;
      switch (event.type) {
        case 'app_mention':
          return talk(event, event.channel);
        case 'message':
          if (event.subtype === 'message_changed') return afterTalk(event.channel, () => edited(event, id));
          if (event.subtype === 'message_deleted')
            return afterTalk(event.channel, () =>
              deleted(event, id, event.deleted_ts ?? event.previous_message?.ts ?? event.ts),
            );
          return talk(event, event.channel);
        case 'file_shared':
          return lane(event.channel_id, async () => {
            if (!(await deps.isRoom(placeOf(event.channel_id)))) return;
            const speaker = await deps.people.speaker(event.user_id);
            if (speaker.bot || event.user_id === deps.identity().bot) return;
            const origin = {
              channel: event.channel_id,
              user: event.user_id,
              thread: null,
              trigger: null,
              incident: null,
              at: instant(event.event_ts),
            };
            await shared({ id: event.file_id }, origin, speaker);
          });
        case 'reaction_added':
          return pinned(event, id);
        case 'member_joined_channel':
          if (event.user === deps.identity().bot) deps.joined(event.channel);
          return;
        default: {
          const unknown: never = event;
          throw new Error(`unknown event ${JSON.stringify(unknown)}`);
        }
      }
    },

    /** A message of a room that nobody heard when it was said. */
    missed: (message: Said, channel: string): Promise<void> => talk(message, channel, true),

    async command(body: unknown): Promise<void> {
      const read = commandBody.safeParse(body);
      if (!read.success) return;
      const { channel_id: channel, user_id: user, trigger_id: id } = read.data;
      const origin: Origin = { channel, user, thread: null, trigger: id, incident: null, at: deps.now() };
      await inTurn(`trigger:${id}`, channel, async () => {
        const speaker = await deps.people.speaker(user);
        const text = `/incident ${await decode(read.data.text)}`;
        await take(
          { ...base(origin, speaker, id), kind: 'text', messageId: id, text, private: false },
          askerOf(origin, speaker),
        );
      });
    },

    async press(body: unknown): Promise<void> {
      const read = actionsBody.safeParse(body);
      if (!read.success) return;
      const { actions, user, trigger_id: trigger, channel, container } = read.data;
      const conversation = channel?.id ?? container?.channel_id;
      const value = actions[0]?.value;
      if (conversation === undefined || value === undefined) return;
      await inTurn(`trigger:${trigger}`, conversation, async () => {
        const press = await readPress(value, deps.recall);
        const speaker = await deps.people.speaker(user.id);
        const origin: Origin = {
          channel: conversation,
          user: user.id,
          thread: container?.thread_ts ?? null,
          trigger,
          incident: press?.incident ?? null,
          at: deps.now(),
        };
        if (!press) return deps.sender.tell(askerOf(origin, speaker), stale(speaker.language));
        if (press.form) return deps.sender.open(askerOf(origin, speaker), press.form);
        await act(origin, trigger, press.command, press.args);
      });
    },

    async submit(body: unknown): Promise<void> {
      const read = submissionBody.safeParse(body);
      if (!read.success) return;
      const { view, user, trigger_id: trigger } = read.data;
      const press = await readPress(view.private_metadata, deps.recall);
      if (press?.channel == null) return;
      const origin: Origin = {
        channel: press.channel,
        user: user.id,
        thread: press.thread,
        trigger,
        incident: press.incident,
        at: deps.now(),
      };
      // One view is submitted once, whatever the delivery is called.
      await inTurn(`view:${view.id}`, press.channel, () =>
        act(origin, `view:${view.id}`, press.command, { ...press.args, ...filledIn(view.state) }),
      );
    },

    /** "Diagnose this message" and "add to the timeline"; the callback id is the command. */
    async shortcut(body: unknown): Promise<void> {
      const anywhere = globalShortcutBody.safeParse(body);
      if (anywhere.success) return fromAnywhere(anywhere.data);
      const read = shortcutBody.safeParse(body);
      if (!read.success) return;
      const { channel, message, user, trigger_id: trigger, callback_id: command } = read.data;
      const origin: Origin = {
        channel: channel.id,
        user: user.id,
        thread: message.thread_ts ?? null,
        trigger,
        incident: null,
        at: deps.now(),
      };
      await inTurn(`trigger:${trigger}`, channel.id, async () => {
        const author = message.user ? (await deps.people.speaker(message.user)).actor : null;
        await act(origin, trigger, command, await pinArgs(channel.id, message.ts, message.text, author));
      });
    },
  };
}

function originOf(message: Said, channel: string, user: string): Origin {
  return {
    channel,
    user,
    thread: message.thread_ts ?? null,
    trigger: null,
    incident: null,
    at: instant(message.ts),
  };
}

/** `1700000000.000100` seconds → milliseconds. */
function instant(ts: string): number {
  return Math.round(Number(ts) * 1000);
}

function stale(language: 'zh' | 'en') {
  const headline = {
    zh: '这个按钮已失效：请用最新的卡片，或输入命令',
    en: 'This button is out of date: use the newest card, or type the command',
  }[language];
  return { headline, blocks: [], tone: 'warn', card: null } as const;
}
