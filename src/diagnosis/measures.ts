import type { Knowledge } from './knowledge.ts';
import type { RuleTrace } from './match.ts';
import type { Observation } from './observe.ts';
import type { Fault, Measure } from './schema.ts';

/** What was measured, as rules that spoke: the entries say which figure means what. */
export function measuredTraces(knowledge: Knowledge, observations: readonly Observation[]): RuleTrace[] {
  if (observations.length === 0) return [];
  const traces: RuleTrace[] = [];
  for (const fault of knowledge.faults.values())
    for (const measure of fault.measures)
      for (const observation of observations)
        if (observation.measure === measure.of && reaches(measure, observation.value)) {
          traces.push(traceOf(fault, measure, observation));
          // Observations of one measure come with the most telling first; the others say the same again.
          break;
        }
  return traces;
}

function reaches(measure: Measure, value: number): boolean {
  return value >= measure.atLeast;
}

function traceOf(fault: Fault, measure: Measure, observation: Observation): RuleTrace {
  const placed: RuleTrace['rule'] = {
    index: -1,
    fault,
    side: measure.side,
    rule: {
      id: measure.id,
      literals: [],
      scope: 'hit',
      weight: measure.weight,
      needs: [],
      not: [],
      compare: [],
      atLeast: 1,
      facts: {},
      ignoreGuards: [],
      says: observation.says,
    },
  };
  const match = {
    rule: placed,
    line: observation.line,
    text: observation.text,
    record: observation.line,
    recordText: observation.text,
    nearText: observation.text,
    weight: measure.weight,
    guards: [],
    facts: { ...observation.facts },
  };
  return {
    rule: placed,
    matches: [match],
    best: match,
    last: match,
    count: 1,
    nearMisses: [],
    refusals: 0,
    refusedShapes: new Set(),
    seenUntil: -1,
  };
}

/** The sentences of the figures that spoke for a fault, and of those that every reader of such a text wants. */
export function saidFor(fault: Fault, observations: readonly Observation[]): Observation[] {
  const wanted = new Set(fault.measures.map((measure) => measure.of));
  return observations.filter((one) => wanted.has(one.measure));
}
