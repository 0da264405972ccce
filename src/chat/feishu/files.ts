import { z } from 'zod';
import { parseJson } from '../json.ts';
import { failure } from './failure.ts';
import type { Wire } from './wire.ts';

export type Fetched =
  | { readonly ok: true; readonly name: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly name: string; readonly why: Readonly<Record<'zh' | 'en', string>> };

export interface FileStub {
  readonly message: string;
  readonly key: string;
  readonly name: string;
  readonly type: 'file' | 'image';
}

const key = z.string().min(1);
const file = z.object({ file_key: key, file_name: z.string().min(1).optional() });
const image = z.object({ image_key: key });
/** Among words: a picture, or a film with the picture that stands for it. */
const among = z.union([z.object({ tag: z.literal('media'), file_key: key }), image]);
/** Kinds of message that are one file, and how such a file is called where its sender gave it no name. */
const ONE_FILE: Readonly<Record<string, string>> = { file: '', audio: '.opus', media: '.mp4' };
const post = z.object({ content: z.array(z.array(z.unknown())) });

/** Whether a message of this kind is one file, and nothing else. */
export function isFile(type: string): boolean {
  return type === 'image' || type in ONE_FILE;
}

/** What a message holds beside words (…/im-v1/message/events/message_content); screenshots stand among words. */
export function filesIn(message: string, type: string, content: string): readonly FileStub[] {
  const value = parseJson(content);
  const ending = ONE_FILE[type];
  if (ending !== undefined) {
    const read = file.safeParse(value);
    if (!read.success) return [];
    const name = read.data.file_name ?? `${message}${ending}`;
    return [{ message, key: read.data.file_key, name, type: 'file' }];
  }
  const elements = type === 'image' ? [value] : type === 'post' ? elementsOf(value) : [];
  const found = elements.flatMap((one) => {
    const read = among.safeParse(one);
    return read.success ? [read.data] : [];
  });
  return found.map((one, index): FileStub => {
    const name = index === 0 ? message : `${message}-${index + 1}`;
    return 'image_key' in one
      ? { message, key: one.image_key, name: `${name}.png`, type: 'image' }
      : { message, key: one.file_key, name: `${name}.mp4`, type: 'file' };
  });
}

function elementsOf(value: unknown): readonly unknown[] {
  const read = post.safeParse(value);
  return read.success ? read.data.content.flat() : [];
}

/** Never more of a file than `maxBytes`; Feishu itself hands out no more than 100 MB (…/message-resource/get). */
export async function fetchFile(stub: FileStub, wire: Wire, maxBytes: number): Promise<Fetched> {
  const { name } = stub;
  try {
    const found = await wire.call((client) =>
      client.im.v1.messageResource.get({
        path: { message_id: stub.message, file_key: stub.key },
        params: { type: stub.type },
      }),
    );
    const parts: Uint8Array[] = [];
    let size = 0;
    const stream = found.getReadableStream();
    for await (const part of stream) {
      const bytes = Buffer.from(part);
      size += bytes.byteLength;
      if (size > maxBytes) {
        stream.destroy();
        return tooLarge(name, maxBytes);
      }
      parts.push(bytes);
    }
    return { ok: true, name, bytes: new Uint8Array(Buffer.concat(parts)) };
  } catch (error) {
    const why = failure(error, 'im/v1/messages/resources').error;
    return {
      ok: false,
      name,
      why: {
        zh: `取不到文件 ${name}（${why}）：请粘贴内容，或在网页房间上传`,
        en: `the file ${name} could not be fetched (${why}): paste its text, or upload it in the web room`,
      },
    };
  }
}

function tooLarge(name: string, most: number): Fetched {
  const mib = Math.floor(most / 1024 / 1024);
  return {
    ok: false,
    name,
    why: {
      zh: `文件 ${name} 超过 ${mib} MiB：请截取出错前后的部分再发`,
      en: `the file ${name} is over ${mib} MiB: send the part around the error`,
    },
  };
}
