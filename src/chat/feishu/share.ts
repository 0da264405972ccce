import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import type { Attachment, Failed, Posting, Receipt } from '../port.ts';
import { failure } from './failure.ts';
import { type Memory, type Sender, short } from './sender.ts';
import { isPicture, UPLOAD_LIMITS, type Uploaded, uploadFile, uploadPicture } from './uploads.ts';
import type { Wire } from './wire.ts';

export interface ShareDeps extends Memory {
  readonly wire: Wire;
  readonly sender: Sender;
}

const kept = z.discriminatedUnion('type', [
  z.object({ type: z.literal('file'), content: z.object({ file_key: z.string() }) }),
  z.object({ type: z.literal('image'), content: z.object({ image_key: z.string() }) }),
  z.object({ type: z.literal('sent'), message: z.string() }),
]);

/**
 * Puts a file into a group, for everybody in it: a picture as one, so that it is seen at a glance. What was uploaded
 * is written down, and the message goes out under a `uuid`: a repeated send uploads nothing again and says nothing twice.
 */
export function createShare({ wire, sender, remember, recall }: ShareDeps) {
  async function upload(name: string, bytes: Uint8Array): Promise<Uploaded> {
    if (!isPicture(bytes)) return uploadFile(wire, name, bytes);
    try {
      return await uploadPicture(wire, bytes);
    } catch (error) {
      // A picture that Feishu cannot show, of too many points or an odd kind, is still a file.
      if (!failure(error, '').permanent) throw error;
      return uploadFile(wire, name, bytes);
    }
  }

  return async (place: Place, file: Attachment, { key, replyTo }: Posting): Promise<Receipt> => {
    const name = `${place.conversation}:${key}`;
    const note = `file:${name}`;
    let what = 'im/v1/files';
    try {
      const before = read(await recall(note));
      if (before?.type === 'sent') return { ok: true, messageId: before.message };
      let carried: Uploaded | null = before;
      if (carried === null) {
        const bytes = await bytesOf(file);
        if (!(bytes instanceof Uint8Array)) return bytes;
        carried = await upload(file.name, bytes);
        await remember(note, JSON.stringify(carried));
      }
      what = 'im/v1/messages';
      const to = { type: 'chat_id', id: place.conversation } as const;
      const { type, content } = carried;
      const message = await sender.send(to, type, content, short(name), replyTo);
      await remember(note, JSON.stringify({ type: 'sent', message }));
      return { ok: true, messageId: message };
    } catch (error) {
      const failed = failure(error, what);
      // An upload alone is seen by nobody.
      return what === 'im/v1/files' ? { ...failed, uncertain: false } : failed;
    }
  };
}

function read(note: string | null): z.infer<typeof kept> | null {
  return note === null ? null : kept.parse(JSON.parse(note));
}

async function bytesOf(file: Attachment): Promise<Uint8Array | Failed> {
  const failed = (permanent: boolean, error: string): Failed => ({
    ok: false,
    permanent,
    retryAfterMs: null,
    error: `${file.name}: ${error}`,
  });
  let bytes: Uint8Array;
  try {
    bytes = await file.bytes();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(false, `没有读到内容 / its content could not be read (${why})`);
  }
  if (bytes.byteLength === 0)
    return failed(true, '空文件，飞书不收 / an empty file, which Feishu does not take');
  if (bytes.byteLength > UPLOAD_LIMITS.file)
    return failed(true, '超过飞书的 30 MB 上限 / over the 30 MB that Feishu takes');
  return bytes;
}
