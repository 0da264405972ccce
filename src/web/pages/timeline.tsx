import type { TimelineEntry } from '../deps.ts';
import type { Visit } from '../visit.ts';

const TONE: Readonly<Record<TimelineEntry['tone'], string>> = { plain: '·', good: '✓', warn: '!', bad: '●' };
/** Recorded within this time of happening counts as recorded at once. */
const AT_ONCE_MS = 60_000;

export function Timeline({ entries, visit }: { entries: readonly TimelineEntry[]; visit: Visit }) {
  const { words, times } = visit;
  return (
    <ol class="timeline">
      {entries.map((entry, index) => {
        const before = entries[index - 1];
        const newDay = before === undefined || times.day(before.occurred) !== times.day(entry.occurred);
        return (
          <>
            {newDay && <li class="timeline-day">{times.dayName(entry.occurred)}</li>}
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
                  {entry.backdated !== null && (
                    <span class="badge warn">{words.backdated(entry.backdated)}</span>
                  )}
                  <span class="position">#{entry.position}</span>
                </p>
              </div>
            </li>
          </>
        );
      })}
    </ol>
  );
}
