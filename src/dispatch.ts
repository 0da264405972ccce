import { createHash } from 'node:crypto';
import type {
  Call,
  ChatCommand,
  Documents,
  Intake,
  OnCall,
  Outcome,
  RosterProblems,
} from '../commands/command.ts';
import { commandNamed } from '../commands/index.ts';
import { readLine } from '../commands/line.ts';
import { readLesson } from '../commands/reading/lesson.ts';
import { understand } from '../commands/understand.ts';
import {
  help,
  logFactsAdded,
  missedCommand,
  NOTHING,
  noRoom,
  noSuchCode,
  reasonForm,
  roomComes,
  shiftNoteKept,
  similarMessage,
  swapAnswer,
  tell,
  timelineMessage,
  unknownCommand,
} from './answers.ts';
import type { Attachment, Inbound, Reply } from './chat/port.ts';
import type { Examined } from './examine.ts';
import type { Handle, Handled } from './handle.ts';
import type { Command, CommandBody, Refusal } from './incident/commands.ts';
import type { Directory } from './incident/directory.ts';
import type { Actor, AdvisedStep, Place } from './incident/events.ts';
import type { Lesson, PastIncident } from './incident/learning.ts';
import type { Language, Plan } from './incident/plan.ts';
import { tooEarly } from './incident/rules/learning.ts';
import type { Incident } from './incident/state.ts';
import type { Taught } from './learning/teach.ts';
import type { Swapped } from './live-roster.ts';
import { logFactsOf } from './log-facts.ts';
import { maskBody } from './masking.ts';
import { collectedLessons, lessonKept, lessonText, reviewMessage } from './reviewing.ts';
import type { NewTalk, Store } from './store/port.ts';
import type { TimelineLine } from './view/timeline.ts';
import { refusalMessage } from './words/refusal.ts';
import { dayOf } from './words/time.ts';

export interface DispatchDeps {
  readonly store: Store;
  readonly handle: Handle;
  readonly now: () => number;
  readonly newId: () => string;
  readonly plan: (version: string | null) => Promise<Plan>;
  readonly directory: (system: string | null) => Directory;
  /** The registered system a text is about. */
  readonly system: (text: string) => {
    readonly id: string | null;
    readonly name: string | null;
    readonly remoteOnly: boolean;
    readonly specialTime: boolean;
  };
  readonly step: (name: string) => AdvisedStep | null;
  /** What a room of the incident's own is to be called; null where the platform makes none. */
  readonly roomName: (platform: string, code: string, system: string | null) => string | null;
  readonly onCall: (at: number) => readonly OnCall[];
  readonly gapsAhead: (at: number) => RosterProblems;
  readonly swap: (me: string, other: string, mine: number, theirs: number) => Promise<Swapped>;
  /** Answers with when the next change of turn is, null when none is in sight. */
  readonly leaveShiftNote: (person: string, text: string) => Promise<number | null>;
  /** Reads a pasted log or a dropped file; large ones in a thread of their own. */
  readonly examine: (incident: Incident) => Promise<{
    text(text: string, progress: Progress): Promise<Examined>;
    file(log: { readonly name: string; readonly bytes: Uint8Array }, progress: Progress): Promise<Examined>;
  }>;
  /** Past incidents like a log: those that everybody in the room may see, or those that `reader` may see. */
  readonly similar: (
    words: readonly string[],
    incident: Incident,
    reader?: Actor,
  ) => Promise<readonly PastIncident[]>;
  /** The words by which the incident's last log is found again; none where it has no log. */
  readonly wordsOf: (incident: Incident) => Promise<readonly string[]>;
  readonly teach: (lesson: Lesson, incident: Incident, author: string, language: Language) => Promise<Taught>;
  /** Tells the room how far a large log has been read; updated in place. */
  readonly reading: (incident: Incident, inbound: Inbound, log: LogBeingRead) => void;
  readonly looksLikeLog: (text: string) => boolean;
  /** The compiled timeline, as people edited it. */
  readonly timeline: (incident: Incident, language: Language) => Promise<readonly TimelineLine[]>;
  /** The report draft as files; they hold what everybody may read. */
  readonly documents: (incident: Incident, wanted: Documents) => readonly Attachment[];
  readonly mask: (text: string) => string;
  readonly knowledgeVersion: () => Promise<string>;
  /** Somebody read a direct message that may have been a page. */
  readonly seen: (platform: string, messageId: string) => Promise<unknown>;
  /** Called after talk was stored, so that open pages hear of it. */
  readonly said: (incident: string) => void;
}

