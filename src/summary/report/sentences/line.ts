import type { TimelineRow } from '../../document.ts';
import { type Frame, say } from '../frame.ts';

export interface Sentence {
  readonly text: string;
  /** What the event holds beyond its line; printed with the sources, so that any value can be looked up there. */
  readonly detail: string;
  readonly tone: TimelineRow['tone'];
  /** Whether the line belongs on the timeline; the rest is found in its own section. */
  readonly onTimeline: boolean;
}

export type Line = (
  zh: string,
  en: string,
  more?: { tone?: TimelineRow['tone']; detail?: string; hidden?: boolean },
) => Sentence;

/** Makes lines in the report's language. */
export function lineIn(frame: Pick<Frame, 'language'>): Line {
  return (zh, en, more = {}) => ({
    text: say(frame, zh, en),
    detail: more.detail ?? '',
    tone: more.tone ?? 'plain',
    onTimeline: more.hidden !== true,
  });
}

export function notedIn(frame: Pick<Frame, 'language'>): (note: string | null) => string {
  return (note) => (note === null ? '' : say(frame, `：${note}`, `: ${note}`));
}

export const joined = (frame: Pick<Frame, 'language'>, parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(say(frame, '；', '; '));
