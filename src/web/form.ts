import type { Context } from 'hono';
import { bytes } from './time.ts';
import type { Catalogue } from './words.ts';

/** What one upload may weigh. Larger logs go in compressed, or are read on the server. */
export const UPLOAD_LIMIT = 50 * 1024 * 1024;
/** What a form without files may weigh: somebody who is not logged in yet fills no memory. */
export const SMALL_FORM = 64 * 1024;
/** Room for the other fields and the boundaries of the form. */
const OVERHEAD = 64 * 1024;

export type ReadForm =
  | { readonly ok: true; readonly form: FormData }
  | { readonly ok: false; readonly why: 'too-large'; readonly size: number }
  | { readonly ok: false; readonly why: 'malformed' };

/** Reads a posted form, whatever length it claims to have; stops as soon as it is too large. */
export async function readForm(c: Context, limit = UPLOAD_LIMIT + OVERHEAD): Promise<ReadForm> {
  const claimed = Number(c.req.header('content-length') ?? 0);
  if (claimed > limit) return { ok: false, why: 'too-large', size: claimed };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = c.req.raw.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    size += next.value.byteLength;
    if (size > limit) {
      await reader?.cancel();
      return { ok: false, why: 'too-large', size };
    }
    chunks.push(next.value);
  }
  try {
    const type = c.req.header('content-type') ?? 'application/x-www-form-urlencoded';
    const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
    return { ok: true, form };
  } catch {
    return { ok: false, why: 'malformed' };
  }
}

/** A field's text; null when it is missing or a file. */
export function field(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === 'string' ? value : null;
}

/** What stands under `arg.<name>`; empty fields were left out by the one who filled the form. */
export function argsOf(form: FormData): Record<string, string> {
  const args: Record<string, string> = {};
  for (const [name, value] of form) {
    if (name.startsWith('arg.') && typeof value === 'string' && value.trim() !== '')
      args[name.slice('arg.'.length)] = value;
  }
  return args;
}

export function tooLarge(words: Catalogue, size: number): string {
  return words.tooLarge(bytes(size), bytes(UPLOAD_LIMIT));
}
