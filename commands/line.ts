/** `/incident open …`, `/应急 开启 …`, `@战情室 开启 …` → the command's name and the rest; null for talk. */
export function readLine(text: string): { readonly word: string; readonly rest: string } | null {
  const match = /^\s*(?:\/(?:incident|应急|inc)|@(?:warroom|战情室|incident))(?:\s+|$)/i.exec(text);
  if (!match) {
    // A slash and a known word alone is what a person in a hurry types.
    const short = /^\s*\/([^\s/]{1,20})(?:\s+|$)/.exec(text);
    return short ? { word: short[1] ?? '', rest: text.slice(short[0].length).trim() } : null;
  }
  const after = text.slice(match[0].length).trim();
  const [word = 'help'] = after.split(/\s/, 1);
  return { word: word || 'help', rest: after.slice(word.length).trim() };
}
