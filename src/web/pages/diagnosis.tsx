import { anchor } from '../../chat/web/render.tsx';
import type { RoomView } from '../deps.ts';
import type { Visit } from '../visit.ts';

/** The newest finding in three lines; the whole card stands in the talk. */
export function DiagnosisPanel({ room, visit }: { room: RoomView; visit: Visit }) {
  const { words, times, language } = visit;
  const first = room.diagnosis?.findings[0];
  const card = room.incident.diagnoses.at(-1)?.excerpt;
  return (
    <>
      <h2 id="diagnosis-title">{words.diagnosis}</h2>
      {room.diagnosis === null && <p class="quiet">{words.noDiagnosis}</p>}
      {room.diagnosis !== null && first === undefined && <p>{words.unknownFault}</p>}
      {room.diagnosis !== null && first !== undefined && (
        <div class="finding">
          <p class="finding-title">
            <strong>{first.title[language]}</strong>
          </p>
          <p class="finding-meta">
            <span>
              {words.confidence} {first.confidence.toFixed(2)}
            </span>
            <span>{words.phase[first.phase]}</span>
            <span>{times.short(room.diagnosis.at)}</span>
            {first.evidence.length > 0 && (
              <span>
                {words.evidence}
                {first.evidence.map((one) => (
                  <>
                    {' '}
                    <a href={`#${anchor(card ?? '')}-L${one.line}`}>
                      {words.lineNo}
                      {one.line}
                    </a>
                  </>
                ))}
              </span>
            )}
          </p>
          <p>{first.cause[language]}</p>
          {room.diagnosis.findings.length > 1 && (
            <ul class="also">
              {room.diagnosis.findings.slice(1, 4).map((one) => (
                <li>
                  {one.title[language]} <span class="quiet">{one.confidence.toFixed(2)}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {card !== undefined && (
        <p>
          <a href={`#${anchor(`card diagnosis:${card}`)}`}>{words.toCard}</a>
        </p>
      )}
    </>
  );
}
