import { columnName, stepName, WORDS } from '../chart/names.ts';
import type { LogChart } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import type { Drawing, Ink, Shape } from './document.ts';

const width = 480;
const plot = { left: 34, top: 14, height: 96 } as const;
const legendRow = 13;
const ticks = 6;
const inks: readonly Ink[] = ['bad', 'warn', 'accent', 'good', 'muted'];

/** Errors of a log over its time, stacked by fault; the legend stands in the order of the stacks. */
export function errorsOverTime(chart: LogChart, language: Language): Drawing {
  const words = WORDS[language];
  const columns = chart.series[0]?.counts.length ?? 0;
  const sums = Array.from({ length: columns }, (_, at) =>
    chart.series.reduce((sum, one) => sum + (one.counts[at] ?? 0), 0),
  );
  const highest = Math.max(1, ...sums);
  const bottom = plot.top + plot.height;
  const slot = (width - plot.left) / Math.max(1, columns);
  const shapes: Shape[] = [
    line(plot.left, bottom, width, bottom),
    line(plot.left, plot.top, width, plot.top),
  ];
  shapes.push(label(plot.left - 5, plot.top + 3, String(highest), 'end'));
  shapes.push(label(plot.left - 5, bottom + 3, '0', 'end'));
  const base = Array.from({ length: columns }, () => bottom);
  chart.series.forEach((series, index) => {
    series.counts.forEach((count, at) => {
      if (count === 0) return;
      // One hit beside thousands is still there.
      const height = Math.max(1, (plot.height * count) / highest);
      const top = Math.max(plot.top, (base[at] ?? bottom) - height);
      const fill = inks[index] ?? 'muted';
      shapes.push({
        shape: 'rect',
        x: plot.left + at * slot,
        y: top,
        width: Math.max(0.6, slot - (slot > 3 ? 0.8 : 0)),
        height: Math.max(0.6, (base[at] ?? bottom) - top),
        fill,
      });
      base[at] = top;
    });
  });
  const every = Math.max(1, Math.ceil(columns / ticks));
  for (let at = 0; at < columns; at += every)
    shapes.push(
      label(plot.left + at * slot, bottom + 12, columnName(chart, at, words.lines, at === 0), 'start'),
    );
  const totals = chart.series.map((series, index) => {
    const y = bottom + 28 + index * legendRow;
    const total = series.counts.reduce((sum, count) => sum + count, 0);
    const text = `${series.title[language]} ${words.total} ${total}`;
    shapes.push({ shape: 'rect', x: plot.left, y: y - 7, width: 8, height: 8, fill: inks[index] ?? 'muted' });
    shapes.push({ shape: 'text', x: plot.left + 13, y, size: 8.5, text, anchor: 'start', ink: 'text' });
    return text;
  });
  const peak = `${words.most} ${highest} ${words.in} ${columnName(chart, sums.indexOf(highest), words.lines, true)}`;
  return {
    width,
    height: bottom + 28 + chart.series.length * legendRow,
    alt: [...totals, peak].join(language === 'zh' ? '；' : '; '),
    shapes,
  };
}

export function chartCaption(chart: LogChart, language: Language): string {
  return chart.unit === 'minute'
    ? WORDS[language].minute(stepName(chart.step, language))
    : WORDS[language].line(chart.step);
}

function line(x1: number, y1: number, x2: number, y2: number): Shape {
  return { shape: 'line', dashed: false, x1, y1, x2, y2, ink: 'line' };
}

function label(x: number, y: number, text: string, anchor: 'start' | 'end'): Shape {
  return { shape: 'text', x, y, size: 7.5, text, anchor, ink: 'muted' };
}
