import type { Message } from '../chat/message.ts';
import type { Attachment, Capabilities, Failed, Limits, Posting, Receipt } from '../chat/port.ts';
import { relayRow } from '../effects/relaying.ts';
import { placeKey } from '../effects/row.ts';
import type { Place } from '../incident/events.ts';
import { isSamePlace } from '../incident/place.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { type Side, streamsOfPlace } from '../incident/visibility.ts';
import type { OutboxResult, OutboxRow, Store, TalkEntry, TalkFile } from '../store/port.ts';
import { type Next, nextStep, readable } from './next.ts';
import { type Cursor, createStandings, type Ref, type Shown, type Standing, type Step } from './standing.ts';
import { type BridgeVoice, correction, digest, type Line, saidMessage } from './words.ts';

export interface BridgeDeps {
  readonly store: Pick<Store, 'load' | 'talk' | 'about' | 'file' | 'getNote' | 'putNote' | 'enqueue'>;
  readonly now: () => number;
  readonly zone: string;
  readonly sideOf: (org: string) => Side | null;
  readonly orgName: (org: string) => string;
  /** Null when it is not configured any more. */
  readonly platform: (name: string) => {
    readonly capabilities: Capabilities;
    readonly limits: Limits;
  } | null;
  readonly post: (place: Place, message: Message, posting: Posting) => Promise<Receipt>;
  readonly attach: (place: Place, file: Attachment, posting: Posting) => Promise<Receipt>;
  /** The messages that matter to the course of the incident, oldest first. */
  readonly highlights: (incident: Incident, language: Language) => Promise<readonly string[]>;
  readonly settle: (failed: Failed, row: OutboxRow) => OutboxResult;
}

export interface Relaying {
  readonly incident: string;
  readonly place: Place;
  readonly late: boolean;
}

/** As often as this a message is refused for good before the place goes on without it. */
const MOST_REFUSED = 3;
const MOST_HIGHLIGHTS = 12;
/** Of a minute's quota so many may wait and are still said one by one, and no more than so many at all. */
const ALONE = 1 / 12;
const MOST_ALONE = 5;
/** What the platform's own marks, names and times take of a message. */
const ROOM = 0.75;

/** Where one step goes, and what may be read there. */
interface Target {
  readonly incident: Incident;
  readonly place: Place;
  readonly here: string;
  readonly streams: readonly string[];
  readonly late: boolean;
  readonly capabilities: Capabilities;
  readonly limits: Limits;
}

type Sending = NonNullable<Standing['sending']>;

/**
 * Tells a place what was said elsewhere: one message, one file or one change a time, in the order of the talk. The
 * talk is the source and the place catches up by a cursor, so that an outage loses nothing.
 */
