import { z } from 'zod';
import { pictureOf } from '../picture.ts';
import { isPublicHost } from '../public-address.ts';
import type { Api } from './api.ts';
import { failure } from './failure.ts';

export type Fetched =
  | { readonly ok: true; readonly name: string; readonly bytes: Uint8Array }
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
export async function fetchFile(
  given: string | null,
  downloadCode: string,
  options: FileOptions,
): Promise<Fetched> {
  const name = given ?? 'picture';
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
  const listed = options.hosts.includes(target.host);
  if (!listed && !(await isPublicHost(target.hostname))) return unreadable(name, target.hostname);
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
  const bytes = new Uint8Array(Buffer.concat(parts));
  return { ok: true, name: given ?? `picture.${pictureOf(bytes)?.ending ?? 'png'}`, bytes };
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
