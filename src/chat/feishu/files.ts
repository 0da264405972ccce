import { z } from 'zod';
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

const file = z.object({ file_key: z.string().min(1), file_name: z.string().default('file') });
const image = z.object({ image_key: z.string().min(1) });
const post = z.object({ content: z.array(z.array(z.unknown())) });

/** The file or the pictures of a message (…/im-v1/message/events/message_content); screenshots stand among words. */
export function filesIn(message: string, type: string, content: string): readonly FileStub[] {
  const value = parse(content);
  if (type === 'file') {
    const read = file.safeParse(value);
    return read.success
      ? [{ message, key: read.data.file_key, name: read.data.file_name, type: 'file' }]
      : [];
  }
  const pictures = type === 'image' ? [value] : type === 'post' ? elementsOf(value) : [];
  const keys = pictures.flatMap((one) => {
    const read = image.safeParse(one);
    return read.success ? [read.data.image_key] : [];
  });
  return keys.map((key, index) => {
    const name = index === 0 ? `${message}.png` : `${message}-${index + 1}.png`;
    return { message, key, name, type: 'image' };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
