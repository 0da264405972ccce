import type { Knowledge } from './knowledge.ts';
import type { Match, NearMiss, RuleTrace } from './match.ts';
import { compilePattern } from './pattern.ts';
import type { Fault } from './schema.ts';
import type { Phase, Reason } from './types.ts';

/** Below this a hint is noise and is not shown. */
const SHOWN_FROM = 0.3;
/** A root must be this sure before it takes its symptom's place. */
const ROOT_FROM = 0.5;
const CERTAIN = 0.99;

/** A fault with everything that spoke for and against it. */
export interface Candidate {
  fault: Fault;
  confidence: number;
  phase: Phase;
  matches: Match[];
  count: number;
  last: Match;
  reasons: Reason[];
}

export interface Ranking {
  candidates: Candidate[];
  nearMisses: NearMiss[];
}

/**
 * Adds up the weights of the rules that spoke, then orders: a root before what it explains, then the surer, then
 * the deeper cause within one record, then the earlier line.
 */
export function rank(knowledge: Knowledge, traces: readonly RuleTrace[]): Ranking {
  const byFault = new Map<Fault, RuleTrace[]>();
  for (const trace of traces) {
    const list = byFault.get(trace.rule.fault) ?? [];
    list.push(trace);
    byFault.set(trace.rule.fault, list);
  }
  const candidates: Candidate[] = [];
  for (const [fault, own] of byFault) {
    const candidate = weigh(knowledge, fault, own);
    if (candidate !== undefined && candidate.confidence >= SHOWN_FROM) candidates.push(candidate);
  }
  return { candidates: order(candidates), nearMisses: traces.flatMap((trace) => trace.nearMisses) };
}

function weigh(knowledge: Knowledge, fault: Fault, traces: readonly RuleTrace[]): Candidate | undefined {
  const spoke = traces.filter((trace) => trace.count >= trace.rule.rule.atLeast && trace.best !== undefined);
  const anchors = spoke.filter((trace) => trace.rule.side === 'anchor');
  const last = latest(anchors);
  if (last === undefined) return undefined;
  const reasons: Reason[] = [];
  let clean = 0;
  let guarded = 0;
  for (const trace of anchors) {
    const best = trace.best;
    if (best === undefined) continue;
    reasons.push({ ...saying(trace), side: 'for', weight: trace.rule.rule.weight, line: best.line });
    for (const guard of best.guards)
      reasons.push({
        rule: guard.id,
        side: 'against',
        weight: guard.weight,
        line: best.line,
        because: guard.because,
      });
    // Several lines of one guarded text (a page of documentation) do not add up to a fault.
    if (best.guards.length > 0) guarded = Math.max(guarded, best.weight);
    else clean += best.weight;
  }
  let support = clean > 0 ? clean + guarded / 4 : guarded;
  let answered = 0;
  for (const trace of spoke) {
    if (trace.rule.side === 'anchor' || trace.best === undefined) continue;
    const latestLine = trace.last?.line ?? trace.best.line;
    // A recovery line answers only what came before it.
    if (trace.rule.side === 'recovery' && latestLine <= last.line) continue;
    const weight = trace.rule.rule.weight;
    reasons.push({
      ...saying(trace),
      side: weight > 0 ? 'for' : 'against',
      weight,
      line: latestLine,
      ...(trace.rule.side === 'recovery' ? { recovery: true } : {}),
    });
    if (weight > 0) support += weight;
    else answered += weight;
  }
  // However much was said for it, a recovery still counts in full.
  const sum = Math.min(CERTAIN, support) + answered;
  const matches = anchors
    .flatMap((trace) => trace.matches)
    .sort((a, b) => b.weight - a.weight || a.line - b.line)
    .slice(0, 12);
  return {
    fault,
    confidence: Math.max(0, Math.min(CERTAIN, Math.round(sum * 100) / 100)),
    phase: phaseOf(knowledge, fault, matches),
    matches,
    count: Math.max(...anchors.map((trace) => trace.count)),
    last,
    reasons,
  };
}

function saying(trace: RuleTrace): { rule: string; because?: Reason['because'] } {
  const says = trace.rule.rule.says;
  return says === undefined ? { rule: trace.rule.rule.id } : { rule: trace.rule.rule.id, because: says };
}

function latest(traces: readonly RuleTrace[]): Match | undefined {
  let found: Match | undefined;
  for (const trace of traces)
    if (trace.last !== undefined && (found === undefined || trace.last.line > found.line)) found = trace.last;
  return found;
}

/** The entry's own phase has one vote, the rule's two; what stands around the evidence votes as the knowledge says. */
function phaseOf(knowledge: Knowledge, fault: Fault, matches: readonly Match[]): Phase {
  const votes = { startup: 0, running: 0 };
  if (fault.phase !== 'unknown') votes[fault.phase] += 1;
  const best = matches[0];
  if (best === undefined) return fault.phase;
  if (best.rule.rule.phase !== undefined) votes[best.rule.rule.phase] += 2;
  for (const hint of knowledge.shared.phases)
    if (compilePattern(hint.pattern).test(hint.on === 'record' ? best.recordText : best.nearText))
      votes[hint.phase] += hint.weight;
  if (votes.startup === votes.running) return fault.phase;
  return votes.startup > votes.running ? 'startup' : 'running';
}

function order(candidates: Candidate[]): Candidate[] {
  const sorted = [...candidates].sort(
    (a, b) => step(b) - step(a) || depth(a, b) || firstLine(a) - firstLine(b) || b.confidence - a.confidence,
  );
  const placed: Candidate[] = [];
  const visiting = new Set<Candidate>();
  const place = (candidate: Candidate): void => {
    if (placed.includes(candidate) || visiting.has(candidate)) return;
    visiting.add(candidate);
    for (const root of sorted)
      if (
        root !== candidate &&
        root.confidence >= ROOT_FROM &&
        root.fault.explains.includes(candidate.fault.id)
      )
        place(root);
    visiting.delete(candidate);
    placed.push(candidate);
  };
  for (const candidate of sorted) place(candidate);
  let ceiling = CERTAIN;
  return placed.map((candidate) => {
    // A symptom is as visible as its root but never the better answer: the numbers say the same as the order.
    const confidence = Math.max(0, Math.min(candidate.confidence, ceiling));
    ceiling = confidence;
    return { ...candidate, confidence };
  });
}

function step(candidate: Candidate): number {
  return Math.round(candidate.confidence * 10);
}

function firstLine(candidate: Candidate): number {
  return Math.min(...candidate.matches.map((match) => match.line));
}

/** Within one record the later line is the deeper cause (`Caused by`). */
function depth(a: Candidate, b: Candidate): number {
  for (const one of a.matches)
    for (const other of b.matches)
      if (one.record === other.record && one.line !== other.line && /caused by/i.test(one.recordText))
        return other.line - one.line;
  return 0;
}
