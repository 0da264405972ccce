/** Nobody has this name: what resolves to another host than this names a host of its own. */
const HERE = 'http://here.invalid';

/**
 * A path of this server, from something that anybody can write into a link; null when a browser would follow it
 * elsewhere. It is read as browsers do, to whom `/\evil`, `/<tab>/evil` and `/.//evil` mean another host.
 */
export function localPath(wanted: string | undefined | null): string | null {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, HERE)) return null;
  const url = new URL(wanted, HERE);
  if (url.origin !== HERE || url.pathname.startsWith('//')) return null;
  return url.pathname + url.search;
}
