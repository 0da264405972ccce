import { createHash } from 'node:crypto';
import type { Store, TalkFile } from '../store/port.ts';

/** Puts a file into the store as it may be read; what comes back goes with the message. */
export type Keep = (name: string, type: string, bytes: Uint8Array) => Promise<TalkFile>;

export function keeping(deps: { readonly store: Pick<Store, 'putFile'>; readonly now: () => number }): Keep {
  return async (name, type, bytes) => {
    const sha256 = sha256Of(bytes);
    await deps.store.putFile({ sha256, bytes, at: deps.now() });
    return { sha256, name, type, size: bytes.byteLength };
  };
}

/** How a file is named in the talk: the digest is that of what its sender has in hand. */
export function fileLine(name: string, bytes: Uint8Array): string {
  const size = `${Math.ceil(bytes.byteLength / 1024)} KiB`;
  return `📎 ${name} (${size} · sha256 ${sha256Of(bytes).slice(0, 12)})`;
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
