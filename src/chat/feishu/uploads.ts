import { z } from 'zod';
import { unexpected, type Wire } from './wire.ts';

const MIB = 1024 * 1024;

/** …/im-v1/file/create and …/im-v1/image/create, "Usage limits"; neither takes an empty one. */
export const UPLOAD_LIMITS = { file: 30 * MIB, picture: 10 * MIB } as const;

/** What a message carries, by the key under which Feishu keeps it. */
export type Uploaded =
  | { readonly type: 'file'; readonly content: { readonly file_key: string } }
  | { readonly type: 'image'; readonly content: { readonly image_key: string } };

const file = z.looseObject({ file_key: z.string().min(1) });
const image = z.looseObject({ image_key: z.string().min(1) });

export async function uploadFile(wire: Wire, name: string, bytes: Uint8Array): Promise<Uploaded> {
  const answer = await wire.call((client) =>
    client.im.v1.file.create({ data: { file_type: 'stream', file_name: name, file: Buffer.from(bytes) } }),
  );
  const read = file.safeParse(answer);
  if (!read.success) throw unexpected('im/v1/files');
  return { type: 'file', content: { file_key: read.data.file_key } };
}

export async function uploadPicture(wire: Wire, bytes: Uint8Array): Promise<Uploaded> {
  const answer = await wire.call((client) =>
    client.im.v1.image.create({ data: { image_type: 'message', image: Buffer.from(bytes) } }),
  );
  const read = image.safeParse(answer);
  if (!read.success) throw unexpected('im/v1/images');
  return { type: 'image', content: { image_key: read.data.image_key } };
}

/** The first bytes of what Feishu shows as a picture (…/im-v1/image/create): JPEG, PNG, GIF, BMP, WEBP. */
const PICTURES: readonly (readonly (number | null)[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
  [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
];

/** By what it is and not by what it is called; one that is too large goes as a file. */
export function isPicture(bytes: Uint8Array): boolean {
  if (bytes.byteLength > UPLOAD_LIMITS.picture) return false;
  return PICTURES.some((start) => start.every((byte, at) => byte === null || byte === bytes[at]));
}
