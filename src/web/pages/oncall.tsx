import type { OnCallView, ShiftView } from '../deps.ts';
import type { Visit } from '../visit.ts';
import { Page } from './layout.tsx';

/** A gap of every night is one fault of the roster, not fourteen. */
const SHOWN = 5;

type Tier = OnCallView['tiers'][number];

/** Who has the turn, what will hurt, and what one shift left to the next. */
export function OnCallPage({ onCall, visit }: { onCall: OnCallView; visit: Visit }) {
  const { words, times } = visit;
  const problems = [
    ...onCall.gaps.map((one) => words.onCall.gapLine(one.title, times.short(one.from), times.short(one.to))),
    ...onCall.doubles.map((one) =>
      words.onCall.doubleLine(one.person, one.titles.join('、'), times.short(one.from)),
    ),
  ];
  return (
    <Page visit={visit} title={words.onCall.title} body="at-home">
      <main id="main" class="home on-call">
        <div class="home-head">
          <h1>{words.onCall.title}</h1>
        </div>
        <section class={problems.length > 0 ? 'roster-problems' : 'roster-fine'}>
          {problems.length === 0 ? (
            <p class="quiet">{words.onCall.noProblems}</p>
          ) : (
            <>
              <h2>{words.onCall.problems}</h2>
              <ul>
                {problems.slice(0, SHOWN).map((one) => (
                  <li>⚠️ {one}</li>
                ))}
                {problems.length > SHOWN && (
                  <li class="quiet">{words.onCall.more(problems.length - SHOWN)}</li>
                )}
              </ul>
            </>
          )}
        </section>
        {onCall.tiers.map((tier) => (
          <TierSection tier={tier} visit={visit} />
        ))}
        <p class="quiet">{words.onCall.leave}</p>
      </main>
    </Page>
  );
}

function TierSection({ tier, visit }: { tier: Tier; visit: Visit }) {
  const { words, times } = visit;
  return (
    <section class="on-call-tier">
      <h2>{tier.title}</h2>
      <p>
        {words.onCall.now} <strong>{nameOf(tier, visit)}</strong>{' '}
        {isSpecial(tier.why) && <span class="badge">{words.onCall.why[tier.why]}</span>}{' '}
        {tier.until !== null && (
          <span class="quiet">
            {words.onCall.until(times.short(tier.until), tier.next ?? words.onCall.gap)}
          </span>
        )}
      </p>
      {tier.handover !== null && (
        <details class="fold" open>
          <summary>
            {words.onCall.handover} {times.short(tier.handover.at)}
          </summary>
          <p>{tier.handover.headline}</p>
          {tier.handover.lines.map((line) => (
            <p class="shift-line">{line}</p>
          ))}
        </details>
      )}
      {tier.waiting.length > 0 && (
        <>
          <h3>{words.onCall.waiting}</h3>
          <ul>
            {tier.waiting.map((one) => (
              <li>
                {one.by} <span class="quiet">{times.short(one.at)}</span> {one.text}
              </li>
            ))}
          </ul>
        </>
      )}
      {tier.shifts.length > 1 && (
        <details class="fold">
          <summary>{words.onCall.ahead}</summary>
          <ul class="shifts">
            {tier.shifts.map((one) => (
              <Shift shift={one} visit={visit} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Shift({ shift, visit }: { shift: ShiftView; visit: Visit }) {
  const { words, times } = visit;
  return (
    <li class={shift.why === 'gap' ? 'shift gap' : 'shift'}>
      <span class="when">
        {times.short(shift.from)} – {times.short(shift.to)}
      </span>{' '}
      {nameOf(shift, visit)}
      {isSpecial(shift.why) && <span class="badge">{words.onCall.why[shift.why]}</span>}
    </li>
  );
}

function nameOf({ person, why }: Pick<ShiftView, 'person' | 'why'>, { words }: Visit): string {
  return person ?? (why === 'elsewhere' ? words.onCall.why.elsewhere : `⚠️ ${words.onCall.gap}`);
}

function isSpecial(why: ShiftView['why']): boolean {
  return why === 'override' || why === 'swap';
}
