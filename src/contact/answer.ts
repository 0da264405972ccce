import type { Gateway } from '../roster/schema.ts';

/** A parsed body, JSON or a form; a form's fields are strings. Null when it is neither. */
export function parseBody(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  try {
    const parsed: unknown = JSON.parse(trimmed);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return trimmed.includes('=') && !trimmed.startsWith('<')
      ? Object.fromEntries(new URLSearchParams(trimmed))
      : null;
  }
}

/** What stands at the first of the paths that leads anywhere, as text; null when none does. */
export function valueAt(body: unknown, paths: readonly string[]): string | null {
  for (const path of paths) {
    let found: unknown = body;
    for (const step of path.split('.')) {
      found =
        typeof found === 'object' && found !== null && Object.hasOwn(found, step)
          ? Object.entries(found).find(([name]) => name === step)?.[1]
          : undefined;
    }
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
      return String(found);
  }
  return null;
}

export type Verdict =
  | { readonly taken: true; readonly messageId: string | null }
  | { readonly taken: false; readonly permanent: boolean; readonly detail: string };

/** Whether the gateway took the message, by what stands inside its answer; HTTP 200 alone says little. */
export function judge(gateway: Gateway, text: string): Verdict {
  const body = parseBody(text);
  const messageId = gateway.messageId ? valueAt(body, gateway.messageId) : null;
  if (!gateway.success) return { taken: true, messageId };
  const { path, is } = gateway.success;
  const value = valueAt(body, path);
  if (value !== null && value !== '' && (is === undefined || is.includes(value)))
    return { taken: true, messageId };
  const code = gateway.failure ? valueAt(body, gateway.failure.code) : value;
  const said = gateway.failure?.detail ? valueAt(body, gateway.failure.detail) : null;
  return {
    taken: false,
    permanent: code !== null && (gateway.failure?.permanent ?? []).includes(code),
    detail: [code ?? 'unexpected answer', said ?? ''].join(' ').trim().slice(0, 200),
  };
}
