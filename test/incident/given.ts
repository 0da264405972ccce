import { join } from 'node:path';
import { expect } from 'vitest';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { type Clock, clocks } from '../../src/incident/clocks.ts';
import type { CommandBody, Env, RefusalCode } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import {
  type Actor,
  BOT,
  type EventOf,
  type EventType,
  type IncidentEvent,
} from '../../src/incident/events.ts';
import { evolve } from '../../src/incident/evolve.ts';
import type { ClockId, Plan, Question, Severity } from '../../src/incident/plan.ts';
import { nextDue } from '../../src/incident/rules/tick.ts';
import type { Incident, State } from '../../src/incident/state.ts';
import { directoryFor } from '../../src/roster/directory.ts';
import type { Config } from '../../src/roster/schema.ts';

export const MINUTE = 60_000;
export const START = Date.parse('2026-11-24T03:12:00+08:00');

const settings = loadSettings(join(PROJECT, 'warroom.sample.yaml'));
export const PLAN: Plan = settings.plan;
export const ROSTER: Config = settings.config;

/**
 * An incident told as a story: people say things, time passes, and every deadline on the way is served as the
 * engine would serve it. Pure: the rules, a counter for ids, and a clock that only moves when told to.
 */
export class Story {
  now = START;
  state: State = null;
  readonly events: IncidentEvent[] = [];
  refused: {
    code: RefusalCode;
    params: Readonly<Record<string, string>>;
    possible: readonly string[];
  } | null = null;
  readonly plan: Plan;
  readonly roster: Config;
  #ids = 0;

  constructor(options: { plan?: Plan; roster?: Config } = {}) {
    this.plan = options.plan ?? PLAN;
    this.roster = options.roster ?? ROSTER;
  }

  env(): Env {
    return {
      now: this.now,
      newId: () => {
        this.#ids += 1;
        return `id${this.#ids}`;
      },
      plan: this.plan,
      directory: directoryFor(
        this.roster,
        this.state?.system.id ?? 'social-insurance',
        this.now,
        this.plan.zone,
      ),
    };
  }

  actor(id: string): Actor {
    if (id === BOT.id) return BOT;
    const person = this.roster.people.find((one) => one.id === id);
    return { id, name: person?.name ?? id, org: person?.org ?? 'apusic' };
  }

  when(by: string, body: CommandBody, options: { ago?: number; reason?: string } = {}): this {
    const at = options.ago === undefined ? null : this.now - options.ago * MINUTE;
    const decision = decide(
      this.state,
      { by: this.actor(by), at, backdateReason: options.reason ?? null, sources: [], body },
      this.env(),
    );
    this.refused = decision.ok ? null : decision.refusal;
    for (const fact of decision.ok ? decision.facts : (decision.record ?? [])) {
      const event = { ...fact, incident: 'i1', position: this.events.length + 1 };
      this.events.push(event);
      this.state = evolve(this.state, event);
    }
    return this;
  }

  reported(options: Partial<Extract<CommandBody, { type: 'report' }>> = {}): this {
    return this.when('ops', {
      type: 'report',
      code: 'INC-20261124-01',
      kind: 'fault',
      title: '社保核心系统无法访问',
      system: { id: 'social-insurance', name: '社保核心系统' },
      intake: { channel: 'chat', caller: null, number: null, organisation: null, since: null },
      systemDown: true,
      specialTime: false,
      remoteOnly: false,
      exceptional: false,
      place: { platform: 'web', workspace: 'local', conversation: 'i1', language: 'zh', org: 'customer' },
      knowledge: 'k1',
      ...options,
    });
  }

  answers(answers: Partial<Record<Question, boolean>>): this {
    return this.when('ops', { type: 'answer', answers });
  }

  severity(severity: Severity): this {
    return this.when('emergency-lead', { type: 'set-severity', severity, reason: '演练' });
  }

  /** Lets minutes pass; whatever falls due on the way happens when it falls due. */
  advance(minutes: number): this {
    const end = this.now + minutes * MINUTE;
    for (let guard = 0; guard < 10_000; guard += 1) {
      const due = this.state === null ? null : nextDue(this.state, this.plan, this.now);
      if (due === null || due > end) {
        this.now = end;
        return this;
      }
      this.now = Math.max(this.now, due);
      this.when(BOT.id, { type: 'tick' });
    }
    throw new Error('the ticks never came to rest');
  }

  get incident(): Incident {
    if (this.state === null) throw new Error('no incident yet');
    return this.state;
  }

  clock(id: ClockId): Clock {
    const found = clocks(this.incident, this.plan, this.now).find((one) => one.id === id);
    if (!found) throw new Error(`clock ${id} does not apply`);
    return found;
  }

  hasClock(id: ClockId): boolean {
    return clocks(this.incident, this.plan, this.now).some((one) => one.id === id);
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.flatMap((event) => (event.body.type === type ? [event.body as EventOf<T>] : []));
  }

  /** Minutes after the report at which events of a type occurred. */
  minutesOf(type: EventType): number[] {
    return this.events
      .filter((event) => event.body.type === type)
      .map((event) => (event.occurred - START) / MINUTE);
  }

  pagedPeople(): string[] {
    return this.of('PersonPaged').map((one) => one.person);
  }

  /** A step that both the emergency lead and the system owner have to approve. */
  proposed(
    by = 'duty',
    requires: readonly ('emergency-lead' | 'system-owner')[] = ['emergency-lead', 'system-owner'],
  ): this {
    return this.when(by, {
      type: 'propose',
      content: {
        step: 'stop-node',
        title: '停止异常节点',
        target: 'server1',
        risk: 'R2',
        impact: null,
        rollback: null,
        commands: [],
        kind: 'step',
        requires,
      },
    });
  }

  thenRefused(code: RefusalCode): this {
    expect(this.refused?.code).toBe(code);
    return this;
  }

  thenAccepted(): this {
    expect(this.refused).toBeNull();
    return this;
  }
}

export function story(options: { plan?: Plan; roster?: Config } = {}): Story {
  return new Story(options);
}
