import { archiveKind } from '../diagnosis/decode.ts';
import { decode } from '../diagnosis/index.ts';

/** What was dropped, by its content: a name says what somebody likes. */
export type DroppedFile =
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  /** Pictures, documents, recordings. */
  | { readonly kind: 'shown'; readonly type: string }
  /** Read for its logs. */
  | { readonly kind: 'packed' }
  /** Nobody can say what is in it: a dump, a program, an archive that cannot be read here. */
  | { readonly kind: 'opaque' };

/** The first bytes of what people drop; the name of a file only tells apart what begins alike. */
const BEGINNINGS: readonly { readonly type: string; readonly at?: number; readonly bytes: string }[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF8' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
  { type: 'application/x-ole-storage', bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
];
/** A tape archive holds its files in plain text and would pass for one. */
const TAR = { at: 257, bytes: 'ustar' };
/** Documents that are zip files: by name, and only where the first file inside is one of such a document. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
};
const DOCUMENT_PARTS = ['[Content_Types].xml', '_rels/', 'docProps/', 'word/', 'xl/', 'ppt/', 'mimetype'];

export function fileType(name: string, bytes: Uint8Array): DroppedFile {
  const known = BEGINNINGS.find((one) => begins(bytes, one));
  if (known) return { kind: 'shown', type: known.type };
  if (begins(bytes, TAR)) return { kind: 'opaque' };
  const archive = archiveKind(bytes);
  if (archive !== undefined) {
    const type = DOCUMENTS[name.split('.').at(-1)?.toLowerCase() ?? ''];
    const document = archive === 'zip' && DOCUMENT_PARTS.some((one) => begins(bytes, { at: 30, bytes: one }));
    return document && type !== undefined ? { kind: 'shown', type } : { kind: 'packed' };
  }
  const decoded = decode(bytes);
  // Pages and vector pictures are words as well: shown as such, nothing in them is ever run.
  if (decoded.ok) return { kind: 'text', type: 'text/plain; charset=utf-8', text: decoded.text };
  // Too long to be masked here: the reader takes what it needs of it, in its own thread.
  return { kind: decoded.code === 'too-large' ? 'packed' : 'opaque' };
}

function begins(bytes: Uint8Array, what: { readonly at?: number; readonly bytes: string }): boolean {
  const at = what.at ?? 0;
  return Buffer.from(bytes.subarray(at, at + what.bytes.length)).toString('latin1') === what.bytes;
}
