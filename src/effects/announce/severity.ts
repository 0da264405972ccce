import type { Block, Message } from '../../chat/message.ts';
import type { EventOf } from '../../incident/events.ts';
import { clocksSeenBy } from '../../incident/org-clocks.ts';
import { SEVERITIES, type Severity } from '../../incident/plan.ts';
import { openQuestions } from '../../incident/rules/severity.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE, QUESTION, SEVERITY } from '../../words/terms.ts';
import { at, because, button, buttons, message, say, toneOf, type Voice } from './context.ts';

/**
 * The deciding questions as buttons, the proposal with its reason, at last the level with the deadlines that it
 * starts; one card, changed where it stands. `set` says how the level came about.
 */
export function severityCard(incident: Incident, voice: Voice, set?: EventOf<'SeveritySet'>): Message {
  const { severity, proposed } = incident;
  if (severity !== null && (set !== undefined || proposed === null || proposed.severity === severity))
    return level(severity, incident, voice, set);
  const asked = questionBlocks(incident, voice);
  if (!proposed) {
    const headline = say(voice, {
      zh: `定级需确认 ${openQuestions(incident.answers).length} 个问题`,
      en: `${openQuestions(incident.answers).length} questions decide the severity`,
    });
    return message(headline, 'plain', asked, 'severity');
  }
  const name = SEVERITY[proposed.severity];
  const headline = say(voice, {
    zh: `建议定级 ${name.mark} ${name.zh}：${reasons(incident, voice)}（预案 ${proposed.line}）`,
    en: `Proposed ${name.mark} ${name.en}: ${reasons(incident, voice)} (plan ${proposed.line})`,
  });
  const confirm = button(
    say(voice, { zh: `确认${name.zh}`, en: `Confirm ${name.en}` }),
    'severity',
    { level: proposed.severity },
    'primary',
  );
  return message(
    headline,
    toneOf(proposed.severity),
    [...buttons(confirm), otherLevels(proposed.severity, voice), ...asked],
    'severity',
  );
}

function reasons(incident: Incident, voice: Voice): string {
  const separator = say(voice, { zh: '、', en: ', ' });
  return (incident.proposed?.because ?? []).map((one) => because(voice, BECAUSE, one)).join(separator);
}

function otherLevels(present: Severity, voice: Voice): Block {
  const others = SEVERITIES.filter((one) => one !== present).map((one) =>
    button(say(voice, { zh: `改为${SEVERITY[one].zh}…`, en: `Make it ${SEVERITY[one].en}…` }), 'severity', {
      level: one,
      ask: 'reason',
    }),
  );
  return {
    block: 'fold',
    summary: say(voice, { zh: '改级', en: 'Another level' }),
    blocks: buttons(...others),
  };
}

function questionBlocks(incident: Incident, voice: Voice): readonly Block[] {
  const given = Object.entries(incident.answers).map(([question, answer]) => ({
    label: because(voice, QUESTION, question),
    value: answer ? say(voice, { zh: '是', en: 'yes' }) : say(voice, { zh: '否', en: 'no' }),
  }));
  const open = openQuestions(incident.answers).flatMap((question): readonly Block[] => {
    const label = QUESTION[question][voice.language];
    const rule = voice.plan.questions[question];
    return [
      { block: 'note', text: `${rule.title[voice.language]}（${rule.line}）` },
      ...buttons(
        button(`${label}：${say(voice, { zh: '是', en: 'yes' })}`, 'answer', { [question]: 'yes' }),
        button(`${label}：${say(voice, { zh: '否', en: 'no' })}`, 'answer', { [question]: 'no' }),
      ),
    ];
  });
  return [...(given.length > 0 ? [{ block: 'fields', fields: given } as const] : []), ...open];
}

/** The confirmed level with what it starts: deadlines, both readings. */
function level(
  severity: Severity,
  incident: Incident,
  voice: Voice,
  set: EventOf<'SeveritySet'> | undefined,
): Message {
  const name = SEVERITY[severity];
  const running = clocksSeenBy(incident, voice.plan, voice.now, voice.eyes).filter(
    (one) => one.status === 'running' || one.status === 'waiting',
  );
  const limits = running.slice(0, 5).map((clock) => {
    const other = clock.others[0];
    const note = other
      ? say(voice, { zh: `（另一读法：${other.title.zh}）`, en: ` (other reading: ${other.title.en})` })
      : '';
    const when = clock.deadline === null ? clock.readingTitle[voice.language] : at(voice, clock.deadline);
    return `${clock.title[voice.language]} ${when}${note}`;
  });
  const { proposed } = incident;
  const agreed = proposed?.severity === severity;
  const why = agreed
    ? say(voice, {
        zh: `：${reasons(incident, voice)}（预案 ${proposed.line}）`,
        en: `: ${reasons(incident, voice)} (plan ${proposed.line})`,
      })
    : '';
  const changed = set?.from ? ` ← ${SEVERITY[set.from].mark} ${SEVERITY[set.from][voice.language]}` : '';
  const reason = set?.reason
    ? say(voice, { zh: ` · 原因：${set.reason}`, en: ` · because: ${set.reason}` })
    : '';
  return message(
    `${name.mark} ${name[voice.language]}${why}${changed}${reason}`,
    toneOf(severity),
    [{ block: 'list', ordered: false, items: limits }, otherLevels(severity, voice)],
    'severity',
  );
}
