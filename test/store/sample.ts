import type { Actor, EventBody, Fact } from '../../src/incident/events.ts';
import { evolve } from '../../src/incident/evolve.ts';
import type { State } from '../../src/incident/state.ts';
import type { Append, NewOutboxRow, NewTalk } from '../../src/store/port.ts';

export const LI: Actor = { id: 'li', name: '李工', org: 'vendor' };
export const NOON = Date.parse('2026-03-02T12:00:00+08:00');

export function fact(body: EventBody, at = NOON): Fact {
  return { by: LI, occurred: at, recorded: at, backdated: null, sources: [], body };
}

export function reported(title = '报表系统打不开', at = NOON): Fact {
  return fact(
    {
      type: 'IncidentReported',
      code: 'INC-20260302-01',
      kind: 'fault',
      title,
      system: { id: 'reports', name: '报表系统' },
      intake: {
        channel: 'phone',
        caller: '王女士',
        number: '13900000001',
        organisation: '客户',
        since: null,
      },
      systemDown: true,
      specialTime: false,
      remoteOnly: false,
      exceptional: false,
    },
    at,
  );
}

export const status = (text: string, at = NOON): Fact => fact({ type: 'StatusUpdated', text }, at);

/** What `handle` would append: facts folded onto the state before them. */
export function appending(
  incident: string,
  before: State,
  facts: readonly Fact[],
  rest: Partial<Append> = {},
): Append {
  const expected = before?.version ?? 0;
  const state = facts.reduce<State>(
    (folded, one, index) => evolve(folded, { ...one, incident, position: expected + index + 1 }),
    before,
  );
  if (!state) throw new Error('no facts');
  return { incident, expected, facts, state, due: null, outbox: [], ...rest };
}

let rows = 0;
export function row(lane: string, rest: Partial<NewOutboxRow> = {}): NewOutboxRow {
  rows += 1;
  return {
    lane,
    priority: 'room',
    mergeKey: null,
    key: `row-${rows}`,
    notBefore: NOON,
    payload: JSON.stringify({ say: `row-${rows}` }),
    ...rest,
  };
}

export function said(incident: string, stream: string, message: string, text: string): NewTalk {
  return {
    incident,
    stream,
    kind: 'said',
    message,
    author: LI,
    occurred: NOON,
    recorded: NOON,
    text,
    platform: 'web',
    form: 'text',
  };
}
