import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { maskSecrets } from '../../src/secrets/mask.ts';

const file = fileURLToPath(new URL('../../../shared/logs/dev-cases.jsonl', import.meta.url));
const missing = !existsSync(file);
const caseOf = z.object({
  id: z.string(),
  labels: z.array(z.string()).min(1),
  text: z.string(),
  outside: z.boolean().optional(),
});

describe.skipIf(missing)(
  `real excerpts${missing ? ' (skipped: the development set is not beside the project)' : ''}`,
  () => {
    const knowledge = loadKnowledge();
    const cases = missing
      ? []
      : readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => caseOf.parse(JSON.parse(line)));
    const counted = cases.filter((one) => one.outside !== true);

    it('the right fault comes first in at least 95 %', () => {
      const faulty = counted.filter((one) => one.labels[0] !== 'none');
      const wrong = faulty.filter(
        (one) => diagnose(one.text, knowledge).findings[0]?.fault !== one.labels[0],
      );
      expect(wrong.length / faulty.length, wrong.map((one) => one.id).join(' ')).toBeLessThanOrEqual(0.05);
    });
    it('a benign text raises no finding at 0.5 or above', () => {
      const alarmed = counted
        .filter((one) => one.labels[0] === 'none')
        .filter((one) => diagnose(one.text, knowledge).findings.some((finding) => finding.confidence >= 0.5));
      expect(alarmed.map((one) => one.id)).toEqual([]);
    });
    it('masking changes no finding', () => {
      for (const one of cases) {
        const faults = (text: string) => diagnose(text, knowledge).findings.map((finding) => finding.fault);
        expect(faults(maskSecrets(one.text).text), one.id).toEqual(faults(one.text));
      }
    });
  },
);
