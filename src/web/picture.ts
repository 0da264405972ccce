/** Pictures that every browser shows and none runs anything from; an SVG is a document, not one of these. */
const SIGNS: readonly { readonly type: string; readonly at: number; readonly bytes: readonly number[] }[] = [
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
];

export const PICTURES: ReadonlySet<string> = new Set(SIGNS.map((sign) => sign.type));

/** The MIME type of a picture by its own first bytes, whatever it is called; null for everything else. */
export function pictureType(bytes: Uint8Array): string | null {
  const found = SIGNS.find((sign) => sign.bytes.every((byte, index) => bytes[sign.at + index] === byte));
  return found?.type ?? null;
}
