import type { Note } from '../reading.ts';
import type { Rival } from '../rivals.ts';
import type { TimeMention } from '../times.ts';

/** A moment somebody states, with how far it is to be believed. */
export interface Moment extends Rival {
  value: string;
  /** Wall clock; NaN never occurs. */
  wall: number;
  cites: number[];
  weight: number;
  author: string | null;
  /** Another time stands minutes before it in the same message, so that either may be meant. */
  vague?: boolean;
  /** The time lies after the message that states it. */
  toCome?: boolean;
  /** The time is written in the text, so that a later correction can mean it. */
  stated: boolean;
}

/** Nothing speaks for it yet. */
const unweighed = { signs: [], words: '', before: '', after: '', alone: 0, score: 0 };

export const minute = 60_000;

/** The moment a note was written; null when nobody knows it. */
export function momentAt(note: Note, weight: number): Moment | null {
  if (note.anchor === null) return null;
  if (note.at === null && note.anchor.heading !== true) return null;
  const dateOnly = note.at === null;
  const value = dateOnly ? new Date(note.anchor.wall).toISOString().slice(0, 10) : note.at;
  if (value === null) return null;
  return {
    value,
    wall: note.anchor.wall,
    cites: [note.index],
    weight,
    index: note.index,
    author: note.author,
    stated: false,
    ...unweighed,
  };
}

export function stated(note: Note, time: TimeMention, weight: number): Moment {
  return {
    value: time.value,
    wall: time.wall,
    cites: [note.index],
    weight,
    index: note.index,
    author: note.author,
    stated: true,
    ...unweighed,
  };
}

const negation = /(?:不是|而非|并非|不像|not(?: at)?|rather than|instead of)\s*$/i;

/** "不是9:24": the time that was not meant. */
export function negated(text: string, time: TimeMention): boolean {
  return negation.test(text.slice(Math.max(0, time.start - 16), time.start));
}
