import { promisify } from 'node:util';
import { type AsyncZippable, zip } from 'fflate';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import { nameOf } from '../name.ts';
import { pictureOf } from '../picture.ts';
import type { Attachment, Failed, Posting, Receipt } from '../port.ts';
import type { Api } from './api.ts';
import { failure } from './failure.ts';
import type { Voice } from './voice.ts';

/**
 * open.dingtalk.com/document/orgapp/upload-media-files: 20 MB a file;
 * …/types-of-messages-sent-by-robots, `sampleFile`: these kinds, and `sampleImageMsg` for pictures.
 */
export const FILE_LIMITS = {
  bytes: 20 * 1024 * 1024,
  kinds: ['xlsx', 'pdf', 'zip', 'rar', 'doc', 'docx'],
} as const;

const uploaded = z.object({ media_id: z.string().min(1) });
const pack = promisify<AsyncZippable, Uint8Array>(zip);

export interface Uploaded {
  readonly msgKey: 'sampleFile' | 'sampleImageMsg';
  readonly param: object;
}

/** Null for a kind of file that a robot can send only packed. */
export function kindOf(name: string): string | null {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  return FILE_LIMITS.kinds.some((one) => one === ending) ? ending : null;
}

/** Pictures go as such, whatever they are called; a log is packed, since it could not be sent otherwise. */
export async function uploadFile(api: Api, name: string, bytes: Uint8Array): Promise<Uploaded> {
  const picture = pictureOf(bytes);
  if (picture !== null) {
    const photoURL = await upload(api, 'image', name, bytes, `image/${picture.ending}`);
    return { msgKey: 'sampleImageMsg', param: { photoURL } };
  }
  const kind = kindOf(name);
  const fileName = kind === null ? `${name}.zip` : name;
  const content = kind === null ? await pack({ [name]: bytes }) : bytes;
  const mediaId = await upload(api, 'file', fileName, content, 'application/octet-stream');
  return { msgKey: 'sampleFile', param: { mediaId, fileName, fileType: kind ?? 'zip' } };
}

async function upload(
  api: Api,
  type: 'image' | 'file',
  name: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<string> {
  const form = new FormData();
  form.set('type', type);
  form.set('media', new Blob([Uint8Array.from(bytes)], { type: contentType }), name);
  return uploaded.parse(await api.callOld('/media/upload', form)).media_id;
}

/** A file for everybody in a conversation. */
export function createAttach(api: Api, voice: Voice) {
  const ready = new Map<string, Uploaded>();

  return async (place: Place, file: Attachment, { key }: Posting): Promise<Receipt> => {
    let message: Uploaded;
    try {
      const bytes = await file.bytes();
      if (bytes.byteLength === 0 || bytes.byteLength > FILE_LIMITS.bytes) return refused(file.name);
      message = ready.get(key) ?? (await uploadFile(api, file.name, bytes));
      ready.set(key, message);
    } catch (error) {
      // What was uploaded and not sent is seen by nobody.
      return { ...failure(error, file.name), uncertain: false };
    }
    try {
      const target = await voice.targetOf(place.conversation);
      const id = await voice.once(`${key}#file`, () => voice.speak(target, message.msgKey, message.param));
      ready.delete(key);
      return { ok: true, messageId: nameOf(place.conversation, id || key) };
    } catch (error) {
      return failure(error, file.name);
    }
  };
}

function refused(name: string): Failed {
  const most = `${FILE_LIMITS.bytes / 1024 / 1024} MiB`;
  return {
    ok: false,
    permanent: true,
    retryAfterMs: null,
    error: `${name}: 钉钉机器人只能发 1 字节到 ${most} 的文件，请用网页房间的链接 / a DingTalk robot sends files of 1 byte to ${most}: use the link to the web room`,
  };
}
