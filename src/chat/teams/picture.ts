/** Width and height in pixels of a PNG, GIF or JPEG; null when it is none of them or is broken. */
export function sizeOf(bytes: Uint8Array): readonly [number, number] | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 24) return null;
  // PNG: the signature, then the header chunk.
  if (data.readUInt32BE(0) === 0x89504e47) return [data.readUInt32BE(16), data.readUInt32BE(20)];
  if (data.toString('latin1', 0, 3) === 'GIF') return [data.readUInt16LE(6), data.readUInt16LE(8)];
  if (data.readUInt16BE(0) === 0xffd8) return jpeg(data);
  return null;
}

/** ITU-T T.81, B.2.2: segments until the frame header, which is one of SOF0 to SOF15 without the three tables. */
function jpeg(data: Buffer): readonly [number, number] | null {
  let at = 2;
  while (at + 9 < data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [data.readUInt16BE(at + 7), data.readUInt16BE(at + 5)];
    const length = data.readUInt16BE(at + 2);
    // The length counts itself: a shorter one would never end.
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}
