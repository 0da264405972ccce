import type { Place } from '../../incident/events.ts';
import type { Inbound } from '../port.ts';
import type { Asker } from './answers.ts';
import { type FileOptions, fetchFile } from './files.ts';
import type { Origin } from './hear.ts';
import type { Said } from './payloads.ts';
import type { Sender } from './sender.ts';

export interface IntakeDeps {
  readonly sender: Sender;
  readonly files: FileOptions;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly recall: (key: string) => Promise<string | null>;
  readonly later: (what: string, task: Promise<void>) => void;
  readonly placeOf: (conversation: string) => Place;
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
  /** Given in a single chat that is no room. */
  readonly forwarded: boolean;
}

/**
 * The files and pictures of a message. A file cannot be sent to a robot among others: one that comes in the single chat
 * goes to the room in which its sender spoke last, and they are told so.
 */
export function createIntake(deps: IntakeDeps) {
  async function shared(
    origin: Origin,
    file: { readonly name: string | null; readonly code: string },
    as: { readonly id: string; readonly messageId: string },
    { replyTo, forwarded }: Bearing,
  ): Promise<void> {
    const here = deps.placeOf(origin.conversation);
    const last = forwarded ? await deps.recall(`last:${origin.speaker.user ?? ''}`) : null;
    const place = last !== null && (await deps.isRoom(deps.placeOf(last))) ? deps.placeOf(last) : here;
    const elsewhere = place.conversation !== here.conversation;
    const fetched = await fetchFile(file.name, file.code, deps.files);
    if (!fetched.ok) {
      const headline = fetched.why[origin.speaker.language];
      deps.later(
        'an answer',
        deps.sender.tell(deps.askerOf(origin), { headline, blocks: [], tone: 'warn', card: null }),
      );
      return;
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
    if (elsewhere)
      deps.later(
        'an answer',
        deps.sender.tell(deps.askerOf(origin), forwardedTo(name, origin.speaker.language)),
      );
  }

  return async (origin: Origin, said: Said, bearing: Bearing): Promise<void> => {
    for (const [index, file] of filesOf(said).entries()) {
      const part = index + (bearing.alone ? 0 : 1);
      const messageId = part === 0 ? bearing.name : `${bearing.name}#${part}`;
      await shared(origin, file, { id: `${bearing.name}:${index}`, messageId }, bearing);
    }
  };
}

function filesOf(said: Said): readonly { readonly name: string | null; readonly code: string }[] {
  if (said.msgtype === 'file') return [{ name: said.content.fileName, code: said.content.downloadCode }];
  if (said.msgtype === 'picture') return [{ name: null, code: said.content.downloadCode }];
  if (said.msgtype !== 'richText') return [];
  return said.content.richText.flatMap(({ downloadCode }) =>
    downloadCode ? [{ name: null, code: downloadCode }] : [],
  );
}

function forwardedTo(name: string, language: 'zh' | 'en') {
  const headline = {
    zh: `${name} 已交给您最近发言的事件房间，那里的人都能看到`,
    en: `${name} went to the incident room you last spoke in; everybody there can see it`,
  }[language];
  return { headline, blocks: [], tone: 'plain', card: null } as const;
}
