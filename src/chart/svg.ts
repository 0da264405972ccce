import type { LogChart } from '../incident/events.ts';
import { columnName, dayOf, stepName, WORDS } from './names.ts';

const WIDTH = 760;
const PLOT = { left: 52, right: 16, top: 50, height: 190 };
const AXIS = 40;
const LEGEND_ROW = 20;
const TICKS = 8;

/** Told apart also by people who see fewer colours: dark to light, and the legend stands in the bars' order. */
const LIGHT = ['#b3261e', '#b35c00', '#1f5fa8', '#2b7a3f', '#6a4c93'];
const DARK = ['#ff8a80', '#ffb74d', '#82b1ff', '#8bd19a', '#c9a7eb'];

/**
 * The chart as a picture that stands alone: readable in a light and a dark room, without script or font of its own.
 * @param forced one of the two looks, for a reader that does not tell its own.
 */
export function chartSvg(chart: LogChart, lang: 'zh' | 'en', forced?: 'light' | 'dark'): string {
  const words = WORDS[lang];
  const width = chart.series[0]?.counts.length ?? 0;
  const sums = Array.from({ length: width }, (_, column) => sumAt(chart, column));
  const highest = Math.max(1, ...sums);
  const scale = niceScale(highest);
  const plotWidth = WIDTH - PLOT.left - PLOT.right;
  const slot = plotWidth / Math.max(1, width);
  const bottom = PLOT.top + PLOT.height;
  const height = bottom + AXIS + LEGEND_ROW * chart.series.length + 12;
  const yOf = (count: number) => bottom - (PLOT.height * count) / scale.top;
  const parts: string[] = [];
  const title = chart.unit === 'minute' ? words.minute(stepName(chart.step, lang)) : words.line(chart.step);
  parts.push(text(PLOT.left, 22, title, 'title'));
  const peak = sums.indexOf(Math.max(...sums));
  parts.push(
    text(
      PLOT.left,
      40,
      `${words.most} ${highest} ${words.in} ${columnName(chart, peak, words.lines, true)}`,
      'small',
    ),
  );
  for (let tick = 0; tick <= scale.top; tick += scale.step) {
    const y = yOf(tick);
    parts.push(
      `<line class="${tick === 0 ? 'axis' : 'grid'}" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${num(y)}" y2="${num(y)}"/>`,
    );
    parts.push(text(PLOT.left - 8, y + 4, String(tick), 'small', 'end'));
  }
  for (let column = 0; column < width; column++) {
    let base = 0;
    chart.series.forEach((series, index) => {
      const count = series.counts[column] ?? 0;
      if (count === 0) return;
      const top = yOf(base + count);
      // One hit beside thousands is still there.
      const tall = Math.max(1.5, yOf(base) - top);
      const gap = slot > 4 ? 1 : 0;
      parts.push(
        `<rect class="s${index}" x="${num(PLOT.left + column * slot)}" y="${num(yOf(base) - tall)}" width="${num(Math.max(1, slot - gap))}" height="${num(tall)}"><title>${escaped(`${columnName(chart, column, words.lines, true)} · ${series.title[lang]} ${count}`)}</title></rect>`,
      );
      base += count;
    });
  }
  const every = Math.max(1, Math.ceil(width / TICKS));
  for (let column = 0; column < width; column += every) {
    const x = PLOT.left + column * slot;
    parts.push(`<line class="axis" x1="${num(x)}" x2="${num(x)}" y1="${bottom}" y2="${bottom + 4}"/>`);
    const newDay = column === 0 || dayOf(chart, column) !== dayOf(chart, column - every);
    parts.push(text(x, bottom + 18, columnName(chart, column, words.lines, false), 'small'));
    if (chart.unit === 'minute' && newDay) parts.push(text(x, bottom + 33, dayOf(chart, column), 'small'));
  }
  chart.series.forEach((series, index) => {
    const y = bottom + AXIS + LEGEND_ROW * index + 8;
    const total = series.counts.reduce((sum, count) => sum + count, 0);
    parts.push(`<rect class="s${index}" x="${PLOT.left}" y="${y - 10}" width="12" height="12" rx="2"/>`);
    parts.push(
      text(PLOT.left + 20, y, `${series.title[lang]}（${series.fault}） ${words.total} ${total}`, 'label'),
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}" lang="${lang}"><style>${style(forced)}</style><rect class="back" width="${WIDTH}" height="${height}"/>${parts.join('')}</svg>\n`;
}

function sumAt(chart: LogChart, column: number): number {
  return chart.series.reduce((sum, series) => sum + (series.counts[column] ?? 0), 0);
}

/** An upper end and a step that people count in: 1, 2, 5 and their tens. */
function niceScale(highest: number): { top: number; step: number } {
  const rough = highest / 4;
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((one) => one * ten).find((one) => one >= rough) ?? ten * 10;
  return { top: Math.ceil(highest / step) * step, step };
}

function style(forced: 'light' | 'dark' | undefined): string {
  const look = (dark: boolean): string => {
    const ink = dark ? '#e8eaed' : '#1d1f23';
    const quiet = dark ? '#aab0b8' : '#5a6069';
    const back = dark ? '#17191d' : '#ffffff';
    const grid = dark ? '#33373e' : '#e4e6ea';
    const colours = (dark ? DARK : LIGHT).map((colour, index) => `.s${index}{fill:${colour}}`).join('');
    return `.back{fill:${back}}.title,.label{fill:${ink}}.small{fill:${quiet}}.grid{stroke:${grid}}.axis{stroke:${quiet}}${colours}`;
  };
  const fonts =
    "text{font-family:'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif}.title{font-size:15px;font-weight:600}.label{font-size:13px}.small{font-size:11px}";
  if (forced !== undefined) return fonts + look(forced === 'dark');
  return `${fonts}${look(false)}@media (prefers-color-scheme:dark){${look(true)}}`;
}

function text(x: number, y: number, content: string, kind: string, anchor?: 'end'): string {
  return `<text class="${kind}" x="${num(x)}" y="${num(y)}"${anchor === undefined ? '' : ` text-anchor="${anchor}"`}>${escaped(content)}</text>`;
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
