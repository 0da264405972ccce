import type { Form, Message } from '../src/chat/message.ts';
import type { Right } from '../src/incident/authorisation.ts';
import type { CommandBody } from '../src/incident/commands.ts';
import type { Directory } from '../src/incident/directory.ts';
import type { Actor, AdvisedStep, DocumentKind, Instant, LessonSide } from '../src/incident/events.ts';
import type { Lesson } from '../src/incident/learning.ts';
import type { Eyes } from '../src/incident/org-clocks.ts';
import type { Kind, Language, Plan, Words } from '../src/incident/plan.ts';
import type { Incident } from '../src/incident/state.ts';

/** One typed line or pressed button, with all that a command may look at. */
export interface Call {
  /** What was typed after the command's name. */
  readonly text: string;
  /** What a button or a form carries. */
  readonly args: Readonly<Record<string, string>>;
  readonly author: Actor;
  readonly incident: Incident | null;
  readonly now: Instant;
  readonly language: Language;
  readonly plan: Plan;
  readonly directory: Directory;
  /** Steps of the knowledge, by id or number; null when there is none of that name. */
  readonly step: (name: string) => AdvisedStep | null;
  /** Who has the turn in each tier at a moment, until when (null: no end in sight), and who follows. */
  readonly onCall: (at: Instant) => readonly OnCall[];
  /** What will hurt within fourteen days. */
  readonly gapsAhead: (at: Instant) => RosterProblems;
}

export interface OnCall {
  readonly tier: number;
  readonly person: string | null;
  /** `elsewhere`: somebody whose organisation is not the asker's business. */
  readonly why: 'turn' | 'override' | 'swap' | 'gap' | 'elsewhere';
  readonly until: Instant | null;
  readonly next: string | null;
}

export interface RosterProblems {
  readonly gaps: readonly { readonly tier: number; readonly from: Instant; readonly to: Instant }[];
  readonly doubles: readonly {
    readonly person: string;
    readonly tiers: readonly number[];
    readonly from: Instant;
  }[];
}

/** What `open` and the intake form ask for; the desk adds number, system and pinned versions. */
export interface Intake {
  readonly kind: Kind;
  readonly title: string;
  readonly system: string | null;
  readonly channel: 'chat' | 'phone' | 'alert' | 'drill';
  readonly caller: string | null;
  readonly number: string | null;
  readonly organisation: string | null;
  readonly since: string | null;
  readonly systemDown: boolean;
  readonly remoteOnly: boolean;
  readonly exceptional: boolean;
}

export const REPORTS = ['handling', 'service', 'parts', 'minutes', 'joint'] as const;
export const FORMATS = ['docx', 'pdf', 'html', 'md'] as const;

export interface Documents {
  readonly report: (typeof REPORTS)[number];
  readonly formats: readonly (typeof FORMATS)[number][];
  readonly language: Language;
}

export type Outcome =
  | {
      readonly kind: 'do';
      readonly command: CommandBody;
      readonly at: Instant | null;
      readonly backdateReason: string | null;
    }
  | {
      readonly kind: 'open';
      readonly intake: Intake;
      readonly at: Instant | null;
      readonly backdateReason: string | null;
    }
  /** `documents`: they go with it, where the platform takes files. */
  | { readonly kind: 'show'; readonly message: Message; readonly documents?: Documents }
  | { readonly kind: 'ask'; readonly form: Form }
  /** The log is read by the desk, which masks it before anything is stored. */
  | { readonly kind: 'diagnose'; readonly text: string }
  /** A log that was held back crosses to the others, or stays with the organisation of its sender. */
  | { readonly kind: 'share'; readonly message: string; readonly keep: boolean }
  /** A person agreed that a log's facts enter the timeline; `zone` is theirs, for times printed without one. */
  | { readonly kind: 'log-facts'; readonly excerpt: string; readonly zone: string | null }
  /** Past incidents like this one. */
  | { readonly kind: 'similar' }
  | { readonly kind: 'learn'; readonly ask: Lesson }
  /** The compiled timeline with its numbers. */
  | { readonly kind: 'timeline' }
  /** The author's turn at one moment for the other's at another. */
  | { readonly kind: 'swap'; readonly other: string; readonly mine: Instant; readonly theirs: Instant }
  /** Kept for the next change of turn. */
  | { readonly kind: 'shift-note'; readonly text: string }
  /** Kept in the stream of the author's organisation. */
  | { readonly kind: 'lesson'; readonly side: LessonSide; readonly text: string }
  /** The place is asked for its consent; without one the asker gets a code for it. */
  | {
      readonly kind: 'invite';
      readonly org: string;
      readonly place: { readonly platform: string; readonly conversation: string } | null;
    }
  | { readonly kind: 'link-place'; readonly code: string }
  /** Null: the conversation it was said in. */
  | {
      readonly kind: 'unlink-place';
      readonly place: { readonly platform: string; readonly conversation: string } | null;
    }
  | { readonly kind: 'publish-lessons' }
  /** The text is put down by the desk, under its digest. */
  | { readonly kind: 'draft-document'; readonly document: DocumentKind }
  /** How the review stands. */
  | { readonly kind: 'review' }
  | { readonly kind: 'merge'; readonly into: string; readonly reason: string }
  | { readonly kind: 'link'; readonly to: string }
  /** `hours`: null for the usual time. */
  | { readonly kind: 'guest-link'; readonly org: string; readonly hours: number | null };

export interface ChatCommand {
  readonly name: string;
  readonly zh: readonly string[];
  readonly en: readonly string[];
  readonly usage: Words;
  readonly about: Words;
  readonly needsIncident: boolean;
  /** The rows of the plan's table under which it falls; none for what only shows. */
  readonly takes: readonly Right[];
  /** Without anything behind it, it only shows. */
  readonly reads?: true;
  readonly run: (call: Call) => Outcome;
}

export function act(
  command: CommandBody,
  at: Instant | null = null,
  backdateReason: string | null = null,
): Outcome {
  return { kind: 'do', command, at, backdateReason };
}

export function show(
  headline: string,
  blocks: Message['blocks'] = [],
  tone: Message['tone'] = 'plain',
): Outcome {
  return { kind: 'show', message: { headline, blocks, tone, card: null } };
}

/** Asks for one thing that is missing and runs the same command again with it. */
export function ask(
  call: Call,
  command: string,
  words: { readonly title: Words; readonly label: Words; readonly field?: string; readonly submit?: Words },
): Outcome {
  return {
    kind: 'ask',
    form: {
      title: words.title[call.language],
      command,
      args: call.args,
      fields: [
        {
          name: words.field ?? 'text',
          label: words.label[call.language],
          type: 'paragraph',
          required: true,
          value: call.text || undefined,
        },
      ],
      submit: (words.submit ?? { zh: '确定', en: 'OK' })[call.language],
    },
  };
}

export function textOf(call: Call, field = 'text'): string {
  return (call.args[field] ?? call.text).trim();
}

/** Whose clocks somebody sees in an answer. */
export function eyesOf(call: Call): Eyes {
  const { org } = call.author;
  return { org, side: call.directory.organisations[org]?.side ?? null };
}
