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
  | { readonly ok: false; readonly why: 'busy' | 'malformed' };

/** What all requests together may hold of uploads: many large ones at once are asked to come again. */
export class UploadRoom {
  private readonly most: number;
  private held = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** False when there is no room for so many bytes now. */
  take(size: number): boolean {
    if (this.held + size > this.most) return false;
    this.held += size;
    return true;
  }

  give(size: number): void {
    this.held -= size;
  }
}

type ReadBody =
  | { readonly ok: true; readonly body: Buffer<ArrayBuffer> }
  | { readonly ok: false; readonly why: 'too-large'; readonly size: number }
  | { readonly ok: false; readonly why: 'busy' };

/** Reads a body, whatever length it claims to have; stops as soon as it is too large. */
export async function readBody(
  c: Context,
  limit: number,
  /** Asked for each piece. */
  room: (size: number) => boolean = () => true,
): Promise<ReadBody> {
  const claimed = Number(c.req.header('content-length') ?? 0);
  if (claimed > limit) return { ok: false, why: 'too-large', size: claimed };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = c.req.raw.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    size += next.value.byteLength;
    if (size > limit || !room(next.value.byteLength)) {
      await reader?.cancel();
      return size > limit ? { ok: false, why: 'too-large', size } : { ok: false, why: 'busy' };
    }
    chunks.push(next.value);
  }
  return { ok: true, body: Buffer.concat(chunks) };
}

/** Reads a posted form. */
export async function readForm(
  c: Context,
  limit = UPLOAD_LIMIT + OVERHEAD,
  room?: (size: number) => boolean,
): Promise<ReadForm> {
  const read = await readBody(c, limit, room);
  if (!read.ok) return read;
  try {
    const type = c.req.header('content-type') ?? 'application/x-www-form-urlencoded';
    const { body } = read;
    return { ok: true, form: await new Response(body, { headers: { 'content-type': type } }).formData() };
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
