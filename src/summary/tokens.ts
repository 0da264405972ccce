const stop = new Set(
  'the a an is was are were be been to of in on at and or but it this that we i you our for with as by not no so has have had do did'.split(
    ' ',
  ),
);

/** What a text is about, for comparing two statements: Latin words and pairs of Chinese characters. */
export function topicTokens(text: string): Set<string> {
  const tokens = new Set<string>();
  for (const word of text.toLowerCase().match(/[a-z0-9][a-z0-9_.-]*/g) ?? []) {
    const bare = word.replace(/[.-]+$/, '');
    if (!stop.has(bare) && bare.length > 1) tokens.add(bare);
  }
  for (const run of text.match(/[\u3400-\u9fff]+/g) ?? []) {
    for (let index = 0; index + 1 < run.length; index += 1) tokens.add(run.slice(index, index + 2));
  }
  return tokens;
}

/** The share of `part` that `whole` contains, 0 to 1. */
export function coverage(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  if (part.size === 0) return 0;
  let shared = 0;
  for (const token of part) if (whole.has(token)) shared += 1;
  return shared / part.size;
}
