import type { Place } from '../../incident/events.ts';
import type { Inbound } from '../port.ts';
import { type FileOptions, type FileStub, fetchFile, filesIn, hidesFiles } from './files.ts';
import type { Origin } from './hear.ts';
import type { Base, SaidActivity } from './payloads.ts';
import type { Memory } from './refs.ts';
import type { Asker, Sender } from './sender.ts';

export interface IntakeDeps extends Memory {
  readonly sender: Sender;
  readonly files: FileOptions;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly placeOf: (activity: Base) => Place;
  readonly askerOf: (origin: Origin) => Asker;
  readonly baseOf: (
    origin: Origin,
    id: string,
  ) => Omit<Extract<Inbound, { kind: 'action' }>, 'kind' | 'command' | 'args'>;
  readonly take: (origin: Origin, inbound: Inbound) => Promise<void>;
}

export interface Bearing {
  /** Of the message they came with. */
  readonly name: string;
  /** Without words: then the first of them is what the message is named for. */
  readonly alone: boolean;
  readonly replyTo: string | undefined;
  /** Given in a personal chat that is no room. */
  readonly forwarded: boolean;
}

/**
 * The files and pictures of a message. Only in personal chats are files within a bot's reach: one that is sent there
 * goes to the room in which its sender spoke last, and they are told so.
 */
export function createIntake(deps: IntakeDeps) {
  async function shared(
    origin: Origin,
    file: FileStub,
    as: { readonly id: string; readonly messageId: string },
    { replyTo, forwarded }: Bearing,
  ): Promise<void> {
    const here = deps.placeOf(origin.activity);
    const place = forwarded ? await lastRoom(origin) : here;
    const elsewhere = place.conversation !== here.conversation;
    const fetched = await fetchFile(file, origin.activity.serviceUrl, deps.files);
    if (!fetched.ok) {
      const headline = fetched.why[origin.speaker.language];
      return deps.sender.tell(deps.askerOf(origin), { headline, blocks: [], tone: 'warn', card: null });
    }
    const { name, bytes } = fetched;
    await deps.take(origin, {
      ...deps.baseOf(origin, as.id),
      place,
      kind: 'file',
      messageId: as.messageId,
      name,
      bytes,
      ...(elsewhere ? { through: here } : { replyTo }),
    });
    if (elsewhere) await deps.sender.tell(deps.askerOf(origin), forwardedTo(name, origin));
  }

  async function lastRoom({ activity }: Origin): Promise<Place> {
    const here = deps.placeOf(activity);
    const last = await deps.recall(`last:${activity.from.id}`);
    const moved = last ? await deps.recall(`moved:${last}`) : null;
    for (const conversation of [last, moved]) {
      const place = conversation ? { ...here, conversation } : here;
      if (await deps.isRoom(place)) return place;
    }
    return here;
  }

  const keyOf = (name: string): string => `files:${name}`;
  const partOf = (name: string, part: number): string => (part === 0 ? name : `${name}#${part}`);

  return {
    async take(origin: Origin, said: SaidActivity, bearing: Bearing): Promise<void> {
      const { name } = bearing;
      const files = filesIn(said.attachments);
      const first = bearing.alone ? 0 : 1;
      if (files.length > 0) await deps.remember(keyOf(name), String(first + files.length));
      for (const [index, file] of files.entries())
        await shared(
          origin,
          file,
          { id: `${name}:file${index}`, messageId: partOf(name, first + index) },
          bearing,
        );
      if (said.conversation.conversationType !== 'personal' && hidesFiles(said.attachments))
        await deps.sender.tell(deps.askerOf(origin), noFiles(origin));
    },
    /** All that goes by the message: its words, and what came with them. */
    async named(name: string): Promise<readonly string[]> {
      const count = Number((await deps.recall(keyOf(name))) || 1);
      return Array.from({ length: count }, (_, part) => partOf(name, part));
    },
  };
}

function forwardedTo(name: string, { speaker }: Origin) {
  const headline = {
    zh: `${name} 已交给您最近发言的事件房间，那里的人都能看到`,
    en: `${name} went to the incident room you last spoke in; everybody there can see it`,
  }[speaker.language];
  return { headline, blocks: [], tone: 'plain', card: null } as const;
}

function noFiles({ speaker }: Origin) {
  const headline = {
    zh: 'Teams 不让机器人读取频道和群聊里的文件：请粘贴内容、在与我的私聊里发送，或在网页房间上传',
    en: 'Teams lets no bot read files of channels and group chats: paste the text, send it to me in our personal chat, or upload it in the web room',
  }[speaker.language];
  return { headline, blocks: [], tone: 'warn', card: null } as const;
}
