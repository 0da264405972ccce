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
  const made = RE2JS.compile(source.replaceAll(' ', '\\s+'), RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
  compiled.set(source, made);
  return made;
}

/** A pattern met later than at load time compiles when it is first needed: start-up stays short. */
export function matches(source: string, text: string): boolean {
  return compilePattern(source).test(text);
}
