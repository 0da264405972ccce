import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../src/chart/svg.ts';
import { chartText } from '../../src/chart/text.ts';
import { loadKnowledge, startDiagnosis } from '../../src/diagnosis/index.ts';

const knowledge = loadKnowledge();
const chartOf = (text: string) => {
  const run = startDiagnosis(knowledge, { chart: true });
  run.push(text);
  return run.finish().chart;
};
const files = (time: string) => `${time} ERROR java.io.IOException: Too many open files`;
const port = (time: string) => `${time} ERROR java.net.BindException: Address already in use`;

describe('errors over time', () => {
  it('counts each fault in its minute; a stack trace counts where its record begins', () => {
    const chart = chartOf(
      [
        files('2026-03-01 10:00:01,000'),
        '2026-03-01 10:01:00,000 ERROR request failed',
        'java.io.IOException: wrapped',
        '\tat com.acme.A.b(A.java:1)',
        'Caused by: java.io.IOException: Too many open files',
        files('2026-03-01 10:03:59,999'),
        port('2026-03-01 10:03:01,000'),
      ].join('\n'),
    );
    const of = (fault: string) => chart?.series.find((one) => one.fault === fault)?.counts;
    expect(chart).toMatchObject({ unit: 'minute', step: 1, from: Date.UTC(2026, 2, 1, 10, 0) / 60_000 });
    expect(of('too-many-open-files')).toEqual([1, 1, 0, 1]);
    expect(of('port-in-use')).toEqual([0, 0, 0, 1]);
  });
  it('a month of errors is drawn in as many columns as can be read', () => {
    const days = Array.from({ length: 31 }, (_, day) =>
      files(`2026-03-${String(day + 1).padStart(2, '0')} 10:00:00,000`),
    );
    const chart = chartOf(days.join('\n'));
    expect(chart?.series[0]?.counts.length).toBeLessThanOrEqual(96);
    expect(chart?.series[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(31);
  });
  it('a log without times is drawn by its lines', () => {
    const chart = chartOf(`${'all is well\n'.repeat(500)}${'Too many open files\n'.repeat(20)}`);
    expect(chart).toMatchObject({ unit: 'line', from: 1 });
    expect(chart?.series[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(20);
  });
  it('a line on which several rules speak is one error', () => {
    const down = (minute: number) =>
      `2026-03-01 10:0${minute}:00,000 ERROR java.sql.SQLRecoverableException: IO Error: The Network Adapter could not establish the connection`;
    const chart = chartOf([1, 2, 3, 4].map(down).join('\n'));
    expect(chart?.series.find((one) => one.fault === 'db-unreachable')?.counts).toEqual([1, 1, 1, 1]);
  });
  it('one or two hits make no picture', () => {
    expect(chartOf(files('2026-03-01 10:00:01,000'))).toBeNull();
  });
  it('is well-formed, names its faults in the reader’s language and keeps a light and a dark look', () => {
    const chart = chartOf([1, 2, 3, 4].map((at) => files(`2026-03-01 10:0${at}:00,000`)).join('\n'));
    if (chart === null) throw new Error('nothing was drawn');
    const zh = chartSvg(chart, 'zh');
    expect(zh).toContain('打开文件数超过上限');
    expect(chartSvg(chart, 'en')).toContain('Too many open files');
    expect(zh).toContain('prefers-color-scheme:dark');
    expect(chartSvg(chart, 'zh', 'dark')).not.toContain('prefers-color-scheme');
    expect(zh.match(/<(text|title|rect|svg|style)\b/g)?.length).toBe(
      (zh.match(/<\/(text|title|rect|svg|style)>/g)?.length ?? 0) +
        (zh.match(/<rect [^>]*\/>/g)?.length ?? 0),
    );
    expect(chartText(chart, 'zh')).toMatch(/^▏█+▕ 打开文件数超过上限\n2026-03-01 10:01 → 2026-03-01 10:04/);
  });
  it('a title with markup in it stays text', () => {
    const chart = {
      unit: 'minute',
      from: 0,
      step: 1,
      series: [{ fault: 'x', title: { zh: '<script>', en: '<script>' }, counts: [1] }],
    } as const;
    expect(chartSvg(chart, 'zh')).not.toContain('<script>');
  });
});
