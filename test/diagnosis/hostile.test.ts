import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, diagnose, loadKnowledge, looksLikeLog, unpack } from '../../src/diagnosis/index.ts';
import { maskSecrets } from '../../src/secrets/mask.ts';
import { checkAnswer, trueLines } from '../support/answers.ts';
import { hostile, seeded } from '../support/pastes.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();
const texts = samples().map((sample) => sample.text);
const RUNS = 150;

/** Pieces that made log parsers hang or crash: nesting, near-matches, controls, half surrogates, wrapped messages. */
const nasty = fc.oneof(
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc.constantFrom(...texts),
  fc.constantFrom(
    '\ud800',
    '\udfff\ud83d',
    '\0\0',
    '\u001b[31m',
    '\u202e',
    '\ufeff',
    '\r',
    '\\n\\tat ',
    '```',
    '&lt;&lt;&lt;',
  ),
  fc.integer({ min: 1, max: 4000 }).map((n) => '<'.repeat(n)),
  fc.integer({ min: 1, max: 4000 }).map((n) => '[['.repeat(n)),
  fc.integer({ min: 1, max: 3000 }).map((n) => 'a.'.repeat(n)),
  fc.integer({ min: 1, max: 3000 }).map((n) => 'Caused by: '.repeat(n)),
  fc.integer({ min: 1, max: 2000 }).map((n) => 'java.lang.OutOfMemoryError: '.repeat(n)),
  fc.integer({ min: 1, max: 3000 }).map((n) => 'password=='.repeat(n)),
  fc.integer({ min: 1, max: 3000 }).map((n) => `${' '.repeat(n)}x`),
  fc.integer({ min: 1, max: 2000 }).map((n) => '[Full GC 1K->1K('.repeat(n)),
  fc.integer({ min: 1, max: 2000 }).map((n) => 'license '.repeat(n)),
);

describe('hostile text', () => {
  it('always gets an answer: sorted findings within 0..1, lines within the text, no control characters lost into ids', () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { maxLength: 12 }),
        fc.constantFrom('\n', ' ', '\r\n', ''),
        (parts, glue) => {
          const text = parts.join(glue);
          const diagnosis = diagnose(text, knowledge);
          const confidences = diagnosis.findings.map((finding) => finding.confidence);
          expect(confidences.every((c) => c >= 0 && c <= 1)).toBe(true);
          expect([...confidences].sort((a, b) => b - a)).toEqual(confidences);
          for (const finding of diagnosis.findings)
            for (const { line } of finding.evidence) {
              expect(line).toBeGreaterThanOrEqual(1);
              expect(line).toBeLessThanOrEqual(Math.max(1, diagnosis.lines));
            }
          expect(diagnosis.lines).toBe(
            text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
          );
          expect(typeof looksLikeLog(text)).toBe('boolean');
          expect(() => JSON.stringify(diagnosis)).not.toThrow();
        },
      ),
      { numRuns: RUNS },
    );
  });
  it('masking any text twice changes nothing more, and keeps every line', () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 8 }), (parts) => {
        const once = maskSecrets(parts.join('\n')).text;
        expect(maskSecrets(once).text).toBe(once);
        expect(once.split('\n').length).toBe(parts.join('\n').split('\n').length);
      }),
      { numRuns: RUNS },
    );
  });
  it('any bytes are decoded, unpacked or refused, never thrown on', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<number[]>(
          [],
          [0x1f, 0x8b, 8],
          [0x50, 0x4b, 3, 4],
          [0xff, 0xfe],
          [0xfe, 0xff],
          [0xef, 0xbb, 0xbf],
        ),
        fc.uint8Array({ maxLength: 600 }),
        (head, rest) => {
          const bytes = Uint8Array.from([...head, ...rest]);
          const unpacked = unpack('x', bytes);
          if (unpacked.ok)
            for (const file of unpacked.files) expect(typeof decode(file.bytes).ok).toBe('boolean');
          else expect(unpacked.zh.length).toBeGreaterThan(5);
        },
      ),
      { numRuns: 300 },
    );
  });
  it('a fault is still seen inside a megabyte line', () => {
    const text = `${'x'.repeat(1_200_000)} java.io.IOException: No space left on device ${'y'.repeat(300_000)}`;
    const { findings } = diagnose(text, knowledge);
    expect(findings[0]).toMatchObject({ fault: 'disk-full', evidence: [{ line: 1 }] });
    expect(findings[0]?.evidence[0]?.text.length).toBeLessThan(1000);
  });
  it('two thousand generated pastes and files each get an answer (more with npm run fuzz)', async () => {
    const lines = trueLines();
    const broken: string[] = [];
    const kinds = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      const answer = await checkAnswer(knowledge, hostile(seeded(seed), lines, 4000));
      kinds.add(answer.kind);
      if (answer.kind === 'broken') broken.push(`seed ${seed}: ${answer.why}`);
    }
    expect(broken).toEqual([]);
    expect([...kinds].sort()).toEqual(['fault', 'refused', 'unknown']);
  });
});
