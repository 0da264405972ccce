import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MailedFile } from '../contact/port.ts';
import type { DocumentKind } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import type { DocumentVersion, Incident } from '../incident/state.ts';
import { citedSources, type Document } from '../summary/document.ts';
import type { DocumentFormat } from '../summary/write/index.ts';
import { DOCUMENT } from '../words/terms.ts';
import { documentOf, fileOf, type ReportDesk, type ReportFile } from './report.ts';

/** What `freeze` wrote: the digest that names it was checked against it, so its shape is not checked again. */
const kept = z.custom<Document>(
  (value) => z.looseObject({ title: z.string(), blocks: z.array(z.unknown()) }).safeParse(value).success,
);

/** Puts a document down as it stands now, with the sources it cites and no others; answers with its digest. */
export async function freeze(
  desk: ReportDesk,
  incident: Incident,
  kind: DocumentKind,
  language: Language,
  organisation?: string,
): Promise<string> {
  const made = await documentOf(desk, incident, kind, language, organisation);
  const document: Document = { ...made, sources: citedSources(made).sources };
  const sha256 = digestOf(document);
  await desk.store.putNote(keyOf(sha256), JSON.stringify(document));
  return sha256;
}

/** A kept version in one format; null when its text is not there or is not what was put down. */
export async function versionFile(
  { store, write }: Pick<ReportDesk, 'store' | 'write'>,
  incident: Incident,
  version: DocumentVersion,
  format: DocumentFormat,
): Promise<ReportFile | null> {
  const note = await store.getNote(keyOf(version.sha256));
  if (note === null) return null;
  const document = kept.parse(JSON.parse(note));
  if (digestOf(document) !== version.sha256) return null;
  // The text is what was approved; whether it was, is told by the record and not by the text.
  const shown = { ...document, meta: { ...document.meta, draft: version.status !== 'approved' } };
  const name = `${incident.code}-${DOCUMENT[version.document][version.language]}-v${version.version}`;
  return fileOf(name, format, await write(shown, format));
}

/** What is mailed: one file to write in, one to read and sign; null when the version is not there. */
export async function mailedFiles(
  desk: Pick<ReportDesk, 'store' | 'write'>,
  incident: Incident,
  named: {
    readonly document: DocumentKind;
    readonly organisation?: string | undefined;
    readonly version: number;
  },
): Promise<readonly MailedFile[] | null> {
  const found = incident.documents.find(
    (one) =>
      one.document === named.document &&
      one.organisation === named.organisation &&
      one.version === named.version,
  );
  if (!found) return null;
  const files = await Promise.all(
    (['docx', 'pdf'] as const).map((format) => versionFile(desk, incident, found, format)),
  );
  return files.every((file) => file !== null)
    ? files.map((file) => ({ name: file.filename, type: file.contentType, content: file.body }))
    : null;
}

/** Over what is said and what it rests on; the day of printing and the chain's head are not part of it. */
function digestOf({ language, title, blocks, sources }: Document): string {
  return createHash('sha256').update(JSON.stringify({ language, title, blocks, sources })).digest('hex');
}

function keyOf(sha256: string): string {
  return `document:${sha256}`;
}
