import type { Knowledge } from './knowledge.ts';
import { numberOf } from './match.ts';
import { compilePattern } from './pattern.ts';
import type { Candidate } from './rank.ts';
import { readStamp } from './when.ts';

const PATH = /^(?:\/|[A-Za-z]:[\\/])\S*$/;
const NUMERIC = /^\d[\d,]{0,14}$/;

/**
 * Facts for the incident timeline (FAULTS F): what the matching patterns named, what the knowledge's general fact
 * patterns find in the same records, and count, first and last line.
 */
export function factsOf(knowledge: Knowledge, candidate: Candidate): Record<string, string | number> {
  const facts: Record<string, string> = {};
  for (const match of candidate.matches)
    for (const [name, value] of Object.entries(match.facts)) facts[name] ??= value;
  for (const match of candidate.matches.slice(0, 4))
    for (const fact of knowledge.shared.facts) {
      if (facts[fact.name] !== undefined) continue;
      const matcher = compilePattern(fact.pattern).matcher(
        fact.on === 'record' ? match.recordText : match.nearText,
      );
      if (!matcher.find()) continue;
      const value = matcher.group(1);
      if (value !== null && value.trim() !== '') facts[fact.name] = value.trim();
    }
  for (const [name, value] of Object.entries(facts)) facts[name] = withoutStop(value);
  const result: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(facts))
    result[name] = NUMERIC.test(value) ? numberOf(value) : value;
  const lines = candidate.matches.map((match) => match.line);
  result.count = candidate.count;
  result.firstLine = Math.min(...lines);
  result.lastLine = candidate.last.line;
  return { ...result, ...timesOf(candidate) };
}

/** A path at the end of a sentence: its full stop is no part of it, and with it the copied command finds nothing. */
function withoutStop(value: string): string {
  return PATH.test(value) ? value.replace(/[.,;:!)\]>'"。，；：）》”’]{1,4}$/, '') : value;
}

/** When it was first and last seen, as printed; as an instant only where the log leaves no doubt about the zone. */
function timesOf(candidate: Candidate): Record<string, string> {
  const earliest = [...candidate.matches].sort((a, b) => a.line - b.line)[0];
  const first = earliest === undefined ? null : readStamp(earliest.recordText);
  const last = readStamp(candidate.last.recordText);
  const times: Record<string, string> = {};
  if (first !== null) times.firstTime = first.raw;
  if (last !== null) times.lastTime = last.raw;
  if (first !== null && first.at !== null) times.firstAt = new Date(first.at).toISOString();
  if (last !== null && last.at !== null) times.lastAt = new Date(last.at).toISOString();
  return times;
}
