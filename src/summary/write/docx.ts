import type { Document } from '../document.ts';
export async function writeDocx(_document: Document): Promise<Uint8Array> {
  throw new Error('being built');
}
