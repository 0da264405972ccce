import type { TimelineEntry } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { bitsOf, type Kind, type KindBits } from './rules.ts';
import { verbatim } from './span.ts';
import { hasAny } from './speech.ts';

/** The first kind that a message shows names its line; chatter shows none and is folded away. */
const kindsInOrder: [string, Kind[]][] = [
  ['falseAlarm', ['falseAlarm']],
  ['resolved', ['closed']],
  ['recovered', ['recovered', 'recoveredInFull', 'mitigated', 'partial']],
  ['relapse', ['reopened', 'notRecovered']],
  ['cause', ['causeRoot']],
  ['hypothesis', ['hedge']],
  ['retraction', ['retract']],
  ['impact', ['impactMark']],
  ['alert', ['alert']],
  ['report', ['detect', 'onset']],
  ['action', ['done', 'doing']],
  ['followUp', ['plan']],
  ['rejection', ['reject']],
  ['approval', ['approve']],
  ['proposal', ['propose']],
  ['arrival', ['arrival']],
  ['escalation', ['escalate']],
  ['finding', ['causeFound', 'causeLink', 'causeState', 'settled']],
  ['symptom', ['symptom']],
];

const order: readonly [string, KindBits][] = kindsInOrder.map(([name, kinds]) => [name, bitsOf(kinds)]);

function kindOf(note: Note): string | null {
  for (const [name, kinds] of order) {
    for (const sentence of note.sentences) {
      if (!sentence.question && hasAny(sentence.hits, kinds)) return name;
    }
  }
  return null;
}

/** What mattered, in the order it was said. */
export function timelineOf(reading: Reading): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  for (const note of reading.notes) {
    const kind = kindOf(note);
    const first = note.sentences[0];
    const last = note.sentences.at(-1);
    if (kind === null || first === undefined || last === undefined) continue;
    entries.push({
      at: note.at,
      kind,
      value: verbatim(note.text, { start: first.start, end: last.end }),
      cites: [note.index],
    });
  }
  return entries;
}
