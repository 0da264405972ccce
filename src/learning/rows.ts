import type { CommandBody } from '../incident/commands.ts';
import type { EventType, IncidentEvent } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import type { Append, LearntRow, SearchRow } from '../store/port.ts';
import { wordsOf } from './shape.ts';

/** What people wrote about an incident changes with these. */
const TELLS: ReadonlySet<EventType> = new Set<EventType>([
  'IncidentReported',
  'CauseStated',
  'ActionCarriedOut',
]);

/** By what an incident is found again: each log, and its title, cause and fixes together. */
export function searchRows(
  body: CommandBody,
  next: Incident,
  events: readonly IncidentEvent[],
): readonly SearchRow[] {
  const rows: SearchRow[] = [];
  if (body.type === 'paste-log' && body.words?.length) rows.push({ source: body.excerpt, words: body.words });
  if (events.some((one) => TELLS.has(one.body.type))) rows.push(...aboutRow(next));
  return rows;
}

/** What people wrote about an incident: its title, its cause and what succeeded. */
export function aboutRow(incident: Incident): readonly SearchRow[] {
  const fixed = incident.actions
    .filter((one) => one.status === 'succeeded')
    .map((one) => `${one.content.title} ${one.outcomeNote ?? ''}`);
  const words = wordsOf([incident.title, incident.cause?.text ?? '', ...fixed].join('\n'));
  return words.length > 0 ? [{ source: 'about', words }] : [];
}

/** The entry that becomes active with an approval. */
export function learntRow(next: Incident, events: readonly IncidentEvent[]): LearntRow | undefined {
  for (const { body, by, occurred } of events) {
    if (body.type !== 'KnowledgeReviewed' || body.verdict !== 'approved') continue;
    const draft = next.drafts.find((one) => one.id === body.draft);
    if (!draft) continue;
    const { entry, version, owner, text } = draft;
    return {
      entry,
      version,
      owner,
      incident: next.id,
      approvedBy: by.id,
      at: occurred,
      text,
      withdrawn: null,
    };
  }
  return undefined;
}

export function withdrawnRow(events: readonly IncidentEvent[]): Append['withdrawn'] {
  for (const { body, occurred } of events)
    if (body.type === 'KnowledgeWithdrawn') return { entry: body.entry, version: body.version, at: occurred };
  return undefined;
}
