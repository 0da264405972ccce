import { z } from 'zod';
import type { Attachment } from '../port.ts';
import type { Api } from './api.ts';
import { failure } from './failure.ts';

export type Fetched =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: Readonly<Record<'zh' | 'en', string>> };

export interface FileOptions {
  readonly api: Api;
  readonly robot: string;
  /** Largest file that is fetched, in bytes. */
  readonly maxBytes: number;
  /** Hosts beside DingTalk's own from which files are fetched. */
  readonly hosts: readonly string[];
}

const address = z.object({ downloadUrl: z.url() });
const OWN = ['.dingtalk.com', '.aliyuncs.com', '.alicdn.com'];

/** …/download-the-file-content-of-the-robot-receiving-message: a code buys an address, which carries its permission. */
export async function fetchFile(name: string, downloadCode: string, options: FileOptions): Promise<Fetched> {
  let target: URL;
  try {
    const body = { downloadCode, robotCode: options.robot };
    const answer = await options.api.call('POST', '/v1.0/robot/messageFiles/download', body);
    target = new URL(address.parse(answer).downloadUrl);
  } catch (error) {
    return unreadable(name, failure(error, 'messageFiles/download').error);
  }
  const own = OWN.some((end) => target.hostname.endsWith(end)) && /^https?:$/.test(target.protocol);
  if (!own && !options.hosts.includes(target.host)) return unreadable(name, target.hostname);
  const response = await fetch(target, { redirect: 'manual', signal: AbortSignal.timeout(45_000) }).catch(
    () => null,
  );
  if (!response?.ok || !response.body) return unreadable(name, `HTTP ${response?.status ?? 0}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > options.maxBytes) return tooLarge(name, options.maxBytes);
    parts.push(part);
  }
  return { ok: true, bytes: new Uint8Array(Buffer.concat(parts)) };
}

/** open.dingtalk.com/document/orgapp/types-of-messages-sent-by-robots, `sampleFile`: nothing else is taken. */
const SENDABLE = new Set(['xlsx', 'pdf', 'zip', 'rar', 'doc', 'docx']);
const uploaded = z.object({ media_id: z.string().min(1) });

/** The parameters of `sampleFile`; null for a kind of file that DingTalk's robots cannot send. */
export async function uploadFile(api: Api, file: Attachment): Promise<object | null> {
  const fileType = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  if (!SENDABLE.has(fileType)) return null;
  const form = new FormData();
  form.set('type', 'file');
  form.set('media', new Blob([Uint8Array.from(await file.bytes())], { type: file.type }), file.name);
  const { media_id: mediaId } = uploaded.parse(await api.callOld('/media/upload', form));
  return { mediaId, fileName: file.name, fileType };
}

function tooLarge(name: string, most: number): Fetched {
  const mib = Math.floor(most / 1024 / 1024);
  return {
    ok: false,
    why: {
      zh: `文件 ${name} 超过 ${mib} MiB：请截取出错前后的部分再发`,
      en: `the file ${name} is over ${mib} MiB: send the part around the error`,
    },
  };
}

function unreadable(name: string, why: string): Fetched {
  return {
    ok: false,
    why: {
      zh: `取不到文件 ${name}（${why}）：请粘贴内容，或在网页房间上传`,
      en: `the file ${name} could not be fetched (${why}): paste its text, or upload it in the web room`,
    },
  };
}
