import type { ActionCandidate } from './actions.ts';
import type { Course } from './course.ts';
import type { Note, Reading } from './reading.ts';
import { isBelieved } from './trust.ts';

/** A message that tells deeds: who did them, and in which words. */
export interface Deed {
  author: string | null;
  text: string;
}

/** How the talk went, as far as it is known before anybody asks for the cause: who told, who acted, when it ended. */
export interface Scene {
  /** Position of the message by which the trouble was known; -1 when none tells it. */
  known: number;
  /** Position of the message that tells the end, or at least a relief; infinity when none does. */
  end: number;
  ended: boolean;
  reporter: string | null;
  /** Positions of the messages that tell a deed. */
  deeds: ReadonlyMap<number, Deed>;
  actors: ReadonlySet<string>;
  monologue: boolean;
}

export function sceneOf(
  reading: Reading,
  course: Course,
  told: ReadonlyMap<number, Deed>,
  reporter: string | null,
): Scene {
  const actors = new Set<string>();
  for (const note of reading.notes) {
    if (note.author !== null && told.has(note.index) && note.author !== reporter) actors.add(note.author);
  }
  return {
    known: course.probable.known,
    end: course.probable.end ?? Number.POSITIVE_INFINITY,
    ended: course.probable.end !== null,
    reporter,
    deeds: told,
    actors,
    monologue: reading.monologue,
  };
}

/** Positions of the messages that tell a deed. */
export function deedsAt(candidates: readonly ActionCandidate[]): ReadonlyMap<number, Deed> {
  const told = new Map<number, Deed>();
  for (const deed of candidates) {
    const at = deed.cites[0] ?? -1;
    if (!isBelieved('action', deed)) continue;
    const before = told.get(at);
    told.set(at, {
      author: deed.author,
      text: before === undefined ? deed.value : `${before.text} ${deed.value}`,
    });
  }
  return told;
}

/** Talk runs on: a deed within so many messages answers what was said. */
const near = 8;

/** Where a statement stands in the talk; the same for causes and for harm. */
export function placeSigns(note: Note, scene: Scene): string[] {
  const { index } = note;
  const signs: string[] = [];
  if (index === 0) signs.push('first message');
  if (index < scene.known) signs.push('before it was known');
  if (index === scene.known) signs.push('in the report');
  if (!scene.ended) signs.push('no end told');
  else if (index > scene.end) signs.push('after the end');
  else if (index === scene.end) signs.push('beside the end');
  else signs.push('before the end');
  if (scene.deeds.has(index)) signs.push('beside a deed');
  for (let later = index + 1; later <= index + near; later += 1) {
    if (!scene.deeds.has(later)) continue;
    signs.push(later <= index + 2 ? 'a deed at once' : 'a deed soon');
    const deed = scene.deeds.get(later);
    if (deed !== undefined && note.author !== null && deed.author === note.author && later <= index + 4)
      signs.push('who says it acts next');
    break;
  }
  if (note.entry) signs.push('entry');
  else if (scene.monologue) signs.push('one author');
  else {
    if (note.author !== null && note.author === scene.reporter) signs.push('by who reported');
    if (note.author !== null && scene.actors.has(note.author)) signs.push('by who acts');
  }
  return signs;
}
