import type { LogChart } from '../incident/events.ts';

export const WORDS = {
  zh: {
    minute: (step: string) => `错误数，每格 ${step}（按日志所印时间）`,
    line: (step: number) => `命中数，每格 ${step} 行（日志没有时间）`,
    lines: '行',
    most: '最多',
    in: '于',
    total: '共',
  },
  en: {
    minute: (step: string) => `Errors per ${step} (times as the log prints them)`,
    line: (step: number) => `Hits per ${step} lines (the log prints no times)`,
    lines: 'line',
    most: 'most',
    in: 'at',
    total: 'total',
  },
} as const;

export function stepName(minutes: number, lang: 'zh' | 'en'): string {
  const zh = lang === 'zh';
  if (minutes < 60) return zh ? `${minutes} 分钟` : minutes === 1 ? 'minute' : `${minutes} minutes`;
  if (minutes < 1440) return zh ? `${minutes / 60} 小时` : minutes === 60 ? 'hour' : `${minutes / 60} hours`;
  const days = Math.round(minutes / 1440);
  return zh ? `${days} 天` : days === 1 ? 'day' : `${days} days`;
}

export function columnName(chart: LogChart, column: number, lines: string, full: boolean): string {
  const at = chart.from + column * chart.step;
  if (chart.unit === 'line') return lines === '行' ? `第 ${at} 行` : `${lines} ${at}`;
  const printed = new Date(at * 60_000).toISOString();
  return full ? `${printed.slice(0, 10)} ${printed.slice(11, 16)}` : printed.slice(11, 16);
}

export function dayOf(chart: LogChart, column: number): string {
  if (chart.unit === 'line') return '';
  return new Date((chart.from + column * chart.step) * 60_000).toISOString().slice(0, 10);
}
