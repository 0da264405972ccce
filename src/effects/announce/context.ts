import type { Block, Button, Message, Text, Tone } from '../../chat/message.ts';
import type { Instant } from '../../incident/events.ts';
import type { Eyes } from '../../incident/org-clocks.ts';
import type { Language, Plan, Severity, Words } from '../../incident/plan.ts';
import type { Incident } from '../../incident/state.ts';
import { term } from '../../words/terms.ts';
import { clockTime } from '../../words/time.ts';

/** What it takes to put an event into words for one place. */
export interface Voice {
  readonly language: Language;
  readonly plan: Plan;
  readonly now: Instant;
  readonly nameOf: (person: string) => string;
  readonly orgName: (org: string) => string;
  /** Who reads it there: whose clocks may stand in it. */
  readonly eyes: Eyes;
}

export function say(voice: Voice, words: Words): string {
  return words[voice.language];
}

export function at(voice: Voice, moment: Instant): string {
  return clockTime(moment, voice.plan.zone, voice.now);
}

export function because(voice: Voice, table: Readonly<Record<string, Words>>, key: string): string {
  return term(table, key, voice.language);
}

export function postTitle(voice: Voice, post: string): string {
  return voice.plan.posts.find((one) => one.id === post)?.title[voice.language] ?? post;
}

export function tierTitle(voice: Voice, tier: number): string {
  return voice.plan.tiers.find((one) => one.tier === tier)?.title[voice.language] ?? String(tier);
}

export function message(
  headline: Text,
  tone: Tone,
  blocks: readonly Block[] = [],
  card: string | null = null,
): Message {
  return { headline, tone, blocks, card };
}

export function button(
  label: string,
  command: string,
  args: Record<string, string> = {},
  style: Button['style'] = 'plain',
): Button {
  return { label, command, args, style };
}

export function buttons(...all: readonly Button[]): readonly Block[] {
  return all.length === 0 ? [] : [{ block: 'buttons', buttons: all }];
}

export function toneOf(severity: Severity | null): Tone {
  return severity ?? 'plain';
}

export function mention(voice: Voice, person: string) {
  return { mention: { person, name: voice.nameOf(person) } };
}

/** `社保核心系统`, or the title where no system is known. */
export function subject(incident: Incident): string {
  return incident.system.name ?? incident.title;
}
