import { z } from 'zod';
import type { Attached } from './payloads.ts';

export type Fetched =
  | { readonly ok: true; readonly name: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly name: string; readonly why: Readonly<Record<'zh' | 'en', string>> };

export interface FileOptions {
  /** Largest file that is fetched, in bytes. */
  readonly maxBytes: number;
  /** Hosts beside Microsoft's own from which files are fetched. */
  readonly hosts: readonly string[];
}

/** …/how-to/bots-filesv4, "Receive files in personal chat": the link carries its own permission. */
const INFO = 'application/vnd.microsoft.teams.file.download.info';
const info = z.object({ downloadUrl: z.url(), uniqueId: z.string().nullish() });
const MICROSOFT = ['.sharepoint.com', '.sharepoint.cn', '.sharepoint.us', '.svc.ms', '.files.1drv.com'];

export interface FileStub {
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

export function filesIn(attachments: readonly Attached[] | null | undefined): readonly FileStub[] {
  return (attachments ?? []).flatMap((one) => {
    const read = one.contentType === INFO ? info.safeParse(one.content) : null;
    if (!read?.success) return [];
    const { downloadUrl: url, uniqueId } = read.data;
    return [{ id: uniqueId ?? url, name: one.name ?? 'file', url }];
  });
}

/** In channels and group chats Teams tells a bot of a file only by its place in the html; it cannot be fetched. */
export function hidesFiles(attachments: readonly Attached[] | null | undefined): boolean {
  return (attachments ?? []).some(
    (one) =>
      one.contentType === 'reference' ||
      (one.contentType === 'text/html' &&
        typeof one.content === 'string' &&
        one.content.includes('<attachment ')),
  );
}

/** Never more of a file than `maxBytes`, and only from where Teams keeps files. */
export async function fetchFile({ name, url }: FileStub, options: FileOptions): Promise<Fetched> {
  const target = new URL(url);
  const own = options.hosts.includes(target.host);
  const microsoft = target.protocol === 'https:' && MICROSOFT.some((end) => target.hostname.endsWith(end));
  if (!own && !microsoft) return unreadable(name, target.hostname);
  const response = await fetch(target, { redirect: 'manual', signal: AbortSignal.timeout(60_000) }).catch(
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
  return { ok: true, name, bytes: new Uint8Array(Buffer.concat(parts)) };
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

function unreadable(name: string, why: string): Fetched {
  return {
    ok: false,
    name,
    why: {
      zh: `取不到文件 ${name}（${why}）：请粘贴内容，或在网页房间上传`,
      en: `the file ${name} could not be fetched (${why}): paste its text, or upload it in the web room`,
    },
  };
}
