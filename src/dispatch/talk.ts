import { readLine } from '../../commands/line.ts';
import { readNote } from '../chat/note.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import { relayRows } from '../effects/relaying.ts';
import { placeKey } from '../effects/row.ts';
import type { Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import { type Side, type Stream, streamFor, streamNamed } from '../incident/visibility.ts';
import type { NewTalk } from '../store/port.ts';
import { missedCommand, NOTHING, tell } from './answers.ts';
import { inboundKey } from './command.ts';
import type { DispatchDeps } from './deps.ts';

/** What people say to each other: put down where it was said, changed by its author, never carried out. */
export function createTalk(deps: Pick<DispatchDeps, 'store' | 'now' | 'mask' | 'said' | 'directory'>) {
  async function put(
    inbound: Inbound,
    incident: Incident,
    entry: Pick<NewTalk, 'kind' | 'message' | 'text' | 'form' | 'file'>,
    stream: Stream = 'joint',
  ): Promise<void> {
    const place = inbound.place.platform === 'web' ? undefined : placeKey(spokenIn(inbound));
    const now = deps.now();
    const key = `${inboundKey(inbound)}:${entry.kind}:${stream}:${entry.message}`;
    const side = (org: string): Side | null => sideOf(deps, incident, org);
    const said: NewTalk = {
      incident: incident.id,
      stream,
      author: inbound.author,
      occurred: inbound.at,
      recorded: now,
      platform: inbound.place.platform,
      ...(place === undefined ? {} : { place }),
      ...('replyTo' in inbound && inbound.replyTo !== undefined ? { replyTo: inbound.replyTo } : {}),
      ...entry,
      text: deps.mask(entry.text),
    };
    // As the incident stands now: reading a long log takes minutes, in which a place may have come.
    const present = (await deps.store.load(incident.id))?.incident ?? incident;
    await deps.store.say([said], relayRows(present, { stream, place, key, now }, side));
    deps.said(incident.id);
  }

  /** A command that was not heard when it was given: the time for it may be over, so its author decides anew. */
  async function missed(
    inbound: Extract<Inbound, { kind: 'text' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    if (!incident || !(await deps.store.claimInbound(inboundKey(inbound), deps.now()))) return NOTHING;
    const { messageId: message, text } = inbound;
    await put(inbound, incident, { kind: 'said', message, text, form: 'text' });
    return tell(missedCommand(text, inbound.language));
  }

  /**
   * One's own words only, and they stay where they were said: a private note never becomes public by an edit.
   * Deliveries overtake each other: what is older than the newest change is dropped, and a change that comes
   * before its message stands for it.
   */
  async function change(
    inbound: Extract<Inbound, { kind: 'edited' | 'deleted' }>,
    incident: Incident | null,
    text: string,
  ): Promise<Reply> {
    if (!incident) return NOTHING;
    const about = await deps.store.about(incident.id, inbound.messageId);
    const said = about.find((one) => one.kind === 'said');
    const newest = about.at(-1);
    const entry = {
      kind: inbound.kind,
      message: inbound.messageId,
      // The sign of a note is no part of what it says.
      text: said && said.stream !== 'joint' ? readNote(text).text : text,
      form: said?.form ?? 'text',
    } as const;
    if (!said) {
      // A typed command is no talk, so that its change is none either.
      if (inbound.kind === 'edited' && readLine(text) === null) {
        const note = readNote(text);
        const side = sideOf(deps, incident, inbound.author.org);
        const stream = streamFor(note.audience, inbound.author, side);
        await put(inbound, incident, { ...entry, kind: 'said', text: note.text }, stream);
      }
      return NOTHING;
    }
    if (said.author.id !== inbound.author.id || newest === undefined) return NOTHING;
    if (newest.kind === 'deleted' || newest.occurred > inbound.at) return NOTHING;
    if (newest.kind === inbound.kind && newest.text === deps.mask(entry.text)) return NOTHING;
    await put(inbound, incident, entry, streamNamed(said.stream));
    return NOTHING;
  }

  /** What was said to some may not be put where all read it, under whatever name it comes. */
  async function isPrivate(incident: Incident, message: string, text: string): Promise<boolean> {
    if (readNote(text).audience !== 'joint') return true;
    if (message === '') return false;
    const about = await deps.store.about(incident.id, message);
    return about.length > 0 && !about.some((one) => one.stream === 'joint');
  }

  return { put, missed, change, isPrivate };
}

/** What came by another way has not been seen where it goes to. */
function spokenIn(inbound: Inbound): Place {
  return (inbound.kind === 'file' ? inbound.through : undefined) ?? inbound.place;
}

/** Where a file belongs: with all in the room, or with those it was chosen for. */
export function streamOfFile(
  deps: Pick<DispatchDeps, 'directory'>,
  inbound: Extract<Inbound, { kind: 'file' }>,
  incident: Incident,
): Stream {
  const { author, audience = 'joint' } = inbound;
  return streamFor(audience, author, sideOf(deps, incident, author.org));
}

/** Whose side an author's organisation is on; null for one that nobody registered. */
export function sideOf(deps: Pick<DispatchDeps, 'directory'>, incident: Incident, org: string): Side | null {
  return deps.directory(incident.system.id).organisations[org]?.side ?? null;
}

export type Talk = ReturnType<typeof createTalk>;
