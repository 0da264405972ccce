import type { Documents } from '../../commands/command.ts';
import type { Attachment } from '../chat/port.ts';
import type { Desk } from '../desk.ts';
import { isAboutContract, isOthersOwn } from '../effects/announce/index.ts';
import type { DocumentKind } from '../incident/events.ts';
import type { LogChart } from '../incident/log-facts.ts';
import { clocksSeenBy, type Eyes, seesContract } from '../incident/org-clocks.ts';
import type { Language } from '../incident/plan.ts';
import { hasClock } from '../incident/rules/documents.ts';
import type { Incident } from '../incident/state.ts';
import { isJoint, streamsOf } from '../incident/visibility.ts';
import { errorsOverTime } from '../summary/chart-drawing.ts';
import type { Document } from '../summary/document.ts';
import { incidentReport } from '../summary/report.ts';
import type { DocumentFormat } from '../summary/write/index.ts';
import { DocumentNotWritten } from '../summary/write/worker/writer.ts';
import { DOCUMENT } from '../words/terms.ts';
import { spoken } from './spoken.ts';

export type ReportDesk = Pick<Desk, 'settings' | 'store' | 'clock' | 'planOf' | 'write'>;

export interface ReportFile {
  readonly contentType: string;
  readonly filename: string;
  readonly body: Uint8Array | string;
}

const CONTENT_TYPE: Readonly<Record<DocumentFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
};

export function fileOf(name: string, format: DocumentFormat, body: Uint8Array | string): ReportFile {
  return { contentType: CONTENT_TYPE[format], filename: `${name.replaceAll(' ', '-')}.${format}`, body };
}

/** A report as files; each is made when it is asked for. */
export function reportFiles(
  desk: ReportDesk,
  incident: Incident,
  { report, formats, language }: Documents,
): readonly Attachment[] {
  return formats.map((format) => ({
    name: fileOf(`${incident.code}-${DOCUMENT[report][language]}`, format, '').filename,
    type: CONTENT_TYPE[format],
    bytes: async () => {
      const { body } = await renderReport(desk, incident, report, format, language);
      return typeof body === 'string' ? new TextEncoder().encode(body) : body;
    },
  }));
}

/** A report from the incident's own record. It is handed to others, so it holds what everybody may read, and no private note. */
export async function documentOf(
  desk: ReportDesk,
  incident: Incident,
  report: DocumentKind,
  language: Language,
  /** Whose own report; it holds that organisation's private notes and nobody else's. */
  organisation?: string,
): Promise<Document> {
  const { config } = desk.settings;
  const plan = await desk.planOf(incident.pinned.planVersion);
  const now = desk.clock.now();
  const sideOf = (org: string) => config.organisations.find((one) => one.id === org)?.side ?? null;
  const own = report === 'vendor' && organisation !== undefined ? organisation : null;
  const eyes = own === null ? eyesOf(incident, report) : { org: own, side: sideOf(own) };
  const events = (await desk.store.events(incident.id)).filter(
    (event) => !isOthersOwn(event, eyes) && (seesContract(eyes) || !isAboutContract(event, plan)),
  );
  const head = (await desk.store.load(incident.id))?.head ?? null;
  return incidentReport({
    incident,
    events,
    clocks: clocksSeenBy(incident, plan, now, eyes),
    talk: await spoken(desk.store, incident.id, own === null ? ['joint'] : streamsOf(own, sideOf(own))),
    organisation: own,
    names: (id) =>
      config.people.find((one) => one.id === id)?.name ?? (id === 'warroom' ? config.desk.name : id),
    orgs: (id) => config.organisations.find((one) => one.id === id)?.name ?? id,
    plan,
    head,
    language,
    report,
    draft: !isDelivered(incident, report),
    now,
  });
}

export async function renderReport(
  desk: ReportDesk,
  incident: Incident,
  report: DocumentKind,
  format: DocumentFormat,
  language: Language,
  organisation?: string,
): Promise<ReportFile> {
  const document = await documentOf(desk, incident, report, language, organisation);
  return fileOf(`${incident.code}-${DOCUMENT[report][language]}`, format, await desk.write(document, format));
}

/** A writing thread that broke off is an answer too; every other error stays one. */
export async function written<T>(file: Promise<T>): Promise<T | 'not-written'> {
  try {
    return await file;
  } catch (error) {
    if (error instanceof DocumentNotWritten) return 'not-written';
    throw error;
  }
}

function isDelivered(incident: Incident, report: DocumentKind): boolean {
  return hasClock(report) && incident.moments[`${report}-report-delivered`] !== undefined;
}

/** Who reads it: several organisations the joint ones, the customer and we the rest. */
function eyesOf(incident: Incident, report: DocumentKind): Eyes {
  const together = (report === 'joint' || report === 'minutes') && isJoint(incident);
  return together ? null : { org: '', side: 'customer' };
}

/** Errors of a log over time as a picture that every chat shows. */
export function chartPicture(incident: Incident, chart: LogChart, language: Language): Attachment {
  return {
    name: `${incident.code}-${{ zh: '错误数', en: 'errors' }[language]}.png`,
    type: 'image/png',
    bytes: async () => (await import('../summary/write/png.ts')).pngOf(errorsOverTime(chart, language)),
  };
}
