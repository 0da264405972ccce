import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge, startDiagnosis } from '../../src/diagnosis/index.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();

/** Ordinary lines, no two alike, enough of them to make a text too large to be normalised as a whole. */
const ordinary = Array.from(
  { length: 16_000 },
  (_, n) =>
    `2026-11-24 03:12:${10 + (n % 50)},${100 + (n % 900)} INFO  [worker-${n}] c.e.Orders - order ${n} stored, took ${n % 90} ms`,
).join('\n');

/** Separates texts by more than the reach of any rule. */
const gap = Array.from(
  { length: 40 },
  (_, n) => `2026-11-24 03:12:09,${100 + n} INFO  [main] c.e.Orders - page ${n}`,
);

type Told = { fault: string; confidence: number; line: number | undefined }[];

function told(findings: ReturnType<typeof diagnose>['findings']): Told {
  return findings
    .map(({ fault, confidence, evidence }) => ({ fault, confidence, line: evidence[0]?.line }))
    .sort((a, b) => (a.fault < b.fault ? -1 : 1));
}

function inPieces(...pieces: string[]): Told {
  const run = startDiagnosis(knowledge);
  for (const piece of pieces) run.push(piece);
  return told(run.finish().findings);
}

const texts = [
  ...samples().map((sample) => sample.text),
  ...readdirSync(new URL('../samples/real/', import.meta.url))
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(new URL(`../samples/real/${name}`, import.meta.url), 'utf8').trimEnd()),
]
  // A large file is not normalised before the search: what only a chat does to a text is not looked for in it.
  .filter((text) => /^[\t\n\x20-\x7e]*$/.test(text) && !text.includes('\\n'));

const groups = Array.from({ length: Math.ceil(texts.length / 40) }, (_, at) =>
  texts.slice(at * 40, at * 40 + 40).flatMap((text) => [...gap, text]),
);

describe('a large file and a paste are read on different paths', () => {
  it.each(groups.map((group, at) => [at, group]))('and say the same: group %i', (_, group) => {
    const text = `${group.join('\n')}\n`;
    expect(text.length).toBeLessThan(1 << 20);
    expect(inPieces(`${text}${ordinary}`)).toEqual(inPieces(text));
  });

  it('what is repeated a thousand times is the same fault, counted', () => {
    const lines = [
      'java.lang.OutOfMemoryError: Java heap space',
      'com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis 60000, active 20, maxActive 20, creating 0',
      'java.net.SocketException: Too many open files',
    ];
    const once = diagnose(lines.join('\n'), knowledge).findings;
    const often = diagnose(
      Array.from({ length: 1000 }, (_, n) => lines.map((line) => `${line} #${n}`).join('\n')).join('\n'),
      knowledge,
    ).findings;
    expect(told(often)).toEqual(told(once));
    expect(often.map((finding) => finding.facts.count)).toEqual(once.map(() => 1000));
  });

  it('one line whose numbers say otherwise is found among thousands of its like', () => {
    const full = 'GetConnectionTimeoutException: wait millis 60000, active 20, maxActive 20, creating 0';
    const below = 'GetConnectionTimeoutException: wait millis 60000, active 3, maxActive 20, creating 1';
    const text = Array.from({ length: 5000 }, (_, n) => (n === 4000 ? below : full)).join('\n');
    expect(diagnose(text, knowledge).findings.map((finding) => finding.fault)).toContain('db-unreachable');
  });
});
