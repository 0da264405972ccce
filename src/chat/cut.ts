/** Cuts between code points, at a line's end where one is near. */
export function cut(text: string, size: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > size) {
    const line = rest.lastIndexOf('\n', size - 1);
    let at = line > size / 2 ? line + 1 : size;
    const code = rest.charCodeAt(at - 1);
    if (code >= 0xd800 && code <= 0xdbff) at -= 1;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  parts.push(rest);
  return parts;
}

export function clip(text: string, size: number): string {
  if (text.length <= size) return text;
  return `${cut(text, size - 1)[0] ?? ''}…`;
}
