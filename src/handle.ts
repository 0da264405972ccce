import type { Capabilities } from './chat/port.ts';
import { outboxRows } from './effects/outbox.ts';
import type { Command, Env, Refusal } from './incident/commands.ts';
import { decide } from './incident/decide.ts';
import type { Directory } from './incident/directory.ts';
import type { IncidentEvent } from './incident/events.ts';
import { evolve } from './incident/evolve.ts';
import type { Plan } from './incident/plan.ts';
import { nextDue } from './incident/rules/tick.ts';
import type { Incident, State } from './incident/state.ts';
import { learntRow, searchRows, withdrawnRow } from './learning/rows.ts';
import type { Store } from './store/port.ts';

export interface HandleDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** The plan an incident is pinned to; the present one for an incident that does not exist yet. */
  readonly plan: (version: string | null) => Promise<Plan>;
  readonly directory: (system: string | null) => Directory;
  readonly languageOf: (person: string) => 'zh' | 'en';
  readonly capabilities: (platform: string) => Capabilities | null;
  /** Called after the commit: wakes the engine and the open pages. */
  readonly committed: (incident: string, events: readonly IncidentEvent[]) => void;
}

export type Handled =
  | {
      readonly ok: true;
      readonly incident: Incident;
      readonly events: readonly IncidentEvent[];
      readonly duplicate: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export type Handle = (incident: string, command: Command, inbound?: string) => Promise<Handled>;

/** A writer that loses this many races in a row has found a fault, not a race. */
const MOST_TRIES = 20;

/** Runs one command: load, decide, append with everything it causes, and again when somebody was faster. */
export function createHandle(deps: HandleDeps): Handle {
  return async (id, command, inbound) => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const loaded = await deps.store.load(id);
      const state: State = loaded?.incident ?? null;
      const plan = await deps.plan(state?.pinned.planVersion ?? null);
      const system = command.body.type === 'report' ? command.body.system.id : (state?.system.id ?? null);
      const directory = deps.directory(system);
      const env: Env = { now: deps.now(), newId: deps.newId, plan, directory };
      const decision = decide(state, command, env);
      const facts = decision.ok ? decision.facts : (decision.record ?? []);
      if (!decision.ok && facts.length === 0) return { ok: false, refusal: decision.refusal };
      if (facts.length === 0) {
        if (!state)
          return { ok: false, refusal: { code: 'no-such-incident', params: {}, possible: ['report'] } };
        return { ok: true, incident: state, events: [], duplicate: false };
      }
      const expected = loaded?.version ?? 0;
      const events = facts.map((fact, index) => ({
        ...fact,
        incident: id,
        position: expected + index + 1,
      }));
      const next = events.reduce<State>(evolve, state);
      if (!next) throw new Error('empty decision folded to nothing');
      const nameOf = (person: string): string =>
        directory.people[person]?.name ?? nameFrom(next, events, person);
      const appended = await deps.store.append({
        incident: id,
        expected,
        facts,
        state: next,
        due: nextDue(next, plan, env.now),
        outbox: outboxRows(next, events, {
          plan,
          now: env.now,
          nameOf,
          orgName: (org) => directory.organisations[org]?.name ?? org,
          sideOf: (org) => directory.organisations[org]?.side ?? null,
          languageOf: deps.languageOf,
          capabilities: deps.capabilities,
        }),
        // What was refused may be asked again by the same message, once it is allowed.
        inbound: decision.ok ? inbound : undefined,
        search: decision.ok ? searchRows(command.body, next, events) : [],
        learnt: learntRow(next, events),
        withdrawn: withdrawnRow(events),
      });
      if (appended.ok) {
        deps.committed(id, appended.events);
        if (!decision.ok) return { ok: false, refusal: decision.refusal };
        return { ok: true, incident: next, events: appended.events, duplicate: false };
      }
      if (appended.why === 'duplicate') {
        return { ok: true, incident: state ?? next, events: [], duplicate: true };
      }
    }
    throw Object.assign(new Error(`incident ${id}: no append succeeded in ${MOST_TRIES} tries`), {
      code: 'too-much-contention',
    });
  };
}

function nameFrom(state: Incident, events: readonly IncidentEvent[], person: string): string {
  return (
    state.participants.find((one) => one.person === person)?.name ??
    events.find((event) => event.by.id === person)?.by.name ??
    (state.reporter.id === person ? state.reporter.name : person === 'warroom' ? '战情室' : person)
  );
}
