/** What a picture is by its own first bytes, whatever it is called; sides in pixels. */
export interface Picture {
  readonly ending: 'png' | 'gif' | 'jpg';
  readonly width: number;
  readonly height: number;
}

/** Null when it is no PNG, GIF or JPEG, or is broken. */
export function pictureOf(bytes: Uint8Array): Picture | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 24) return null;
  // PNG: the signature, then the header chunk.
  if (data.readUInt32BE(0) === 0x89504e47)
    return { ending: 'png', width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
  if (/^GIF8[79]a$/.test(data.toString('latin1', 0, 6)))
    return { ending: 'gif', width: data.readUInt16LE(6), height: data.readUInt16LE(8) };
  return data.readUInt16BE(0) === 0xffd8 ? jpeg(data) : null;
}

/** ITU-T T.81, B.2.2: segments until the frame header, which is one of SOF0 to SOF15 without the three tables. */
function jpeg(data: Buffer): Picture | null {
  let at = 2;
  while (at + 9 < data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { ending: 'jpg', width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) };
    const length = data.readUInt16BE(at + 2);
    // The length counts itself: a shorter one would never end.
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}
