import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();

/** As a window or a mail does it: between words, at a width. */
function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const made: string[] = [];
      let rest = line;
      for (let cut = rest.lastIndexOf(' ', width); rest.length > width && cut > 0; ) {
        made.push(rest.slice(0, cut));
        rest = rest.slice(cut + 1);
        cut = rest.lastIndexOf(' ', width);
      }
      return [...made, rest];
    })
    .join('\n');
}

const first = (text: string) => diagnose(text, knowledge).findings[0]?.fault;

describe('a paste whose lines were wrapped', () => {
  it.each([80, 72])(
    'given samples of one line wrapped at %i, then at least 97 %% are still told',
    (width) => {
      const wrapped = samples()
        .filter(({ rules, suspicion, second }) => rules.length > 0 && !suspicion && !second)
        .filter(({ text }) => text.trim().split('\n').length === 1 && text.length > width)
        .map(({ fault, text }) => ({ fault, text: wrap(text.trim(), width) }));
      expect(wrapped.length).toBeGreaterThan(20);
      const missed = wrapped.filter(({ fault, text }) => first(text) !== fault);
      expect(
        missed.length / wrapped.length,
        missed.map(({ text }) => text).join('\n---\n'),
      ).toBeLessThanOrEqual(0.03);
    },
  );

  it('given a message cut in its middle, then the evidence shows both lines under the number of the first', () => {
    const { findings } = diagnose(
      'see below\n\n2020-05-01 10:00:00,123 ERROR [http-8080-7] server - the cause was a java.net.BindException: Address\nalready in use',
      knowledge,
    );
    expect(findings[0]?.fault).toBe('port-in-use');
    expect(findings[0]?.evidence[0]).toMatchObject({ line: 3 });
    expect(findings[0]?.evidence[0]?.text).toContain('already in use');
  });

  it('given short lines below each other, then they are not read as one', () => {
    expect(first('Address\nalready in use')).toBeUndefined();
  });

  it('given code, then joining its lines raises no alarm', () => {
    const code = [
      'const known = [',
      '  "java.lang.OutOfMemoryError: Java heap space", "Too many open files", "No space left",',
      '  "on device", "Address already in use", "Permission denied", "Connection refused" ];',
    ].join('\n');
    expect(diagnose(code, knowledge).findings.filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
  });
});
