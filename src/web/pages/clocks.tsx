import type { OrgClock } from '../../incident/org-clocks.ts';
import { countdown } from '../time.ts';
import type { Visit } from '../visit.ts';

const LIVE: readonly OrgClock['status'][] = ['running', 'overdue'];
const ENDED: readonly OrgClock['status'][] = ['met', 'missed', 'void'];

/** How pressing a clock is: amber from half of its time, red from four fifths (the plan's warnings). */
export type Level = 'calm' | 'amber' | 'red' | 'over';

export function levelOf(used: number): Level {
  if (used > 1) return 'over';
  if (used >= 0.8) return 'red';
  return used >= 0.5 ? 'amber' : 'calm';
}

/** What the browser needs to go on counting by itself; nothing while the clock stands still. */
export function counting(clock: OrgClock) {
  if (!LIVE.includes(clock.status) || clock.deadline === null) return {};
  return { 'data-deadline': clock.deadline, 'data-span': clock.minutes * 60_000 };
}

/** `unfolded` on paper, where nothing can be opened. */
export function ClocksPanel(props: { clocks: readonly OrgClock[]; visit: Visit; unfolded?: boolean }) {
  const { clocks, visit, unfolded = false } = props;
  const { words } = visit;
  // A report's clock says nothing until the incident is resolved; before that it only pushes the others down.
  const later = (clock: OrgClock) => clock.status === 'waiting' && clock.id.endsWith('-report');
  const shown = clocks.filter((clock) => !ENDED.includes(clock.status) && !later(clock));
  const waiting = clocks.filter(later);
  const ended = clocks.filter((clock) => clock.status === 'met' || clock.status === 'missed');
  const rank = (clock: OrgClock) => (LIVE.includes(clock.status) ? 0 : clock.status === 'paused' ? 1 : 2);
  const ordered = [...shown].sort((a, b) => rank(a) - rank(b) || b.used - a.used);
  return (
    <>
      <h2 id="clocks-title" tabindex={-1}>
        {words.clocks}
      </h2>
      {ordered.length === 0 && <p class="quiet">{words.noDeadline}</p>}
      <ul class="clocks">
        {ordered.map((clock) =>
          clock.status === 'waiting' ? (
            <WaitingClock clock={clock} visit={visit} />
          ) : (
            <ClockRow clock={clock} visit={visit} />
          ),
        )}
      </ul>
      {waiting.length > 0 && (
        <details class="fold" id="clocks-later" open={unfolded}>
          <summary>
            {words.clockStatus.waiting} {waiting.length}
          </summary>
          <ul class="clocks">
            {waiting.map((clock) => (
              <WaitingClock clock={clock} visit={visit} />
            ))}
          </ul>
        </details>
      )}
      {ended.length > 0 && (
        <details class="fold" id="clocks-ended" open={unfolded}>
          <summary>
            {words.clocksDone(ended.filter((clock) => clock.status === 'met').length, ended.length)}
          </summary>
          <ul class="clocks">
            {ended.map((clock) => (
              <EndedClock clock={clock} visit={visit} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function ClockRow({ clock, visit }: { clock: OrgClock; visit: Visit }) {
  const { words, times, now, language } = visit;
  const left = (clock.deadline ?? now) - now;
  const level = clock.status === 'paused' ? 'paused' : levelOf(clock.used);
  return (
    <li class={`clock level-${level}`} {...counting(clock)}>
      <p class="clock-head">
        <span class="clock-title">{clock.title[language]}</span>
        <Digits left={left} visit={visit} paused={clock.status === 'paused'} />
      </p>
      <Bar used={clock.used} />
      <p class="clock-sub">
        {clock.deadline !== null && (
          <time datetime={times.iso(clock.deadline)}>{words.before(times.short(clock.deadline))}</time>
        )}
        <PlanLine line={clock.line} visit={visit} />
        <span>{clock.readingTitle[language]}</span>
      </p>
      {clock.pause !== null && (
        <p class="clock-sub pause">
          {clock.pause.confirmed
            ? words.pausedBecause(clock.pause.reason)
            : words.pauseUnconfirmed(clock.pause.reason)}
        </p>
      )}
      <Others clock={clock} visit={visit} />
    </li>
  );
}

/** Digits that can be read from the other end of the room; the sign says which way they run. */
export function Digits({ left, visit, paused }: { left: number; visit: Visit; paused: boolean }) {
  const { words } = visit;
  return (
    <span class="digits">
      <span class="sign" data-left={words.left} data-over={words.over}>
        {paused ? words.clockStatus.paused : left < 0 ? words.over : words.left}
      </span>{' '}
      <span class="count" data-count>
        {countdown(left)}
      </span>
    </span>
  );
}

/** What is left, shrinking; ticks where the plan warns. The digits beside it say the same to whoever cannot see it. */
export function Bar({ used }: { used: number }) {
  const left = Math.max(0, Math.min(1, 1 - used));
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="0" width="100" height="8" />
      <rect class="fill" x="0" y="0" width={(left * 100).toFixed(1)} height="8" data-fill />
      <path class="ticks" d="M20 0V8M50 0V8" />
    </svg>
  );
}

function WaitingClock({ clock, visit }: { clock: OrgClock; visit: Visit }) {
  const { words, language } = visit;
  return (
    <li class="clock level-waiting">
      <p class="clock-head">
        <span class="clock-title">{clock.title[language]}</span>
        <span class="quiet">{words.waitsFor}</span>
      </p>
      <p class="clock-sub">
        <PlanLine line={clock.line} visit={visit} />
        <span>{clock.readingTitle[language]}</span>
      </p>
      <Others clock={clock} visit={visit} />
    </li>
  );
}

function EndedClock({ clock, visit }: { clock: OrgClock; visit: Visit }) {
  const { words, times, language } = visit;
  return (
    <li class={`clock ended ${clock.status}`}>
      <p class="clock-head">
        <span class="clock-title">{clock.title[language]}</span>
        <span class="verdict">
          {clock.status === 'met' ? '✓' : '✕'} {words.clockStatus[clock.status]}
        </span>
      </p>
      <p class="clock-sub">
        {clock.deadline !== null && <span>{words.before(times.short(clock.deadline))}</span>}
        {clock.stoppedAt !== null && <span>→ {times.short(clock.stoppedAt)}</span>}
        <span>{times.span(clock.net)}</span>
      </p>
      <Others clock={clock} visit={visit} />
    </li>
  );
}

function Others({ clock, visit }: { clock: OrgClock; visit: Visit }) {
  const { words, times, language } = visit;
  return (
    <>
      {clock.others.map((other) => (
        <p class="clock-sub other">
          <span>
            {words.otherReading} {other.title[language]}
          </span>
          {other.deadline !== null && <span>{times.short(other.deadline)}</span>}
        </p>
      ))}
    </>
  );
}

/** Where the plan prints the limit; a limit of ours has no line. */
function PlanLine({ line, visit }: { line: string; visit: Visit }) {
  return line.startsWith('L') ? <span class="line-ref">{visit.words.planLine(line)}</span> : null;
}
