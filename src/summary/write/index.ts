import type { Document } from '../document.ts';
import { writeHtml } from './html.ts';
import { writeMarkdown } from './markdown.ts';

export const documentFormats = ['md', 'html', 'docx', 'pdf'] as const;
export type DocumentFormat = (typeof documentFormats)[number];
export type DocumentWriter = (document: Document, format: DocumentFormat) => Promise<string | Uint8Array>;

/** Writes a document; the two large writers are loaded only when they are asked for. */
export async function writeDocument(
  document: Document,
  format: DocumentFormat,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'md':
      return writeMarkdown(document);
    case 'html':
      return writeHtml(document);
    case 'docx':
      return (await import('./docx.ts')).writeDocx(document);
    case 'pdf':
      return (await import('./pdf.ts')).writePdf(document);
    default: {
      const never: never = format;
      return never;
    }
  }
}
