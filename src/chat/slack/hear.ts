import type { Place } from '../../incident/events.ts';
import { nameOf } from '../name.ts';
import { createChanges } from './changes.ts';
import { type FileOptions, fetchFile } from './files.ts';
import { type Intake, type IntakeDeps, instant, type Origin } from './intake.ts';
import { answeredBy, namesOf, originOf } from './names.ts';
import { type EventBody, eventBody, type Said, type SharedFile, said } from './payloads.ts';
import type { Speaker } from './people.ts';
import { shareIn } from './share.ts';
import { addressed } from './text.ts';
import type { Threads } from './threads.ts';

export interface HearDeps extends IntakeDeps {
  readonly files: FileOptions;
  readonly threads: Threads;
  /** Whether an incident lives in the place; elsewhere only words addressed to the bot are heard. */
  readonly isRoom: (place: Place) => Promise<boolean>;
  /** A message of a room was heard as it was said. */
  readonly live: (channel: string, ts: string) => Promise<void>;
  /** The bot came into a channel. */
  readonly joined: (channel: string) => void;
}

/** Nobody sees that their words stand in the record this much later. */
const BURST_MS = 5;
const KEPT_FILES = 2000;
/** Messages people write; joins, topics and the like are not talk. */
const TALK = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** What is said in Slack, changed, dropped and pinned → `Inbound`. */
export function createHear(deps: HearDeps, intake: Intake) {
  const { once, lane, placeOf, askerOf, decode, base, take } = intake;
  const { edited, deleted, pinned } = createChanges(deps, intake);

  /** Files that came with a message; Slack tells of each a second time, without it. */
  const carried = new Set<string>();

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
    const names = namesOf(channel, message);
    const id = nameOf(channel, message.ts);
    const answers = answeredBy(channel, message);
    deps.threads.note(channel, message.ts, message.thread_ts ?? null);
    for (const { id: file } of message.files ?? []) carry(`${channel}:${file}`);
    if (!past) await deps.live(channel, message.ts);
    const text = await decode(line ?? message.text);
    const run = async (): Promise<void> => {
      // A channel message and its mention are two events about one message.
      if (text.trim() !== '')
        await once(`said:${id}`, () =>
          take(
            { ...base(origin, speaker, id), kind: 'text', messageId: id, text, past, ...answers },
            askerOf(origin, speaker),
          ),
        );
      for (const [at, file] of (message.files ?? []).entries())
        await shared(file, names.files[at] ?? id, origin, speaker, answers);
    };
    return { inTurn: line !== null || direct || past, run };
  }

  function carry(file: string): void {
    carried.add(file);
    const [oldest] = carried;
    if (carried.size > KEPT_FILES && oldest !== undefined) carried.delete(oldest);
  }

  async function shared(
    file: SharedFile,
    messageId: string,
    origin: Origin,
    speaker: Speaker,
    answers: { readonly replyTo?: string } = {},
  ): Promise<void> {
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
        { ...base(origin, speaker, id), kind: 'file', messageId, name, bytes, ...answers },
        askerOf(origin, speaker),
      );
    });
  }

  /** Tells of a file and not of the message it came with, which comes as well; should that be lost, it is asked for. */
  async function fileShared(event: Extract<EventBody['event'], { type: 'file_shared' }>): Promise<void> {
    const { channel_id: channel, file_id: file, user_id: user } = event;
    const { message, alone } = await new Promise<{ message: Said | null; alone: boolean }>(
      (resolve, reject) => {
        const turn = lane(channel, async () => {
          const mine = user === deps.identity().bot || carried.has(`${channel}:${file}`);
          if (mine || !(await isRoom(channel))) return resolve({ message: null, alone: false });
          const found = await messageWith(file, channel).catch(() => null);
          resolve({ message: found, alone: found === null });
        });
        turn.catch(reject);
      },
    );
    if (message) return talk(message, channel);
    if (!alone) return;
    const speaker = await deps.people.speaker(user);
    if (speaker.bot) return;
    const at = instant(event.event_ts);
    const origin = { channel, user, thread: null, trigger: null, incident: null, at };
    await lane(channel, () => shared({ id: file }, `${channel}:${file}`, origin, speaker));
  }

  async function messageWith(file: string, channel: string): Promise<Said | null> {
    const info = await deps.client.files.info({ file });
    const ts = shareIn(info.file, channel);
    if (ts === null) return null;
    const found = await deps.client.conversations.replies({
      channel,
      ts,
      oldest: ts,
      latest: ts,
      inclusive: true,
      limit: 1,
    });
    const read = said.safeParse(found.messages?.find((one) => one.ts === ts));
    return read.success ? read.data : null;
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
          return fileShared(event);
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
