import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, warroom } from '../support/run.ts';

let folder: string;
let red: Ran;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-drill-test-'));
  red = await warroom(['drill', 'red-outage', '-o', join(folder, 'red')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly occurred: string;
  readonly text: string;
}
const timeline = (): Line[] => JSON.parse(readFileSync(join(folder, 'red/timeline.json'), 'utf8'));

describe('warroom drill red-outage', () => {
  it('runs eight hours of a red incident without a line being refused', () => {
    expect(red.code).toBe(0);
    expect(red.err).not.toContain('! +');
    const lines = timeline();
    const hours =
      (Date.parse(lines.at(-1)?.occurred ?? '') - Date.parse(lines[0]?.occurred ?? '')) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(8);
  });

  it('L215 has every tier engaged within two hours', () => {
    const start = Date.parse('2026-11-24T03:12:00+08:00');
    const raised = timeline().filter((line) => line.text.startsWith('⬆️'));
    expect(raised).toHaveLength(4);
    for (const line of raised) expect(Date.parse(line.occurred) - start).toBeLessThanOrEqual(2 * 3_600_000);
    expect(red.out).toMatch(/✓ 各级响应到位/);
  });

  it('leaves the report as Word, HTML and Markdown with its headings and its Chinese whole', () => {
    for (const name of ['report.docx', 'report.html', 'report.md'])
      expect(existsSync(join(folder, 'red', name))).toBe(true);
    const word = unzipSync(readFileSync(join(folder, 'red/report.docx')));
    const text = strFromU8(word['word/document.xml'] ?? new Uint8Array());
    for (const part of ['故障处理报告', '社保核心系统', '数据库共享存储的两条链路同时中断']) {
      expect(text).toContain(part);
      expect(readFileSync(join(folder, 'red/report.md'), 'utf8')).toContain(part);
    }
  });

  it('names the drills it knows when asked for another', async () => {
    const none = await warroom(['drill', 'blue-whale']);
    expect(none.code).toBe(1);
    expect(none.err).toContain('red-outage');
    expect(none.err).not.toContain('    at ');
  });

  it('lists them without a name', async () => {
    expect((await warroom(['drill'])).out.split('\n')).toEqual(
      expect.arrayContaining(['red-outage', 'yellow-pool']),
    );
  });
});
