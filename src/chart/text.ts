import type { LogChart } from '../incident/events.ts';
import { columnName, stepName, WORDS } from './names.ts';

/** The chart as one line a fault, for places that show no pictures. */
export function chartText(chart: LogChart, lang: 'zh' | 'en'): string {
  const blocks = ' ▁▂▃▄▅▆▇█';
  const width = chart.series[0]?.counts.length ?? 0;
  const group = Math.max(1, Math.ceil(width / 48));
  const rows = chart.series.map((series) => {
    const sums: number[] = [];
    for (let at = 0; at < width; at += group)
      sums.push(series.counts.slice(at, at + group).reduce((sum, count) => sum + count, 0));
    return { title: series.title[lang], sums };
  });
  const highest = Math.max(1, ...rows.flatMap((row) => row.sums));
  const bars = rows.map(({ title, sums }) => {
    const bar = sums
      .map((sum) => blocks[sum === 0 ? 0 : Math.max(1, Math.ceil((8 * sum) / highest))])
      .join('');
    return `▏${bar}▕ ${title}`;
  });
  const words = WORDS[lang];
  const step = chart.step * group;
  const first = columnName(chart, 0, words.lines, true);
  const last = columnName(chart, Math.max(0, width - 1), words.lines, true);
  return [
    ...bars,
    `${first} → ${last} · ${chart.unit === 'minute' ? words.minute(stepName(step, lang)) : words.line(step)} · ${words.most} ${highest}`,
  ].join('\n');
}
