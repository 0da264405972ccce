import type { Call, ChatCommand, Outcome } from '../commands/command.ts';
import { commandNamed } from '../commands/index.ts';
import { readLine } from '../commands/line.ts';
import { readLesson } from '../commands/reading/lesson.ts';
import { understand } from '../commands/understand.ts';
import { createInward } from './bridge/inward.ts';
import { readNote } from './chat/note.ts';
import type { Inbound, Reply } from './chat/port.ts';
import {
  help,
  knowledgeWithdrawn,
  NOTHING,
  noRoom,
  notForGuests,
  shiftNoteKept,
  similarMessage,
  swapAnswer,
  tell,
  timelineMessage,
  unknownCommand,
} from './dispatch/answers.ts';
import { answer, commandOf, inboundKey, NOW, refused } from './dispatch/command.ts';
import type { DispatchDeps } from './dispatch/deps.ts';
import { createFiles } from './dispatch/files.ts';
import { giveGuestLink } from './dispatch/guests.ts';
import { keeping } from './dispatch/keep.ts';
import { invite, linkHere, unlinkPlace } from './dispatch/linking.ts';
import { createLogs } from './dispatch/logs.ts';
import { openIncident } from './dispatch/open.ts';
import { link, merge } from './dispatch/pairs.ts';
import { collectedLessons, lessonKept, lessonText, reviewMessage } from './dispatch/reviewing.ts';
import { createTalk, sideOf } from './dispatch/talk.ts';
import type { CommandBody } from './incident/commands.ts';
import { BOT, type Place } from './incident/events.ts';
import { isGuest } from './incident/guests.ts';
import type { Lesson } from './incident/learning.ts';
import { isSamePlace } from './incident/place.ts';
import type { Language } from './incident/plan.ts';
import { isInside } from './incident/roles.ts';
import { tooEarly } from './incident/rules/learning.ts';
import type { Incident } from './incident/state.ts';
import { streamFor } from './incident/visibility.ts';

