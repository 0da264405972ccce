import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judged } from '../../src/summary/trust.ts';
import { gramsOf, places, soundsLike, wording } from '../../src/summary/wording.ts';

describe('the words of a statement', () => {
  it('given Chinese, then its characters and pairs of them are heard, with where it begins and ends', () => {
    expect(new Set(gramsOf('磁盘满'))).toEqual(new Set(['^ 磁', '磁', '磁 盘', '盘', '盘 满', '满', '满 $']));
  });

  it('given English, then words stand without their endings, and any number is a number', () => {
    const heard = gramsOf('Restarted 3 nodes, restarting again');
    expect(heard).toContain('restart');
    expect(heard).toContain('restart #');
    expect(heard).toContain('# nod');
    expect(heard).toContain('| restart');
    expect(heard.filter((gram) => gram === 'restart')).toHaveLength(1);
  });

  it('given any text, then its weight is the sum over the words the file knows, each once', () => {
    const known = judged.flatMap((fact) => [...wording()[fact].words.keys()].slice(0, 200));
    const spoken = fc.array(
      fc.oneof(
        fc.constantFrom(...known.map((gram) => gram.replaceAll(/[\^$#|] ?| ?[\^$#|]/g, ''))),
        fc.constantFrom(
          '，',
          '。',
          ' ',
          '12',
          '3.5',
          '坏',
          '了',
          '重启',
          'failed',
          '\u{1f44c}',
          '\ud800',
          '\u0000',
        ),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(spoken, fc.constantFrom(...judged), fc.constantFrom(...places), (parts, fact, place) => {
        const text = parts.join('');
        const weights = wording()[fact][place];
        const sum = gramsOf(text).reduce((total, gram) => total + (weights.get(gram) ?? 0), 0);
        expect(soundsLike(fact, place, text)).toBeCloseTo(text === '' ? 0 : sum, 4);
      }),
      { numRuns: 500 },
    );
  });

  it('given a pasted file, then only its beginning is heard', () => {
    const long = '坏了'.repeat(200_000);
    expect(soundsLike('cause', 'words', long)).toBeCloseTo(
      soundsLike('cause', 'words', `${long.slice(0, 400)}`),
      4,
    );
  });
});