type Progress = (done: number, total: number) => void;

export interface LogBeingRead {
  readonly message: string;
  readonly name: string | null;
  readonly done: number;
  readonly total: number;
}

/** The way of a message: what was typed or pressed becomes a command, talk, or an offered command. */
export function createDispatch(deps: DispatchDeps) {
  return async function receive(inbound: Inbound): Promise<Reply> {
    const incident =
      inbound.incident === null
        ? await ofPlace(inbound.place)
        : ((await deps.store.load(inbound.incident))?.incident ?? null);
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
        return fileDropped(inbound, incident);
      case 'edited':
        return change(inbound, incident, inbound.text);
      case 'deleted':
        return change(inbound, incident, '');
      case 'seen':
        await deps.seen(inbound.place.platform, inbound.messageId);
        return NOTHING;
      default: {
        const unknown: never = inbound;
        throw new Error(`unknown inbound ${JSON.stringify(unknown)}`);
      }
    }
  };

  async function hear(
    inbound: Extract<Inbound, { kind: 'text' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    const line = readLine(inbound.text);
    if (line && inbound.past) return missed(inbound, incident);
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
    const log = !inbound.private && deps.looksLikeLog(inbound.text);
    await talk(inbound, incident, {
      kind: 'said',
      message: inbound.messageId,
      text: inbound.text,
      form: log ? 'log' : 'text',
    });
    if (log)
      return diagnosed(
        await read(inbound.text, inbound, incident, inbound.messageId),
        { name: null, sha256: sha256Of(inbound.text), message: inbound.messageId },
        inbound,
        incident,
      );
    if (inbound.past) return NOTHING;
    const offered = understand(inbound.text, incident, inbound.language);
    if (!offered) return NOTHING;
    const headline = { zh: '听起来是：', en: 'That sounds like: ' }[inbound.language] + offered.label;
    return tell({ headline, blocks: [{ block: 'buttons', buttons: [offered] }], tone: 'plain', card: null });
  }

  /** A command that was not heard when it was given: the time for it may be over, so its author decides anew. */
  async function missed(
    inbound: Extract<Inbound, { kind: 'text' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    if (!incident || !(await deps.store.claimInbound(inboundKey(inbound), deps.now()))) return NOTHING;
    const { messageId: message, text } = inbound;
    await talk(inbound, incident, { kind: 'said', message, text, form: 'text' });
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
    const streams = ['joint', `org:${inbound.author.org}`];
    const about = (await deps.store.talk(incident.id, streams)).filter(
      (one) => one.message === inbound.messageId,
    );
    const said = about.find((one) => one.kind === 'said');
    const newest = about.at(-1);
    const entry = {
      kind: inbound.kind,
      message: inbound.messageId,
      text,
      form: said?.form ?? 'text',
    } as const;
    if (!said) {
      // A typed command is no talk, so that its change is none either.
      if (inbound.kind === 'edited' && readLine(text) === null)
        await talk(inbound, incident, { ...entry, kind: 'said' });
      return NOTHING;
    }
    if (said.author.id !== inbound.author.id || newest === undefined) return NOTHING;
    if (newest.kind === 'deleted' || newest.occurred > inbound.at) return NOTHING;
    if (newest.kind === inbound.kind && newest.text === deps.mask(text)) return NOTHING;
    await talk(inbound, incident, entry, said.stream);
    return NOTHING;
  }

  async function fileDropped(
    inbound: Extract<Inbound, { kind: 'file' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    if (!incident) return tell(noRoom(inbound.language));
    const log = { name: inbound.name, message: inbound.messageId, sha256: sha256Of(inbound.bytes) };
    const size = `${Math.ceil(inbound.bytes.byteLength / 1024)} KiB · sha256 ${log.sha256.slice(0, 12)}`;
    const examined = await (await deps.examine(incident)).file(
      { name: inbound.name, bytes: inbound.bytes },
      told(inbound, incident, log),
    );
    await talk(inbound, incident, {
      kind: 'said',
      message: inbound.messageId,
      text: `📎 ${inbound.name} (${size})${examined.ok ? `\n${examined.found.excerpt}` : ''}`,
      form: examined.ok ? 'log' : 'text',
    });
    return diagnosed(examined, log, inbound, incident);
  }

  function told(
    inbound: Inbound,
    incident: Incident,
    log: { readonly message: string; readonly name: string | null },
  ): Progress {
    return (done, total) =>
      deps.reading(incident, inbound, { message: log.message, name: log.name, done, total });
  }

  async function read(
    text: string,
    inbound: Inbound,
    incident: Incident,
    message: string,
  ): Promise<Examined> {
    const examine = await deps.examine(incident);
    return examine.text(text, told(inbound, incident, { message, name: null }));
  }

  async function run(
    command: ChatCommand,
    text: string,
    args: Readonly<Record<string, string>>,
    inbound: Inbound,
    incident: Incident | null,
  ): Promise<Reply> {
    if (command.needsIncident && !incident) return tell(noRoom(inbound.language));
    if (command.name === 'help') return tell(help(inbound.language));
    const call: Call = {
      text,
      args,
      author: inbound.author,
      incident,
      now: deps.now(),
      language: inbound.language,
      plan: await deps.plan(incident?.pinned.planVersion ?? null),
      directory: deps.directory(incident?.system.id ?? null),
      step: deps.step,
      onCall: deps.onCall,
      gapsAhead: deps.gapsAhead,
    };
    return carry(command, call, command.run(call), inbound, incident);
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
        return open(outcome.intake, outcome, call, inbound);
      case 'diagnose':
        if (!incident) return tell(noRoom(inbound.language));
        return asked(outcome.text, inbound, incident);
      case 'log-facts':
        if (!incident) return tell(noRoom(inbound.language));
        return addLogFacts(outcome.excerpt, outcome.zone, inbound, incident, command, call);
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
            await deps.timeline(incident, inbound.language),
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
        await talk(inbound, incident, entry, `org:${inbound.author.org}`);
        return tell(lessonKept(inbound.language));
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
        return merge(outcome.into, outcome.reason, inbound, incident, command, call);
      case 'link':
        return link(outcome.to, inbound, incident, command, call);
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
    const known = body.type === 'edit-timeline' ? await withEntries(body, incident, call.language) : body;
    if ('unknown' in known) {
      return refused(
        { code: 'no-such-entry', params: { entry: known.unknown }, possible: [] },
        call,
        command.name,
      );
    }
    return answer(
      await deps.handle(incident.id, commandOf(known, when, inbound), inboundKey(inbound)),
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
    const early = tooEarly(incident);
    if (early) return refused(early, call, command.name);
    const taught = await deps.teach(lesson, incident, inbound.author.name, inbound.language);
    switch (taught.kind) {
      case 'ask':
        return { ...NOTHING, form: taught.form };
      case 'show':
        return tell(taught.message);
      case 'do':
        return act(taught.command, NOW, command, call, inbound, incident);
      default: {
        const unknown: never = taught;
        throw new Error(`unknown answer ${JSON.stringify(unknown)}`);
      }
    }
  }

  async function open(
    intake: Intake,
    when: { readonly at: number | null; readonly backdateReason: string | null },
    call: Call,
    inbound: Inbound,
  ): Promise<Reply> {
    const now = deps.now();
    const day = dayOf(now, call.plan.zone).replaceAll('-', '');
    const number = await deps.store.nextNumber(day);
    const found = deps.system(`${intake.system ?? ''} ${intake.title}`);
    const id = deps.newId();
    const web: Place = {
      platform: 'web',
      workspace: 'local',
      conversation: id,
      language: inbound.language,
      org: inbound.author.org,
    };
    const code = `INC-${day}-${String(number).padStart(2, '0')}`;
    const from = inbound.place;
    const name = from.platform === 'web' ? null : deps.roomName(from.platform, code, found.id);
    const place = from.platform === 'web' || name !== null ? web : from;
    const body: CommandBody = {
      type: 'report',
      code,
      kind: intake.kind,
      title: deps.mask(intake.title),
      system: { id: found.id, name: intake.system ?? found.name },
      intake: {
        channel: intake.channel,
        caller: intake.caller,
        number: intake.number,
        organisation: intake.organisation,
        since: intake.since,
      },
      systemDown: intake.systemDown,
      specialTime: found.specialTime,
      remoteOnly: intake.remoteOnly || found.remoteOnly,
      exceptional: intake.exceptional,
      place,
      room: name === null ? undefined : { from, name },
      knowledge: await deps.knowledgeVersion(),
    };
    const handled = await deps.handle(id, commandOf(body, when, inbound), inboundKey(inbound));
    if (!handled.ok) return refused(handled.refusal, call, 'open');
    if (place !== web) await deps.handle(id, commandOf({ type: 'open-room', place: web }, NOW, inbound));
    if (handled.duplicate) return NOTHING;
    return { ...(name === null ? NOTHING : tell(roomComes(code, inbound.language))), incident: id };
  }

  async function asked(text: string, inbound: Inbound, incident: Incident): Promise<Reply> {
    const log = { name: null, message: deps.newId(), sha256: sha256Of(text) };
    const examined = await read(text, inbound, incident, log.message);
    const shown = examined.ok ? examined.found.excerpt : text.slice(0, UNREAD_SHOWN);
    await talk(inbound, incident, { kind: 'said', message: log.message, text: shown, form: 'log' });
    return diagnosed(examined, log, inbound, incident);
  }

  async function diagnosed(
    examined: Examined,
    log: { readonly name: string | null; readonly message: string; readonly sha256: string },
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    if (!examined.ok)
      return tell({ headline: examined.why[inbound.language], blocks: [], tone: 'warn', card: null });
    const { found } = examined;
    const body: CommandBody = {
      type: 'paste-log',
      excerpt: log.message,
      lines: found.lines,
      name: log.name,
      sha256: log.sha256,
      masked: found.masked,
      findings: found.findings,
      signature: found.signature,
      chart: found.chart,
      telling: found.telling,
      capture: found.capture,
      similar: await deps.similar(found.words, incident),
      words: found.words,
    };
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound), sources: [log.message] },
      `${inboundKey(inbound)}:log`,
    );
    return handled.ok
      ? NOTHING
      : tell(refusalMessage(handled.refusal, inbound.language, (await deps.plan(null)).zone));
  }

  async function addLogFacts(
    excerpt: string,
    zone: string | null,
    inbound: Inbound,
    incident: Incident,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const log = incident.diagnoses.find((one) => one.excerpt === excerpt);
    const pasted = (await deps.store.events(incident.id)).findLast(
      ({ body }) => body.type === 'LogPasted' && body.excerpt === excerpt,
    );
    const name = pasted?.body.type === 'LogPasted' ? pasted.body.name : null;
    const facts = logFactsOf(log?.findings ?? [], name, zone);
    const body: CommandBody = { type: 'add-log-facts', excerpt, zone, facts };
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound), sources: [excerpt] },
      inboundKey(inbound),
    );
    return handled.ok ? tell(logFactsAdded(facts, call.language)) : answer(handled, command, call);
  }

  /** Both rooms say so: the one that ends, and the one that goes on. */
  async function merge(
    into: string,
    reason: string,
    inbound: Inbound,
    incident: Incident | null,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const target = await byCode(into);
    if (!incident || !target || target.id === incident.id) return tell(noSuchCode(into, inbound.language));
    const closed = await deps.handle(
      incident.id,
      commandOf({ type: 'close', as: 'merged', into: target.code, reason }, NOW, inbound),
      inboundKey(inbound),
    );
    if (closed.ok)
      await deps.handle(
        target.id,
        commandOf({ type: 'link', to: incident.code, relation: 'merged-from' }, NOW, inbound),
      );
    return answer(closed, command, call);
  }

  async function link(
    to: string,
    inbound: Inbound,
    incident: Incident | null,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const target = await byCode(to);
    if (!incident || !target || target.id === incident.id) return tell(noSuchCode(to, inbound.language));
    const linked = await deps.handle(
      incident.id,
      commandOf({ type: 'link', to: target.code, relation: 'related' }, NOW, inbound),
      inboundKey(inbound),
    );
    if (linked.ok)
      await deps.handle(
        target.id,
        commandOf({ type: 'link', to: incident.code, relation: 'related' }, NOW, inbound),
      );
    return answer(linked, command, call);
  }

  /** A chat channel is the room of the newest incident that lives in it and is not closed; the web names its incident itself. */
  async function ofPlace(place: Place): Promise<Incident | null> {
    if (place.platform === 'web') return null;
    return deps.store.openIncidentAt(place);
  }

  async function byCode(code: string): Promise<Incident | null> {
    const wanted = code.trim().toUpperCase();
    return (await deps.store.incidents()).find((one) => one.code === wanted) ?? null;
  }

  function commandOf(
    body: CommandBody,
    when: { readonly at: number | null; readonly backdateReason: string | null },
    inbound: Inbound,
  ): Command {
    const source = inbound.kind === 'text' || inbound.kind === 'file' ? [inbound.messageId] : [];
    return {
      by: inbound.author,
      at: when.at,
      backdateReason: when.backdateReason,
      sources: source,
      body: maskBody(body, deps.mask),
    };
  }

  async function talk(
    inbound: Inbound,
    incident: Incident,
    entry: Pick<NewTalk, 'kind' | 'message' | 'text' | 'form'>,
    stream = inbound.kind === 'text' && inbound.private ? `org:${inbound.author.org}` : 'joint',
  ): Promise<void> {
    await deps.store.say([
      {
        incident: incident.id,
        stream,
        author: inbound.author,
        occurred: inbound.at,
        recorded: deps.now(),
        platform: inbound.place.platform,
        ...entry,
        text: deps.mask(entry.text),
      },
    ]);
    deps.said(incident.id);
  }

  /** People name a message of the timeline by its short name; null when there is none of a name. */
  async function withEntries(
    body: Extract<CommandBody, { type: 'edit-timeline' }>,
    incident: Incident,
    language: Language,
  ): Promise<CommandBody | { readonly unknown: string }> {
    const lines = await deps.timeline(incident, language);
    const named = (entry: string): string | undefined =>
      lines.find((line) => line.entry === entry || line.number.toLowerCase() === entry.toLowerCase())?.entry;
    const { edit } = body;
    const entry = named(body.entry);
    if (entry === undefined) return { unknown: body.entry };
    if (edit.do !== 'move' || edit.before === null) return { ...body, entry };
    const before = named(edit.before);
    return before === undefined ? { unknown: edit.before } : { ...body, entry, edit: { do: 'move', before } };
  }

  function answer(handled: Handled, command: ChatCommand, call: Call): Reply {
    if (handled.ok) return NOTHING;
    return refused(handled.refusal, call, command.name);
  }

  /** A refusal that only lacks a reason asks for it, with everything else kept. */
  function refused(refusal: Refusal, call: Call, command: string): Reply {
    const message = refusalMessage(refusal, call.language, call.plan.zone);
    const asks = ['backdate-reason-missing', 'reason-missing', 'unqualified'].includes(refusal.code);
    return asks ? { ...NOTHING, form: reasonForm(command, call, message) } : tell(message);
  }
}

const NOW = { at: null, backdateReason: null } as const;
/** What the room shows of a paste that could not be read. */
const UNREAD_SHOWN = 2000;

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function inboundKey(inbound: Inbound): string {
  return `${inbound.place.platform}:${inbound.id}`;
}