export function createRelay(deps: BridgeDeps) {
  const { store } = deps;
  const standings = createStandings(store);

  return async function relay(row: OutboxRow, relaying: Relaying): Promise<OutboxResult> {
    const target = await targetOf(relaying);
    if (target === null) return { outcome: 'sent' };
    const { incident, place } = target;
    const standing = (await standings.of(incident.id, place)) ?? { cursor: {}, sending: null };
    // What was begun is ended as it was begun, unless it may not be read there any more.
    const begun = standing.sending && mayRead(standing.sending.step, target) ? standing.sending : null;
    const sending = begun ?? (await begin(standing.cursor, target));
    if (sending === null) return { outcome: 'sent' };
    const done = begun !== null && (await arrived(sending.step, target));
    const receipt = done
      ? null
      : await send(sending, target, { duplicate: begun !== null && row.possibleDuplicate });
    if (receipt !== null && !receipt.ok) return refused(receipt, row, standing.cursor, sending, target);
    await goOn(standing.cursor, sending, target);
    return { outcome: 'sent' };
  };

  async function targetOf({ incident: id, place: named, late }: Relaying): Promise<Target | null> {
    const incident = (await store.load(id))?.incident;
    const place = incident?.places.find((one) => isSamePlace(one, named));
    const platform = place && deps.platform(place.platform);
    if (!incident || !place || !platform) return null;
    // Its own room was archived when it was closed.
    if (place.own && incident.status === 'closed') return null;
    if (incident.organisations.some((one) => one.org === place.org && one.removedAt !== null)) return null;
    const streams = streamsOfPlace(place, deps.sideOf(place.org));
    return { incident, place, here: placeKey(place), streams, late, ...platform };
  }

  async function next(cursor: Cursor, target: Target): Promise<Next> {
    const { incident, place, here, streams, late, limits } = target;
    const entries = await store.talk(incident.id, streams, cursor);
    const shownAt = await positions(entries, target);
    const alone = Math.min(MOST_ALONE, Math.floor(limits.perMinute * ALONE));
    const room = Math.floor(limits.textLength * ROOM);
    const found = nextStep(entries, cursor, { here, late, alone, room, shownAt });
    if (found.step === null && entries.length > 0)
      await standings.put(incident.id, place, { cursor: found.after, sending: null });
    return found;
  }

  /** Which words of a message stand in the place, of those that were changed since. */
  async function positions(
    entries: readonly TalkEntry[],
    { incident, place }: Target,
  ): Promise<(message: string) => number | null> {
    const changed = new Set(entries.flatMap((one) => (one.kind === 'said' ? [] : [one.message])));
    const known = new Map<string, number>();
    for (const message of changed) {
      const shown = await standings.shown(incident.id, place, message);
      const ref = shown?.of.find((one) => one.message === message);
      if (ref) known.set(message, ref.position);
    }
    return (message) => known.get(message) ?? null;
  }

  async function begin(cursor: Cursor, target: Target): Promise<Sending | null> {
    const { step, after } = await next(cursor, target);
    if (step === null) return null;
    const sending = { step, after, refused: 0 };
    await standings.put(target.incident.id, target.place, { cursor, sending });
    return sending;
  }

  /** The crash came after it had been noted. */
  async function arrived(step: Step, { incident, place }: Target): Promise<boolean> {
    const ref = step.do === 'say' ? step.of[0] : step.do === 'change' ? step.of : undefined;
    if (ref === undefined) return false;
    const shown = await standings.shown(incident.id, place, ref.message);
    return shown?.of.some((one) => one.message === ref.message && one.position >= ref.position) ?? false;
  }

  async function send(
    { step, after }: Sending,
    target: Target,
    look: { readonly duplicate: boolean },
  ): Promise<Receipt> {
    const { incident } = target;
    const key = keyOf(step, after, target);
    const voice: BridgeVoice = {
      language: target.place.language,
      zone: deps.zone,
      now: deps.now(),
      code: incident.code,
      orgName: deps.orgName,
      room: Math.floor(target.limits.textLength * ROOM),
    };
    switch (step.do) {
      case 'say':
        return say(step.of, key, target, voice, look.duplicate);
      case 'change':
        return change(step.of, key, target, voice, look.duplicate);
      case 'file':
        return file(step.of, key, target);
      case 'digest': {
        const cursor = (await standings.of(incident.id, target.place))?.cursor ?? {};
        const entries = (await store.talk(incident.id, target.streams, cursor)).filter(
          (one) => one.position <= (after[one.stream] ?? 0),
        );
        return deps.post(target.place, await summary(entries, target, voice, look), { key });
      }
      default: {
        const unknown: never = step;
        throw new Error(`unknown step ${JSON.stringify(unknown)}`);
      }
    }
  }

  async function say(
    of: readonly Ref[],
    key: string,
    target: Target,
    voice: BridgeVoice,
    duplicate: boolean,
  ): Promise<Receipt> {
    const { incident, place, capabilities } = target;
    const [lead] = of;
    if (!lead) throw new Error('a message of nobody');
    const replyTo = of.length === 1 ? await nameHere(await answered(lead, target), target) : null;
    const lines = await Promise.all(of.map((one) => lineOf(one, target, replyTo !== null)));
    const card = capabilities.updatesMessages ? `said:${lead.message}` : null;
    const message = saidMessage(lines, voice, { card, duplicate });
    const receipt = await deps.post(place, message, { key, ...(replyTo === null ? {} : { replyTo }) });
    if (receipt.ok) {
      // The last of several is what somebody who answers has read last.
      const meant = of.at(-1) ?? lead;
      const shown = { id: receipt.messageId, card, of: [...of], marked: duplicate };
      await Promise.all([
        standings.putOrigin(incident.id, place, receipt.messageId, meant.message),
        standings.putShown(incident.id, place, shown),
      ]);
    }
    return receipt;
  }

  async function change(
    ref: Ref,
    key: string,
    target: Target,
    voice: BridgeVoice,
    duplicate: boolean,
  ): Promise<Receipt> {
    const { incident, place } = target;
    const shown = await standings.shown(incident.id, place, ref.message);
    const of = shown?.of.map((one) => (one.message === ref.message ? ref : one)) ?? [ref];
    if (shown && shown.card !== null && !shown.marked) {
      const lines = await Promise.all(of.map((one) => lineOf(one, target, false)));
      const message = saidMessage(lines, voice, { card: shown.card, duplicate: false });
      const receipt = await deps.post(place, message, { key });
      if (receipt.ok) await noted({ ...shown, id: receipt.messageId, of }, ref, target);
      return receipt;
    }
    const replyTo = await nameHere(ref.message, target);
    const message = correction(await lineOf(ref, target, replyTo !== null), voice, { duplicate });
    const receipt = await deps.post(place, message, { key, ...(replyTo === null ? {} : { replyTo }) });
    if (receipt.ok) {
      const id = shown?.id ?? receipt.messageId;
      await standings.putOrigin(incident.id, place, receipt.messageId, ref.message);
      await noted({ id, card: shown?.card ?? null, of, marked: shown?.marked ?? true }, ref, target);
    }
    return receipt;
  }

  async function noted(shown: Shown, ref: Ref, { incident, place }: Target): Promise<void> {
    await standings.putShown(incident.id, place, shown);
    if (shown.of.length === 1) await standings.putOrigin(incident.id, place, shown.id, ref.message);
  }

  async function file(ref: Ref, key: string, target: Target): Promise<Receipt> {
    const { incident, place } = target;
    const { file: kept } = await lineOf(ref, target, false);
    const bytes = kept && (await store.file(kept.sha256));
    // Redacted meanwhile: there is nothing to carry.
    if (!kept || !bytes) return { ok: true, messageId: key };
    const { name, type } = kept;
    const receipt = await deps.attach(place, { name, type, bytes: async () => bytes }, { key });
    if (receipt.ok) await standings.putOrigin(incident.id, place, receipt.messageId, ref.message);
    return receipt;
  }

  async function summary(
    entries: readonly TalkEntry[],
    target: Target,
    voice: BridgeVoice,
    look: { readonly duplicate: boolean },
  ): Promise<Message> {
    const { incident, place, here } = target;
    const said = readable(entries, { here, shownAt: () => null }).flatMap((one) =>
      one.kind === 'said' ? [one.newest] : [],
    );
    const lines = await Promise.all(said.map((one) => lineOf(one, target, true)));
    const matters = new Set(await deps.highlights(incident, place.language));
    const telling = lines.filter((_line, at) => matters.has(said[at]?.message ?? ''));
    const chosen = telling.length > 0 ? telling : lines;
    const first = chosen.length > MOST_HIGHLIGHTS ? chosen.slice(0, MOST_HIGHLIGHTS / 4) : [];
    return digest(lines, [...first, ...chosen.slice(first.length - MOST_HIGHLIGHTS)], voice, look);
  }

  /** The words that an entry gave to its message. */
  async function lineOf(
    { message, stream, position }: Ref,
    target: Target,
    threaded: boolean,
  ): Promise<Line> {
    const about = (await store.about(target.incident.id, message)).filter((one) => one.stream === stream);
    const said = about.find((one) => one.kind === 'said') ?? about[0];
    const entry = about.find((one) => one.position === position) ?? said;
    if (!said || !entry) throw new Error(`no words of ${message} at ${stream} ${position}`);
    return {
      author: said.author,
      at: said.occurred,
      stream,
      form: said.form,
      text: entry.kind === 'deleted' ? null : entry.text,
      file: entry.kind === 'deleted' ? null : (said.file ?? null),
      answers: threaded || said.replyTo === undefined ? null : await quoted(said.replyTo, target),
    };
  }

  /** Only of what may be read here; the rest is answered without saying what. */
  async function quoted(message: string, { incident, streams }: Target): Promise<Line['answers']> {
    const about = (await store.about(incident.id, message)).filter(
      (one) => streams.includes(one.stream) && one.form !== 'bot',
    );
    const newest = about.at(-1);
    if (!newest) return null;
    return { author: newest.author.name, text: newest.kind === 'deleted' ? null : newest.text };
  }

  async function answered({ message, stream }: Ref, { incident }: Target): Promise<string | null> {
    const about = await store.about(incident.id, message);
    return about.find((one) => one.kind === 'said' && one.stream === stream)?.replyTo ?? null;
  }

  /**
   * By which name a message is answered in the place: the one it got there, or its own where it was said there;
   * null where an answer has to say itself what it is about.
   */
  async function nameHere(message: string | null, target: Target): Promise<string | null> {
    if (message === null) return null;
    const { incident, place, here, capabilities } = target;
    if (!capabilities.threads) return null;
    const shown = await standings.shown(incident.id, place, message);
    if (shown) return shown.id;
    const said = (await store.about(incident.id, message)).find((one) => one.kind === 'said');
    return said?.place === here ? message : null;
  }

  async function refused(
    failed: Failed,
    row: OutboxRow,
    cursor: Cursor,
    sending: Sending,
    target: Target,
  ): Promise<OutboxResult> {
    if (!failed.permanent) return deps.settle(failed, row);
    const { incident, place } = target;
    const times = sending.refused + 1;
    // A link to the file has been said already.
    if (sending.step.do === 'file' || times >= MOST_REFUSED) await goOn(cursor, sending, target, false);
    else await standings.put(incident.id, place, { cursor, sending: { ...sending, refused: times } });
    return { outcome: 'failed', error: failed.error };
  }

  /** Moves on, and asks for another turn when there is more: one message a turn keeps to the platform's pace. */
  async function goOn(cursor: Cursor, sending: Sending, target: Target, whole = true): Promise<void> {
    const { incident, place, limits } = target;
    const { step, after } = sending;
    const only = step.do === 'say' && step.of.length === 1 ? step.of[0] : undefined;
    const file = whole && only !== undefined ? (await lineOf(only, target, true)).file : null;
    const taken = (one: TalkFile): boolean =>
      one.size <= (limits.fileBytes ?? 0) && (limits.fileTypes?.includes(one.type) ?? true);
    const carries = only !== undefined && file !== null && taken(file);
    if (carries) {
      const then = { step: { do: 'file', of: only } as const, after, refused: 0 };
      await standings.put(incident.id, place, { cursor, sending: then });
    } else {
      await standings.put(incident.id, place, { cursor: after, sending: null });
      if ((await next(after, { ...target, late: false })).step === null) return;
    }
    const rest = `after-${cursorText(after)}${carries ? '-file' : ''}`;
    await store.enqueue(
      [relayRow({ incident: incident.id, place, said: rest, now: deps.now() })],
      deps.now(),
    );
  }
}

function mayRead(step: Step, { streams }: Target): boolean {
  switch (step.do) {
    case 'say':
      return step.of.every((one) => streams.includes(one.stream));
    case 'file':
    case 'change':
      return streams.includes(step.of.stream);
    case 'digest':
      // It is put together anew from what may be read when it goes out.
      return true;
    default: {
      const unknown: never = step;
      throw new Error(`unknown step ${JSON.stringify(unknown)}`);
    }
  }
}

/** The same for each try of the same step. */
function keyOf(step: Step, after: Cursor, { incident, here }: Target): string {
  return `${incident.id}:relay:${step.do}:${cursorText(after)}:${here}`;
}

function cursorText(cursor: Cursor): string {
  return Object.entries(cursor)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([stream, position]) => `${stream}=${position}`)
    .join(',');
}
