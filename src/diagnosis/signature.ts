import { maskSecrets } from '../secrets/mask.ts';
import type { Candidate } from './rank.ts';
import type { Evidence } from './types.ts';

const TELLING = 5;
const EXCEPTION = /\b((?:[a-z][\w$]*\.){0,12}[A-Z][\w$]*(?:Exception|Error|Throwable))\b/;
const COMPLAINS =
  /\b(?:SEVERE|FATAL|CRITICAL|EMERG|PANIC|ERROR|ERR|error|failed|failure|cannot|unable|denied|refused|Error|Failed|WARN|Warning)\b|严重|错误|失败|异常|无法|拒绝/;

/** Collects, in one pass over the text's lines, what an unknown text says most clearly. */
export interface TellingLines {
  add(line: number, text: string): void;
  best(): { line: number; text: string; score: number }[];
}

export function tellingLines(): TellingLines {
  const kept: { line: number; text: string; score: number }[] = [];
  const shapes = new Set<string>();
  return {
    add(line, text) {
      const score = telling(text);
      if (score === 0) return;
      if (kept.length >= TELLING && score <= (kept[kept.length - 1]?.score ?? 0)) return;
      const shape = maskVariables(text);
      if (shapes.has(shape)) return;
      shapes.add(shape);
      kept.push({ line, text, score });
      kept.sort((a, b) => b.score - a.score || a.line - b.line);
      if (kept.length > TELLING) kept.pop();
    },
    best: () => kept,
  };
}

function telling(text: string): number {
  if (/^\s*at [\w$.]+\(/.test(text)) return 0;
  let score = 0;
  if (COMPLAINS.test(text)) score += 1;
  if (EXCEPTION.test(text)) score += 2;
  if (/^\s*Caused by:/.test(text)) score += 3;
  return score;
}

/** Equal for two occurrences of one problem: numbers, ids, addresses, paths, quoted names and times are masked. */
export function maskVariables(text: string): string {
  return maskSecrets(text.slice(0, 600))
    .text.replace(
      /\b\d{4}[-/.]\d\d?[-/.]\d\d?[T ]?\d{0,2}(?::\d\d){0,2}(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g,
      '<time>',
    )
    .replace(/\b\d\d?:\d\d(?::\d\d)?(?:[.,]\d{1,9})?\b/g, '<time>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<ip>')
    .replace(/"[^"]{0,200}"/g, '"<s>"')
    .replace(/'[^']{0,200}'/g, "'<s>'")
    .replace(/(?:\/[\w.@+-]{1,80}){2,30}/g, '<path>')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b0x[0-9a-f]{1,16}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,40}\b/gi, '<hex>')
    .replace(/\d+/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The signature of a text: the best finding's clearest line, else the most telling line, masked. */
export function signatureOf(
  best: Candidate | undefined,
  telling: readonly Evidence[],
  firstText: string,
): string {
  const line = best?.matches[0]?.text ?? telling[0]?.text ?? firstText;
  const exception = EXCEPTION.exec(line);
  const from = exception === null ? 0 : exception.index;
  const masked = maskVariables(line.slice(from)).slice(0, 200);
  return best === undefined ? masked : `${best.fault.id}: ${masked}`;
}