/** The way of a message: what was typed or pressed becomes a command, talk, or an offered command. */
export function createDispatch(deps: DispatchDeps) {
  const talk = createTalk(deps);
  const keep = keeping(deps);
  const logs = createLogs({ ...deps, keep }, talk);
  const inward = createInward(deps.store);
  const files = createFiles({ ...deps, keep }, talk, logs);

  return async function receive(delivered: Inbound): Promise<Reply> {
    const incident =
      delivered.incident === null
        ? await ofPlace(delivered.place)
        : ((await deps.store.load(delivered.incident))?.incident ?? null);
    // What is said about a message that was carried here is about the original.
    const inbound = incident ? await inward(incident.id, delivered) : delivered;
    if (incident) await noticeStranger(inbound, incident);
    switch (inbound.kind) {
      case 'action': {
        const command = commandNamed(inbound.command);
        return command
          ? run(command, '', inbound.args, inbound, incident)
          : tell(unknownCommand(inbound.command, inbound.language));
      }
      case 'text':
        return hear(inbound, incident);
      case 'file':
        return incident ? files.dropped(inbound, incident) : tell(noRoom(inbound.language));
      case 'edited':
        return talk.change(inbound, incident, inbound.text);
      case 'deleted':
        return talk.change(inbound, incident, '');
      case 'seen':
        await deps.seen(inbound.place.platform, inbound.messageId);
        return NOTHING;
      default: {
        const unknown: never = inbound;
        throw new Error(`unknown inbound ${JSON.stringify(unknown)}`);
      }
    }
  };

  /** Whoever speaks where only one organisation was thought to be ends that before anything else is said there. */
  async function noticeStranger(inbound: Inbound, incident: Incident): Promise<void> {
    if (inbound.kind === 'seen') return;
    const place = incident.places.find((one) => isSamePlace(one, inbound.place));
    if (place?.audience !== 'org' || inbound.author.org === place.org) return;
    const body = { type: 'share-place', place } as const;
    // The desk's own doing: nobody needs a right to have been there.
    await deps.handle(incident.id, { ...commandOf(body, NOW, inbound, deps.mask), by: BOT });
  }

  async function hear(
    inbound: Extract<Inbound, { kind: 'text' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    const line = readLine(inbound.text);
    if (line && inbound.past) return talk.missed(inbound, incident);
    if (line) {
      const command = commandNamed(line.word);
      if (!command) return tell(unknownCommand(line.word, inbound.language));
      // "协助 网络" and "疑似原因 …" carry meaning in the name itself.
      const named = ['主责', 'lead', '协助', 'assist', '疑似原因', 'suspect', '误报', 'false-alarm'].includes(
        line.word,
      );
      return run(command, named ? `${line.word} ${line.rest}`.trim() : line.rest, {}, inbound, incident);
    }
    if (!incident) return tell(noRoom(inbound.language));
    const note = readNote(inbound.text);
    const audience = inbound.audience ?? note.audience;
    const log = audience === 'joint' && deps.looksLikeLog(inbound.text);
    if (log) return logs.pasted(inbound, incident);
    const text = audience === 'joint' ? inbound.text : note.text;
    const stream = streamFor(audience, inbound.author, sideOf(deps, incident, inbound.author.org));
    const said = { kind: 'said', message: inbound.messageId, text, form: 'text' } as const;
    await talk.put(inbound, incident, said, stream);
    if (inbound.past || audience !== 'joint') return NOTHING;
    const offered = understand(inbound.text, incident, inbound.language);
    if (!offered) return NOTHING;
    const headline = { zh: '听起来是：', en: 'That sounds like: ' }[inbound.language] + offered.label;
    return tell({ headline, blocks: [{ block: 'buttons', buttons: [offered] }], tone: 'plain', card: null });
  }

  async function run(
    command: ChatCommand,
    text: string,
    args: Readonly<Record<string, string>>,
    inbound: Inbound,
    found: Incident | null,
  ): Promise<Reply> {
    const incident = found && (await mayLook(found, inbound)) ? found : null;
    if (command.needsIncident && !incident) return tell(noRoom(inbound.language));
    const plan = await deps.plan(incident?.pinned.planVersion ?? null);
    const directory = deps.directory(incident?.system.id ?? null);
    if (command.name === 'help')
      return tell(help({ person: inbound.author, incident, plan, directory }, inbound.language));
    // A guest has the one incident that they came into, and nothing beside it.
    if (isGuest(inbound.author.id) && !command.needsIncident && command.name !== 'web')
      return tell(notForGuests(inbound.language));
    const call: Call = {
      text,
      args,
      author: inbound.author,
      incident,
      now: deps.now(),
      language: inbound.language,
      plan,
      directory,
      step: deps.step,
      onCall: (at) => deps.onCall(at, inbound.author.org),
      gapsAhead: (at) => deps.gapsAhead(at, inbound.author.org),
    };
    return carry(command, call, command.run(call), inbound, incident);
  }

  /** For whom an incident does not exist, there is none here; that they asked is written down. */
  async function mayLook(incident: Incident, inbound: Inbound): Promise<boolean> {
    if (isInside(inbound.author, incident, deps.directory(incident.system.id))) return true;
    await deps.handle(incident.id, commandOf({ type: 'look' }, NOW, inbound, deps.mask));
    return false;
  }

  async function carry(
    command: ChatCommand,
    call: Call,
    outcome: Outcome,
    inbound: Inbound,
    incident: Incident | null,
  ): Promise<Reply> {
    switch (outcome.kind) {
      case 'show':
        return outcome.documents && incident
          ? { ...tell(outcome.message), attachments: deps.documents(incident, outcome.documents) }
          : tell(outcome.message);
      case 'ask':
        return { ...NOTHING, form: outcome.form };
      case 'open':
        return openIncident(deps, outcome.intake, outcome, call, inbound);
      case 'diagnose':
        if (!incident) return tell(noRoom(inbound.language));
        return logs.asked(outcome.text, inbound, incident);
      case 'share':
        if (!incident) return tell(noRoom(inbound.language));
        return logs.share(outcome.message, outcome.keep, inbound, incident);
      case 'log-facts':
        if (!incident) return tell(noRoom(inbound.language));
        return logs.addLogFacts(outcome.excerpt, outcome.zone, inbound, incident, command, call);
      case 'invite':
        if (!incident) return tell(noRoom(inbound.language));
        return invite(deps, outcome, inbound, incident, command, call);
      case 'link-place':
        return linkHere(deps, outcome.code, inbound, command, call);
      case 'unlink-place':
        if (!incident) return tell(noRoom(inbound.language));
        return unlinkPlace(deps, outcome.place, inbound, incident, command, call);
      case 'do':
        if (!incident) return tell(noRoom(inbound.language));
        return act(outcome.command, outcome, command, call, inbound, incident);
      case 'similar':
        if (!incident) return tell(noRoom(inbound.language));
        return tell(
          similarMessage(
            await deps.similar(await deps.wordsOf(incident), incident, inbound.author),
            inbound.language,
          ),
        );
      case 'learn':
        if (!incident) return tell(noRoom(inbound.language));
        return learn(outcome.ask, command, call, inbound, incident);
      case 'timeline':
        if (!incident) return tell(noRoom(inbound.language));
        return tell(
          timelineMessage(
            incident,
            await deps.timeline(incident, inbound.language, inbound.author.org),
            call.plan.zone,
            inbound.language,
          ),
        );
      case 'swap': {
        const { other, mine, theirs } = outcome;
        const swapped = await deps.swap(inbound.author.id, other, mine, theirs);
        return tell(swapAnswer(swapped, call, other));
      }
      case 'shift-note': {
        const next = await deps.leaveShiftNote(inbound.author.id, deps.mask(outcome.text));
        return tell(shiftNoteKept(next, call.plan.zone, call.now, inbound.language));
      }
      case 'lesson': {
        if (!incident) return tell(noRoom(inbound.language));
        const entry = {
          kind: 'said',
          message: `lesson-${inbound.id}`,
          text: lessonText(outcome.side, outcome.text, inbound.language),
          form: 'lesson',
        } as const;
        await talk.put(inbound, incident, entry, `org:${inbound.author.org}`);
        return tell(lessonKept(inbound.language));
      }
      case 'draft-document': {
        if (!incident) return tell(noRoom(inbound.language));
        const { document } = outcome;
        const organisation = document === 'vendor' ? inbound.author.org : undefined;
        const sha256 = await deps.freeze(incident, document, inbound.language, organisation);
        const body = {
          type: 'draft-document',
          document,
          organisation,
          sha256,
          language: inbound.language,
        } as const;
        return act(body, NOW, command, call, inbound, incident);
      }
      case 'publish-lessons': {
        if (!incident) return tell(noRoom(inbound.language));
        const lessons = await collectedLessons(deps.store, incident.id, inbound.author.org, readLesson);
        return act({ type: 'publish-lessons', lessons }, NOW, command, call, inbound, incident);
      }
      case 'review': {
        if (!incident) return tell(noRoom(inbound.language));
        const own = await collectedLessons(deps.store, incident.id, inbound.author.org, readLesson);
        const names = (id: string): string => call.directory.people[id]?.name ?? id;
        return tell(reviewMessage(incident, own, names, call.plan.zone, inbound.language));
      }
      case 'merge':
        return merge(deps, outcome.into, outcome.reason, inbound, incident, command, call);
      case 'guest-link':
        if (!incident) return tell(noRoom(inbound.language));
        return giveGuestLink(deps, outcome, inbound, incident, command, call);
      case 'link':
        return link(deps, outcome.to, inbound, incident, command, call);
      default: {
        const unknown: never = outcome;
        throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
      }
    }
  }

  async function act(
    body: CommandBody,
    when: { readonly at: number | null; readonly backdateReason: string | null },
    command: ChatCommand,
    call: Call,
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    if (body.type === 'pin' && (await talk.isPrivate(incident, body.message, body.text)))
      return refused({ code: 'private-note', params: {}, possible: [] }, call, command.name);
    const known =
      body.type === 'edit-timeline'
        ? await withEntries(body, incident, call.language, call.author.org)
        : body;
    if ('unknown' in known) {
      return refused(
        { code: 'no-such-entry', params: { entry: known.unknown }, possible: [] },
        call,
        command.name,
      );
    }
    // The record says by which platform somebody answered.
    const routed =
      known.type === 'acknowledge' && known.route === 'room'
        ? { ...known, route: inbound.place.platform }
        : known;
    return answer(
      await deps.handle(incident.id, commandOf(routed, when, inbound, deps.mask), inboundKey(inbound)),
      command,
      call,
    );
  }

  async function learn(
    lesson: Lesson,
    command: ChatCommand,
    call: Call,
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    // What misleads is withdrawn while it does.
    const early = lesson.do === 'withdraw' ? null : tooEarly(incident);
    if (early) return refused(early, call, command.name);
    const taught = await deps.teach(lesson, incident, inbound.author, inbound.language);
    switch (taught.kind) {
      case 'ask':
        return { ...NOTHING, form: taught.form };
      case 'show':
        return tell(taught.message);
      case 'do': {
        const elsewhere = taught.incident && taught.incident.id !== incident.id ? taught.incident : null;
        const reply = await act(taught.command, NOW, command, call, inbound, elsewhere ?? incident);
        return elsewhere && reply === NOTHING && taught.command.type === 'withdraw-knowledge'
          ? tell(knowledgeWithdrawn(taught.command.entry, elsewhere.code, inbound.language))
          : reply;
      }
      default: {
        const unknown: never = taught;
        throw new Error(`unknown answer ${JSON.stringify(unknown)}`);
      }
    }
  }

  /** A chat channel is the room of the newest incident that lives in it and is not closed; the web names its incident itself. */
  async function ofPlace(place: Place): Promise<Incident | null> {
    if (place.platform === 'web') return null;
    return deps.store.openIncidentAt(place);
  }

  /** People name a message of the timeline by its short name; null when there is none of a name. */
  async function withEntries(
    body: Extract<CommandBody, { type: 'edit-timeline' }>,
    incident: Incident,
    language: Language,
    org: string,
  ): Promise<CommandBody | { readonly unknown: string }> {
    const lines = await deps.timeline(incident, language, org);
    const named = (entry: string): string | undefined =>
      lines.find((line) => line.entry === entry || line.number.toLowerCase() === entry.toLowerCase())?.entry;
    const { edit } = body;
    const entry = named(body.entry);
    if (entry === undefined) return { unknown: body.entry };
    if (edit.do !== 'move' || edit.before === null) return { ...body, entry };
    const before = named(edit.before);
    return before === undefined ? { unknown: edit.before } : { ...body, entry, edit: { do: 'move', before } };
  }
}
