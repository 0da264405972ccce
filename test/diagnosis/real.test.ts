import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { maskSecrets } from '../../src/secrets/mask.ts';

const folder = new URL('../samples/real/', import.meta.url);
const knowledge = loadKnowledge();
const expected = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')));

describe('logs of faults made to happen', () => {
  test('every log says what it shows', () => {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    expect(Object.keys(expected).sort()).toEqual(logs.sort());
  });

  test.each(Object.entries(expected).filter(([, faults]) => faults.length > 0))(
    '%s is %s',
    (name, faults) => {
      const diagnosis = diagnose(readFileSync(new URL(name, folder), 'utf8'), knowledge);
      const [best] = diagnosis.findings;
      expect(faults).toContain(best?.fault);
      expect(best?.confidence).toBeGreaterThanOrEqual(0.5);
    },
  );

  test.each(Object.entries(expected).filter(([, faults]) => faults.length === 0))(
    '%s is no certain fault',
    (name) => {
      const diagnosis = diagnose(readFileSync(new URL(name, folder), 'utf8'), knowledge);
      expect(diagnosis.findings.filter((finding) => finding.confidence >= 0.5)).toEqual([]);
    },
  );

  test.each(Object.keys(expected))('%s: every evidence line is the line it names', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const lines = text.split('\n');
    for (const finding of diagnose(text, knowledge).findings)
      for (const { line, text: shown } of finding.evidence)
        expect(maskSecrets(lines[line - 1] ?? '').text.trim()).toBe(shown);
  });
});
