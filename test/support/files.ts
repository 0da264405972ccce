import { execFileSync } from 'node:child_process';
import type { Document } from '../../src/summary/document.ts';
import { writeDocx } from '../../src/summary/write/docx.ts';
import { writeHtml } from '../../src/summary/write/html.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';
import { writePdf } from '../../src/summary/write/pdf.ts';
import { faultsOf, openTags } from './word.ts';

/** Whether what was written of a document opens, and nothing in it comes alive. */

/** Whether the machine has the command. */
export function has(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const tags =
  /^(?:main|h[1-4]|p|span|nav|b|ol|ul|li|a|sup|em|br|div|table|thead|tbody|tr|th|td|figure|figcaption|footer|code|svg|rect|line|circle|text|body|html)$/;
const attributes =
  /^(?:id|class|href|style|scope|aria-label|xmlns|viewBox|width|height|role|font-family|font-size|x|y|x1|y1|x2|y2|cx|cy|r|rx|fill|stroke|stroke-width|stroke-dasharray|text-anchor)$/;

/** A tag, an attribute or an address in the page's body that is none of ours; null when there is none. */
export function aliveInHtml(html: string): string | null {
  const body = html.slice(html.indexOf('<body>'));
  for (const [tag, name = '', inside = ''] of body.matchAll(/<\/?([a-zA-Z!][^\s>/]*)([^>]*)>/g)) {
    if (!tags.test(name)) return tag.slice(0, 200);
    for (const [, attribute = '', value = ''] of inside.matchAll(/([^\s="/]+)(?:="([^"]*)")?/g)) {
      if (!attributes.test(attribute)) return `${attribute} in ${tag.slice(0, 200)}`;
      if (attribute === 'href' && !/^#\w+$/.test(value)) return `leads to ${value.slice(0, 200)}`;
      if (attribute === 'style' && !/^width:[\d.]+(?:%|em)$/.test(value))
        return `styled ${value.slice(0, 200)}`;
    }
  }
  return null;
}

/** What would be executed, fetched or formatted by a reader of Markdown or a chat. */
export function aliveInMarkdown(text: string): string | null {
  return /<script|<img|<!channel>|@all|@everyone|(?<!\\)\|\s*[=+]|(?<!\\)\]\((?!#)/i.exec(text)?.[0] ?? null;
}

/** What a PDF does besides being read: scripts, addresses, programs, files. */
export function aliveInPdf(file: Uint8Array): string | null {
  const objects = Buffer.from(file)
    .toString('latin1')
    .replace(/stream\r?\n[\s\S]*?endstream/g, '');
  return (
    /\/(?:JavaScript|JS|URI|Launch|SubmitForm|ImportData|EmbeddedFile|RichMedia|AA)\b/.exec(objects)?.[0] ??
    null
  );
}

export interface Opened {
  format: 'docx' | 'pdf' | 'html' | 'md';
  fault: string;
}

/**
 * Writes the document in every format and answers the first that does not open or is alive. `pdfText` reads a PDF as
 * a reader would (null: none is at hand).
 */
export async function firstFault(
  document: Document,
  pdfText: ((file: Uint8Array) => string) | null,
): Promise<Opened | null> {
  const [damaged] = faultsOf(await writeDocx(document));
  if (damaged !== undefined) return { format: 'docx', fault: damaged };
  const pdf = await writePdf(document);
  const alive = aliveInPdf(pdf);
  if (alive !== null) return { format: 'pdf', fault: alive };
  if (pdfText !== null && !pdfText(pdf).includes(document.title)) return { format: 'pdf', fault: 'no text' };
  const html = writeHtml(document);
  const body = html.slice(html.indexOf('<body>'), html.indexOf('</html>')).replaceAll('<br>', '<br/>');
  const inHtml = aliveInHtml(html) ?? openTags(body).at(0) ?? null;
  if (inHtml !== null) return { format: 'html', fault: inHtml };
  const inMarkdown = aliveInMarkdown(writeMarkdown(document));
  return inMarkdown === null ? null : { format: 'md', fault: inMarkdown };
}
