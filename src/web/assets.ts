import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly version: string;
}

const JS = 'text/javascript; charset=utf-8';
const require = createRequire(import.meta.url);
const own = (name: string) => fileURLToPath(new URL(`./static/${name}`, import.meta.url));

/**
 * The files the browser may have, by name. A fixed list read at start: no path from a request ever reaches
 * the file system.
 */
const SOURCES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'room.css': { file: own('room.css'), type: 'text/css; charset=utf-8' },
  'room.js': { file: own('room.js'), type: JS },
  'composer.js': { file: own('composer.js'), type: JS },
  'icon.svg': { file: own('icon.svg'), type: 'image/svg+xml' },
  'htmx.js': { file: require.resolve('htmx.org/dist/htmx.min.js'), type: JS },
  'htmx-sse.js': { file: require.resolve('htmx-ext-sse/dist/sse.min.js'), type: JS },
};

const loaded = new Map<string, Asset>();
for (const [name, { file, type }] of Object.entries(SOURCES)) {
  const body = new Uint8Array(readFileSync(file));
  loaded.set(name, { type, body, version: createHash('sha256').update(body).digest('hex').slice(0, 10) });
}

export function asset(name: string): Asset | null {
  return loaded.get(name) ?? null;
}

/** The address of a file, with its digest: it may be cached for ever and is still new after an upgrade. */
export function assetUrl(name: keyof typeof SOURCES): string {
  return `/assets/${name}?v=${loaded.get(name)?.version ?? ''}`;
}
