import type { Bilingual } from './schema.ts';
import type { Reason } from './types.ts';

/** A rule that spoke, in one line: its weight as the entry has it, its name, where it spoke, and what it means. */
export function reasonWords(reason: Reason, where: string): Bilingual {
  const weight = `${reason.weight < 0 ? '−' : '+'}${Math.abs(reason.weight).toFixed(2)}`;
  const line = reason.line === undefined ? '' : ` ${where}`;
  const told = (lang: 'zh' | 'en'): string => {
    const because = reason.because?.[lang] ?? (reason.recovery === true ? RECOVERY[lang] : null);
    if (because === null) return '';
    return lang === 'zh' ? `（${because}）` : ` (${because})`;
  };
  return {
    zh: `${weight} ${reason.rule}${line}${told('zh')}`,
    en: `${weight} ${reason.rule}${line}${told('en')}`,
  };
}

const RECOVERY: Bilingual = { zh: '之后出现恢复迹象', en: 'a sign of recovery came after it' };
