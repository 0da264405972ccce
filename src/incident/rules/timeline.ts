import type { Decision } from '../commands.ts';
import { accept, type Case, refuse, stated } from './case.ts';

/** People may tidy the compiled timeline; events and messages stay in the record, and the edit is one of them. */
export function editTimeline({ state, body, command, env }: Case<'edit-timeline'>): Decision {
  const entries = [body.entry, ...(body.edit.do === 'move' && body.edit.before ? [body.edit.before] : [])];
  const wrong = entries.find((entry) => !isEntry(entry, state.version));
  if (wrong !== undefined) return refuse('no-such-entry', { entry: wrong });
  if (body.edit.do === 'reword' && !body.edit.text.trim()) {
    return refuse('text-missing', { what: 'edit-timeline' }, ['edit-timeline']);
  }
  return accept(stated(command, env, { type: 'TimelineEdited', entry: body.entry, edit: body.edit }));
}

/** Messages live outside the incident's own stream, so that only the position of an event can be checked here. */
function isEntry(entry: string, version: number): boolean {
  const position = /^E(\d{1,9})$/.exec(entry)?.[1];
  return position === undefined
    ? /^M\S{1,200}$/.test(entry)
    : Number(position) >= 1 && Number(position) <= version;
}
