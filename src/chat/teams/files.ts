import { z } from 'zod';
import { pictureOf } from '../picture.ts';
import { isPublicHost } from '../public-address.ts';
import type { Attached } from './payloads.ts';

export type Fetched =
  | { readonly ok: true; readonly name: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly name: string; readonly why: Readonly<Record<'zh' | 'en', string>> };

export interface FileOptions {
  /** Largest file that is fetched, in bytes. */
  readonly maxBytes: number;
  /** Hosts beside Microsoft's own from which files are fetched. */
  readonly hosts: readonly string[];
  /** The bot's token for the service. */
  readonly token: () => Promise<string | null>;
}

/** …/how-to/bots-filesv4, "Receive files in personal chat": the link carries its own permission. */
const INFO = 'application/vnd.microsoft.teams.file.download.info';
const info = z.object({ downloadUrl: z.url() });
const MICROSOFT = ['.sharepoint.com', '.sharepoint.cn', '.sharepoint.us', '.svc.ms', '.files.1drv.com'];

export interface FileStub {
  /** Null for a picture within the text, which has none. */
  readonly name: string | null;
  readonly url: string;
  /** A picture within the text lies with the service, which wants the bot's own token. */
  readonly signed: boolean;
}

const image = z.url();

/** What can be fetched of a message: files of personal chats, pictures of all places. */
export function filesIn(attachments: readonly Attached[] | null | undefined): readonly FileStub[] {
  return (attachments ?? []).flatMap((one): FileStub[] => {
    if (one.contentType === INFO) {
      const read = info.safeParse(one.content);
      return read.success ? [{ name: one.name ?? 'file', url: read.data.downloadUrl, signed: false }] : [];
    }
    // …/how-to/agents-inline-images: the address in the html beside it is for people's clients.
    const read = one.contentType.startsWith('image/') ? image.safeParse(one.contentUrl) : null;
    return read?.success ? [{ name: one.name ?? null, url: read.data, signed: true }] : [];
  });
}

/** In channels and group chats Teams tells a bot of a file only by its place in the html; it cannot be fetched. */
export function hidesFiles(attachments: readonly Attached[] | null | undefined): boolean {
  const all = attachments ?? [];
  const quotes = all.filter((one) => one.contentType === 'messageReference').length;
  const html = all.find((one) => one.contentType === 'text/html')?.content;
  const placed = typeof html === 'string' ? html.split('<attachment ').length - 1 : 0;
  return placed > quotes || all.some((one) => one.contentType === 'reference');
}

/** Never more of a file than `maxBytes`, and only from where Teams keeps files; `service` is where it was told of. */
export async function fetchFile(stub: FileStub, service: string, options: FileOptions): Promise<Fetched> {
  const name = stub.name ?? 'picture';
  const target = new URL(stub.url);
  const own = stub.signed ? target.host === new URL(service).host : options.hosts.includes(target.host);
  const microsoft = target.protocol === 'https:' && MICROSOFT.some((end) => target.hostname.endsWith(end));
  if (!own && (stub.signed || !microsoft)) return unreadable(name, target.hostname);
  if (!own && !(await isPublicHost(target.hostname))) return unreadable(name, target.hostname);
  let response: Response;
  try {
    const token = stub.signed ? await options.token() : null;
    response = await fetch(target, {
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
  } catch {
    return unreadable(name, 'HTTP 0');
  }
  if (!response.ok || !response.body) return unreadable(name, `HTTP ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > options.maxBytes) return tooLarge(name, options.maxBytes);
    parts.push(part);
  }
  const bytes = new Uint8Array(Buffer.concat(parts));
  return { ok: true, name: stub.name ?? `picture.${pictureOf(bytes)?.ending ?? 'png'}`, bytes };
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
