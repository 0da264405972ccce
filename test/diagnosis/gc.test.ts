import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge, startDiagnosis } from '../../src/diagnosis/index.ts';

const knowledge = loadKnowledge();
const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../samples/gc/${name}.log`, import.meta.url)), 'utf8');
const said = (found: { measured: readonly { says: { zh: string } }[] }): string =>
  found.measured.map(({ says }) => says.zh).join('\n');

describe('GC logs', () => {
  it.each<[string, RegExp[]]>([
    [
      'unified-serial-thrash',
      [/占用时间最高 98 %/, /94 次 Full GC，最后三次之后堆仍占 99 %、100 %、99 %/, /最长 166 ms/],
    ],
    [
      'jdk8-parallel-thrash',
      [/占用时间最高 80 %/, /6 次 Full GC，.*（2043 MB\/2048 MB）/, /最长 3\.1 s：Full GC \(Ergonomics\)/],
    ],
    ['jdk8-g1-full', [/占用时间最高 96 %/, /4 次 Full GC/, /分配失败\/疏散失败 1 次/, /最长 9\.7 s/]],
  ])('given %s, then thrashing is found with its figures', (name, figures) => {
    const found = diagnose(sample(name), knowledge);
    expect(found.findings[0]?.fault).toBe('gc-thrash');
    for (const figure of figures) expect(said(found)).toMatch(figure);
    expect(found.findings[0]?.facts).toMatchObject({ gcShare: expect.stringMatching(/^\d+%$/) });
  });

  it.each([
    ['unified-g1-healthy', /182 次（Full 0 次），最长 1 ms/],
    ['jdk8-cms-healthy', /6 次（Full 1 次），最长 802 ms/],
    ['jdk8-plain', /5 次（Full 1 次），最长 41 ms/],
  ])('given %s, then the figures are told and nothing is found', (name, figures) => {
    const found = diagnose(sample(name), knowledge);
    expect(found.findings).toEqual([]);
    expect(said(found)).toMatch(figures);
  });

  it('given one line alone of a healthy log, then nothing is said about the share of time', () => {
    expect(said(diagnose(sample('jdk8-plain').split('\n')[0] ?? '', knowledge))).not.toContain('占用时间');
  });

  it('given the same log inside a large server log, then the figures are the same', () => {
    const noise = '2026-03-01 10:00:00,000 INFO [main] order 17 booked in 3 ms\n'.repeat(40_000);
    const run = startDiagnosis(knowledge);
    run.push(Buffer.from(`${noise}${sample('jdk8-parallel-thrash')}${noise}`));
    expect(said(run.finish())).toMatch(/占用时间最高 80 %（17\.9\/22\.4 s/);
  });

  it('given two logs of two runs after each other, then the restart is no time without collections', () => {
    const log = sample('unified-serial-thrash');
    expect(said(diagnose(`${log}${log}`, knowledge))).toMatch(/占用时间最高 98 %/);
  });
});
