import type { Note } from '../reading.ts';
import { has } from '../speech.ts';
import { timesIn } from '../times.ts';
import { type Moment, negated } from './moment.ts';

const correctionMark =
  /更正|纠正|订正|修正|看错|说错|打错|记错|写错|不对|\b(?:correction|misread|typo|scratch that|make that|strike that|i meant|should (?:be|read)|not at|rather than)\b/i;

/** A correction follows soon; looking further back would cost more the longer people talk. */
const recent = 200;

/** "更正，是9:42不是9:24": the time that was meant takes the new value and the new citation. */
export function applyCorrection(note: Note, origin: number | null, lists: Moment[][]): void {
  for (const sentence of note.sentences) {
    if (sentence.question || !has(sentence.hits, 'correction', 'retract')) continue;
    const times = timesIn(sentence.text, note.anchor, origin);
    const right = times.find((time) => !negated(sentence.text, time));
    const wrong = times.find((time) => negated(sentence.text, time));
    if (right === undefined || (wrong === undefined && !correctionMark.test(sentence.text))) continue;
    const meant = (moment: Moment): boolean =>
      moment.stated &&
      moment.index < note.index &&
      (wrong === undefined ? moment.author === note.author : moment.wall === wrong.wall);
    const [target] = lists
      .flatMap((list) => list.slice(-recent).findLast(meant) ?? [])
      .sort((a, b) => b.index - a.index);
    if (target === undefined) continue;
    target.value = right.value;
    target.wall = right.wall;
    target.cites = [note.index];
    target.weight = 6;
  }
}
