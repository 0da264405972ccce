import type { Language } from '../incident/plan.ts';

const digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** 1 → 一, 12 → 十二, 23 → 二十三; up to 99, more sections than any report has. */
export function chineseNumeral(value: number): string {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  const head = tens === 0 ? '' : tens === 1 ? '十' : `${digits[tens] ?? ''}十`;
  return head + (ones === 0 && tens > 0 ? '' : (digits[ones] ?? ''));
}

/** Numbers headings in their order: 一、（一）1. in Chinese official documents, 1 / 1.1 / 1.1.1 in English. */
export class HeadingNumbers {
  private readonly counts = [0, 0, 0];
  private readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  next(level: 1 | 2 | 3): string {
    this.counts[level - 1] = (this.counts[level - 1] ?? 0) + 1;
    for (let deeper = level; deeper < 3; deeper += 1) this.counts[deeper] = 0;
    const [first = 0, second = 0, third = 0] = this.counts;
    if (this.language === 'en') return `${[first, second, third].slice(0, level).join('.')} `;
    if (level === 1) return `${chineseNumeral(first)}、`;
    return level === 2 ? `（${chineseNumeral(second)}）` : `${third}. `;
  }
}
