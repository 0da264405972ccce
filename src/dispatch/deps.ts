import type { Documents, OnCall, RosterProblems } from '../../commands/command.ts';
import type { Message } from '../chat/message.ts';
import type { Attachment, Inbound, Posting, Receipt } from '../chat/port.ts';
import type { Handle } from '../handle.ts';
import type { Directory } from '../incident/directory.ts';
import type { Actor, AdvisedStep, DocumentKind, Place } from '../incident/events.ts';
import type { Lesson, PastIncident } from '../incident/learning.ts';
import type { LogChart } from '../incident/log-facts.ts';
import type { Language, Plan } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import type { Taught } from '../learning/teach.ts';
import type { Swapped } from '../shifts/live-roster.ts';
import type { Store } from '../store/port.ts';
import type { TimelineLine } from '../view/timeline.ts';
import type { Crossing } from './crossing.ts';
import type { Examined } from './examine.ts';

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
  /** As an organisation sees it. */
  readonly onCall: (at: number, org: string) => readonly OnCall[];
  readonly gapsAhead: (at: number, org: string) => RosterProblems;
  /** Whether another incident is the author's business. */
  readonly mayRead: (incident: Incident, author: Actor) => boolean;
  /** How people reach the web room from outside; null where nobody said. */
  readonly webAddress: string | null;
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
  readonly teach: (lesson: Lesson, incident: Incident, author: Actor, language: Language) => Promise<Taught>;
  /** Tells the room how far a large log has been read; updated in place. */
  readonly reading: (incident: Incident, inbound: Inbound, log: LogBeingRead) => void;
  readonly looksLikeLog: (text: string) => boolean;
  /** The compiled timeline, as people edited it, for a reader of an organisation. */
  readonly timeline: (
    incident: Incident,
    language: Language,
    org: string,
  ) => Promise<readonly TimelineLine[]>;
  /** The report draft as files; they hold what everybody may read. */
  readonly documents: (incident: Incident, wanted: Documents) => readonly Attachment[];
  readonly picture: (incident: Incident, chart: LogChart, language: Language) => Attachment;
  /** Keeps a document as it stands now and answers with its digest. */
  readonly freeze: (
    incident: Incident,
    document: DocumentKind,
    language: Language,
    organisation?: string,
  ) => Promise<string>;
  readonly mask: (text: string) => string;
  /** Says something in a conversation at once, for its answer to be told to the asker. */
  readonly post: (place: Place, message: Message, posting: Posting) => Promise<Receipt>;
  /** What of a log all companies in the room may read. */
  readonly crossing: Crossing;
  readonly knowledgeVersion: () => Promise<string>;
  /** Somebody read a direct message that may have been a page. */
  readonly seen: (platform: string, messageId: string) => Promise<unknown>;
  /** Called after talk was stored, so that open pages hear of it. */
  readonly said: (incident: string) => void;
}

export type Progress = (done: number, total: number) => void;

export interface LogBeingRead {
  readonly message: string;
  readonly name: string | null;
  readonly done: number;
  readonly total: number;
}
