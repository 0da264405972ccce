import type { Place } from '../../incident/events.ts';
import type { Inbound } from '../port.ts';
import type { Answers, Asker } from './answer.ts';
import { type FileStub, fetchFile } from './files.ts';
import type { Origin } from './hear.ts';
import type { Wire } from './wire.ts';

export interface SharingDeps {
  readonly wire: Wire;
  readonly answers: Answers;
  readonly maxFileBytes: number;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly recall: (key: string) => Promise<string | null>;
  readonly placeOf: (tenant: string, chat: string) => Place;
  readonly askerOf: (origin: Origin) => Asker;
  readonly baseOf: (
    origin: Origin,
    id: string,
  ) => Omit<Extract<Inbound, { kind: 'file' }>, 'kind' | 'messageId' | 'replyTo' | 'name' | 'bytes'>;
  readonly take: (origin: Origin, inbound: Inbound) => Promise<void>;
}

/** A file sent to the bot alone goes to the group in which its sender spoke last, and they are told so. */
export function createSharing(deps: SharingDeps) {
  /** The group they spoke in last, or the one that was made for what they reported there. */
  async function lastRoom({ tenant, chat, speaker }: Origin): Promise<Place> {
    const last = await deps.recall(`last:${speaker.user}`);
    const made = last === null ? null : await deps.recall(`made-from:${last}`);
    for (const conversation of [last, made]) {
      const place = deps.placeOf(tenant, conversation ?? chat);
      if (conversation !== null && (await deps.isRoom(place))) return place;
    }
    return deps.placeOf(tenant, chat);
  }

  return async (
    origin: Origin,
    file: FileStub,
    messageId: string,
    forwarded: boolean,
    answers: { readonly replyTo?: string },
  ): Promise<void> => {
    const { language } = origin.speaker;
    const tell = (headline: string, tone: 'plain' | 'warn'): Promise<void> =>
      deps.answers.tell(deps.askerOf(origin), { headline, blocks: [], tone, card: null });
    const place = forwarded ? await lastRoom(origin) : deps.placeOf(origin.tenant, origin.chat);
    const fetched = await fetchFile(file, deps.wire, deps.maxFileBytes);
    if (!fetched.ok) return tell(fetched.why[language], 'warn');
    const { name, bytes } = fetched;
    const id = `${file.message}:${file.key}`;
    const dropped = { ...deps.baseOf(origin, id), place, kind: 'file', name, bytes } as const;
    if (place.conversation === origin.chat) return deps.take(origin, { ...dropped, messageId, ...answers });
    // In the group there is no such message: nothing may answer it there.
    await deps.take(origin, { ...dropped, messageId: `direct:${messageId}` });
    await tell(FORWARDED[language](name), 'plain');
  };
}

const FORWARDED = {
  zh: (name: string) => `${name} 已交给您最近发言的事件群，那里的人都能看到`,
  en: (name: string) => `${name} went to the incident group you last spoke in; everybody there can see it`,
};
