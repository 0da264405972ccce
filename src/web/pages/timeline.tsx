import { ButtonRow, type RenderContext } from '../../chat/web/render.tsx';
import type { TimelineEntry } from '../deps.ts';
import type { Visit } from '../visit.ts';

const TONE: Readonly<Record<TimelineEntry['tone'], string>> = { plain: '·', good: '✓', warn: '!', bad: '●' };
/** Recorded within this time of happening counts as recorded at once. */
const AT_ONCE_MS = 60_000;

/** The compiled timeline; with a context its entries can be edited, without one it is to be read. */
export function Timeline(props: {
  entries: readonly TimelineEntry[];
  visit: Visit;
  context?: RenderContext | undefined;
}) {
  const { visit, context } = props;
  const entries = props.entries.filter((entry) => !entry.dropped);
  const dropped = props.entries.filter((entry) => entry.dropped);
  return (
    <>
      <ol class="timeline">
        {entries.map((entry, index) => {
          const before = entries[index - 1];
          const newDay =
            before === undefined || visit.times.day(before.occurred) !== visit.times.day(entry.occurred);
          return (
            <>
              {newDay && <li class="timeline-day">{visit.times.dayName(entry.occurred)}</li>}
              <Entry entry={entry} visit={visit} context={context} />
            </>
          );
        })}
      </ol>
      {context !== undefined && dropped.length > 0 && (
        <details class="fold dropped">
          <summary>{visit.words.dropped(dropped.length)}</summary>
          <ol class="timeline">
            {dropped.map((entry) => (
              <Entry entry={entry} visit={visit} context={context} />
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

function Entry(props: { entry: TimelineEntry; visit: Visit; context: RenderContext | undefined }) {
  const { entry, visit, context } = props;
  const { words, times } = visit;
  return (
    <li class={`entry ${entry.tone}`}>
      <time datetime={times.iso(entry.occurred)}>{times.clock(entry.occurred)}</time>
      <span class="tone" aria-hidden="true">
        {TONE[entry.tone]}
      </span>
      <div>
        <p class="entry-text">{entry.text}</p>
        <p class="entry-by">
          <span>{entry.by}</span>
          {entry.recorded - entry.occurred > AT_ONCE_MS && (
            <span>{words.recordedAt(times.short(entry.recorded))}</span>
          )}
          {entry.backdated !== null && <span class="badge warn">{words.backdated(entry.backdated)}</span>}
          <span class="position">#{entry.number}</span>
        </p>
        {entry.original !== null && (
          <details class="original">
            <summary>{words.original}</summary>
            {entry.original}
          </details>
        )}
        {context !== undefined && (
          <details class="entry-edit">
            <summary>{words.editEntry}</summary>
            <ButtonRow buttons={entry.buttons} context={context} />
          </details>
        )}
      </div>
    </li>
  );
}
