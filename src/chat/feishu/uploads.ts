import { z } from 'zod';
import { pictureOf } from '../picture.ts';
import { unexpected, type Wire } from './wire.ts';

const MIB = 1024 * 1024;

/** …/im-v1/file/create and …/im-v1/image/create, "Usage limits": bytes, and pixels a side; neither takes an empty one. */
export const UPLOAD_LIMITS = { file: 30 * MIB, picture: 10 * MIB, side: 12_000, gifSide: 2000 } as const;

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

/** What Feishu shows as a picture; one that is too large, or of another kind, goes as a file. */
export function isPicture(bytes: Uint8Array): boolean {
  const picture = pictureOf(bytes);
  if (picture === null || bytes.byteLength > UPLOAD_LIMITS.picture) return false;
  const most = picture.ending === 'gif' ? UPLOAD_LIMITS.gifSide : UPLOAD_LIMITS.side;
  return Math.max(picture.width, picture.height) <= most;
}
