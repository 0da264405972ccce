import type { Place } from '../../incident/events.ts';
import { type FileOptions, fetchFile } from './files.ts';
import { type Intake, type IntakeDeps, instant, type Origin } from './intake.ts';
import { type EventBody, eventBody, type MessageEvent, type Said, type SharedFile } from './payloads.ts';
import type { Speaker } from './people.ts';
import { addressed } from './text.ts';

export interface HearDeps extends IntakeDeps {
  readonly files: FileOptions;
  /** Whether an incident lives in the place; elsewhere only words addressed to the bot are heard. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  /** A message of a room was heard as it was said. */
  readonly live: (channel: string, ts: string) => Promise<void>;
  /** The bot came into a channel. */
  readonly joined: (channel: string) => void;
}

/** The reaction that puts a message on the timeline: 📌. */
const PIN = 'pushpin';
/** Nobody sees that their words stand in the record this much later. */
const BURST_MS = 5;
/** Messages people write; joins, topics and the like are not talk. */
const TALK = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** What is said in Slack, changed, dropped and pinned → `Inbound`. */
export function createHear(deps: HearDeps, intake: Intake) {
  const { once, lane, placeOf, askerOf, decode, base, take, act, pinArgs } = intake;

  /** Talk of a channel that was taken in its order and is still being put down. */
  const pending = new Map<string, Set<Promise<void>>>();

  /** A write is durable, and costs as much for one message as for thirty: what comes in a burst shares one. */
  let burst: Promise<void> | null = null;
  const roomsOfBurst = new Map<string, Promise<boolean>>();
  const together = (): Promise<void> => {
    burst ??= new Promise((resolve) => {
      setTimeout(() => {
        burst = null;
        roomsOfBurst.clear();
        resolve();
      }, BURST_MS);
    });
    return burst;
  };

  /** Asked once for all that comes together. */
  const isRoom = (channel: string): Promise<boolean> => {
    const known = roomsOfBurst.get(channel);
    if (known !== undefined) return known;
    const asked = deps.isRoom(placeOf(channel));
    if (burst !== null) roomsOfBurst.set(channel, asked);
    return asked;
  };

  /**
   * Words are taken in the order in which they came and put down side by side: a whole burst of talk is one
   * write. Commands wait for each other, and what changes words waits for the words.
   */
  async function talk(message: Said, channel: string, past = false): Promise<void> {
    let rest: Promise<void> = Promise.resolve();
    await lane(channel, async () => {
      const found = await prepare(message, channel, past);
      if (!found) return;
      if (found.inTurn) {
        rest = found.run();
        return rest;
      }
      rest = together().then(found.run);
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
    if (line === null && !direct && !(await isRoom(channel))) return null;
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
            { ...base(origin, speaker, id), kind: 'text', messageId: id, text, past },
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

  return {
    async event(body: unknown): Promise<void> {
      const read = eventBody.safeParse(body);
      if (!read.success) return deps.refused(body);
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
