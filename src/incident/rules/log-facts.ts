import type { Decision } from '../commands.ts';
import type { LogFact } from '../events.ts';
import { accept, type Case, refuse, stated } from './case.ts';

/**
 * Each fact is an event of its own at the time the log gives it, so that it can be cited, reworded or dropped like
 * any other; what a log says is older than the report of it, and moves no clock. The same log is added once.
 */
export function addLogFacts({ state, body, command, env }: Case<'add-log-facts'>): Decision {
  if (body.facts.length === 0) return refuse('text-missing', { what: 'add-log-facts' }, ['paste-log']);
  const log = state.diagnoses.find((one) => one.excerpt === body.excerpt);
  if (log === undefined || log.onTimeline === true)
    return refuse('already-recorded', { moment: 'log-facts' }, ['paste-log']);
  return accept(
    ...body.facts.map((fact) => ({
      ...stated(command, env, { type: 'LogFactAdded', excerpt: body.excerpt, zone: body.zone, fact }),
      occurred: fact.at ?? env.now,
      backdated: fact.at === null ? null : placeOf(fact),
    })),
  );
}

/** The file and line are the reason why a time long past stands in the record. */
function placeOf(fact: LogFact): string {
  return `${fact.file ?? 'log'}:${fact.line}`;
}
