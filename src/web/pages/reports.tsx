import { ButtonRow, type RenderContext } from '../../chat/web/render.tsx';
import { REPORT_FORMATS, type ReportView, type RoomView } from '../deps.ts';
import { roomPath, type Visit } from '../visit.ts';

export function ReportsPanel(props: { room: RoomView; visit: Visit; context: RenderContext }) {
  const { room, visit, context } = props;
  return (
    <>
      <h2 id="reports-title">{visit.words.reports}</h2>
      {room.reports.map((report) => (
        <Report report={report} base={roomPath(room.incident.code)} visit={visit} context={context} />
      ))}
    </>
  );
}

function Report(props: { report: ReportView; base: string; visit: Visit; context: RenderContext }) {
  const { report, base, visit, context } = props;
  const { words, times } = visit;
  const path = `${base}/report/${report.report}`;
  return (
    <article class="report">
      <p class="report-title">
        <a href={path}>
          <strong>{report.title}</strong>
        </a>
      </p>
      <p class="report-meta">
        {report.deliveredAt !== null ? (
          <span class="good">✓ {words.delivered(times.short(report.deliveredAt))}</span>
        ) : (
          report.due !== null && <span>{words.reportBefore(times.short(report.due))}</span>
        )}
        <span class={report.openFacts.length === 0 ? 'good' : 'warn'}>
          {words.openFacts(report.openFacts.length)}
        </span>
      </p>
      {report.openFacts.length > 0 && (
        <details class="fold" id={`open-${report.report}`}>
          <summary>{words.openQuestions}</summary>
          <ul>
            {report.openFacts.map((fact) => (
              <li>{fact}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="formats">
        <a href={path}>{words.preview}</a>
        <Formats path={path} visit={visit} />
      </p>
      {report.versions.length > 0 && (
        <ul class="versions">
          {report.versions.map((one) => (
            <li>
              <a href={`${base}/document/${report.report}/${one.version}/docx`} download>
                v{one.version}
              </a>{' '}
              <a href={`${base}/document/${report.report}/${one.version}/pdf`} download>
                PDF
              </a>{' '}
              {times.short(one.at)} · {one.by} ·{' '}
              <span class={one.status === 'approved' ? 'good' : 'warn'}>
                {words.versionState[one.status]}
                {one.note !== null && ` ${one.note}`}
              </span>
              {one.mailedTo.length > 0 && ` · ✉ ${one.mailedTo.join('、')}`}
            </li>
          ))}
        </ul>
      )}
      <ButtonRow buttons={report.buttons} context={context} />
    </article>
  );
}

export function Formats({ path, visit }: { path: string; visit: Visit }) {
  const { words } = visit;
  return (
    <>
      {REPORT_FORMATS.map((format) => (
        <a href={`${path}/${format}`} download aria-label={`${words.download} ${words.format[format]}`}>
          {words.format[format]}
        </a>
      ))}
    </>
  );
}
