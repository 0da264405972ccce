import type { LessonSide } from '../../src/incident/events.ts';

const SIDES: readonly (readonly [RegExp, LessonSide])[] = [
  [/^(?:做得好|好|well|good)\s*[:：]\s*/i, 'well'],
  [/^(?:幸运|侥幸|lucky)\s*[:：]\s*/i, 'lucky'],
  [/^(?:差|不足|待改进|badly|bad)\s*[:：]\s*/i, 'badly'],
];

/** "好：先取证再处理" → well; what names no side is something to do better. */
export function readLesson(text: string): { readonly side: LessonSide; readonly text: string } {
  const trimmed = text.trim();
  for (const [prefix, side] of SIDES) {
    if (prefix.test(trimmed)) return { side, text: trimmed.replace(prefix, '') };
  }
  return { side: 'badly', text: trimmed };
}
