import type { Note } from '../reading.ts';
import { bitsOf } from '../rules.ts';
import { hasAny } from '../speech.ts';
import { timesIn } from '../times.ts';
import { type Moment, negated } from './moment.ts';

const correctionMark =
  /更正|纠正|订正|修正|看错|说错|打错|记错|写错|不对|\b(?:correction|misread|typo|scratch that|make that|strike that|i meant|should (?:be|read)|not at|rather than)\b/i;

const correcting = bitsOf(['correction', 'retract']);

/** A correction follows soon; looking further back would cost more the longer people talk. */
const recent = 200;

function lastOf(list: readonly Moment[], meant: (moment: Moment) => boolean): Moment | null {
  for (let place = list.length - 1; place >= Math.max(0, list.length - recent); place -= 1) {
    const moment = list[place];
    if (moment !== undefined && meant(moment)) return moment;
  }
  return null;
}

/** "更正，是9:42不是9:24": the time that was meant takes the new value and the new citation. */
export function applyCorrection(note: Note, origin: number | null, lists: readonly Moment[][]): void {
  for (const sentence of note.sentences) {
    if (sentence.question || !hasAny(sentence.hits, correcting)) continue;
    const times = timesIn(sentence.text, note.anchor, origin);
    const right = times.find((time) => !negated(sentence.text, time));
    const wrong = times.find((time) => negated(sentence.text, time));
    if (right === undefined || (wrong === undefined && !correctionMark.test(sentence.text))) continue;
    const meant = (moment: Moment): boolean =>
      moment.index < note.index &&
      (wrong === undefined ? moment.author === note.author : moment.wall === wrong.wall);
    const target = lists
      .map((list) => lastOf(list, meant))
      .reduce((latest, next) => (next !== null && next.index > (latest?.index ?? -1) ? next : latest), null);
    if (target === null) continue;
    target.value = right.value;
    target.wall = right.wall;
    target.cites = [note.index];
    target.weight = 6;
  }
}
