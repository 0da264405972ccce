import type { Document } from '../document.ts';
export async function writePdf(_document: Document): Promise<Uint8Array> {
  throw new Error('being built');
}
