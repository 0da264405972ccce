import type { Documents } from '../../commands/command.ts';
import type { Attachment } from '../chat/port.ts';
import type { Desk } from '../desk.ts';
import { clocks } from '../incident/clocks.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { incidentReport } from '../summary/report.ts';
import { type DocumentFormat, writeDocument } from '../summary/write/index.ts';
import type { ReportFile, ReportKind } from '../web/deps.ts';
import { spoken } from './spoken.ts';

const CONTENT_TYPE: Readonly<Record<DocumentFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
};

const TITLE: Readonly<Record<ReportKind, Readonly<Record<Language, string>>>> = {
  handling: { zh: '故障处理报告', en: 'fault-handling-report' },
  service: { zh: '服务报告', en: 'service-report' },
  parts: { zh: '技术处理和备件更换报告', en: 'parts-report' },
};

/** A report as files; each is made when it is asked for. */
export function reportFiles(
  desk: Pick<Desk, 'settings' | 'store' | 'clock' | 'planOf'>,
  incident: Incident,
  { report, formats, language }: Documents,
): readonly Attachment[] {
  return formats.map((format) => ({
    name: `${incident.code}-${TITLE[report][language]}.${format}`,
    type: CONTENT_TYPE[format],
    bytes: async () => {
      const { body } = await renderReport(desk, incident, report, format, language);
      return typeof body === 'string' ? new TextEncoder().encode(body) : body;
    },
  }));
}

/** A report from the incident's own record. It is handed to others, so it holds what everybody may read, and no private note. */
export async function renderReport(
  desk: Pick<Desk, 'settings' | 'store' | 'clock' | 'planOf'>,
  incident: Incident,
  report: ReportKind,
  format: DocumentFormat,
  language: Language,
): Promise<ReportFile> {
  const { config } = desk.settings;
  const plan = await desk.planOf(incident.pinned.planVersion);
  const now = desk.clock.now();
  const head = (await desk.store.load(incident.id))?.head ?? null;
  const document = incidentReport({
    incident,
    events: await desk.store.events(incident.id),
    clocks: clocks(incident, plan, now),
    talk: await spoken(desk.store, incident.id),
    names: (id) =>
      config.people.find((one) => one.id === id)?.name ?? (id === 'warroom' ? config.desk.name : id),
    orgs: (id) => config.organisations.find((one) => one.id === id)?.name ?? id,
    plan,
    head,
    language,
    report,
    now,
  });
  return {
    contentType: CONTENT_TYPE[format],
    filename: `${incident.code}-${TITLE[report][language]}.${format}`,
    body: await writeDocument(document, format),
  };
}
