import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/**
 * Compiles a pattern of the knowledge once: case is ignored, and one blank stands for any run of white space,
 * because pasted lines are wrapped and re-indented (FAULTS: "Normalise before matching").
 * Throws what re2js throws when the source is not a linear-time pattern.
 */
export function compilePattern(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const made = RE2JS.compile(anyBlank(source), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
  compiled.set(source, made);
  return made;
}

/** ` ` becomes `\s+` and ` ?` becomes `\s*`; a blank with another count, or in a class, keeps its count as `\s`. */
function anyBlank(source: string): string {
  let inClass = false;
  let made = '';
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '\\') {
      made += char + (source[++at] ?? '');
      continue;
    }
    if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    if (char !== ' ') {
      made += char;
      continue;
    }
    const next = source[at + 1];
    if (inClass) made += '\\s';
    else if (next === '?') {
      made += '\\s*';
      at += 1;
    } else made += next === '*' || next === '+' || next === '{' ? '\\s' : '\\s+';
  }
  return made;
}

/** A pattern met later than at load time compiles when it is first needed: start-up stays short. */
export function matches(source: string, text: string): boolean {
  return compilePattern(source).test(text);
}
