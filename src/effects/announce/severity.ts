import type { Block, Message } from '../../chat/message.ts';
import { clocks } from '../../incident/clocks.ts';
import type { EventOf } from '../../incident/events.ts';
import { SEVERITIES } from '../../incident/plan.ts';
import { openQuestions } from '../../incident/rules/severity.ts';
import type { Incident } from '../../incident/state.ts';
import { BECAUSE, QUESTION, SEVERITY } from '../../words/terms.ts';
import { at, because, button, buttons, message, say, toneOf, type Voice } from './context.ts';

/** The deciding questions as buttons, then the proposal with its reason; one card, updated in place. */
export function severityCard(incident: Incident, voice: Voice): Message {
  const asked = questionBlocks(incident, voice);
  if (!incident.proposed) {
    const headline = say(voice, {
      zh: `定级需确认 ${openQuestions(incident.answers).length} 个问题`,
      en: `${openQuestions(incident.answers).length} questions decide the severity`,
    });
    return message(headline, 'plain', asked, 'severity');
  }
  const { severity, because: reasons, line } = incident.proposed;
  const why = reasons.map((one) => because(voice, BECAUSE, one)).join(voice.language === 'zh' ? '、' : ', ');
  const name = SEVERITY[severity];
  const done = incident.severity === severity;
  const headline = say(voice, {
    zh: `${done ? '已定级' : '建议定级'} ${name.mark} ${name.zh}：${why}（预案 ${line}）`,
    en: `${done ? 'Severity' : 'Proposed'} ${name.mark} ${name.en}: ${why} (plan ${line})`,
  });
  const confirm = button(
    say(voice, { zh: `确认${name.zh}`, en: `Confirm ${name.en}` }),
    'severity',
    { level: severity },
    'primary',
  );
  const others = SEVERITIES.filter((one) => one !== severity).map((one) =>
    button(say(voice, { zh: `改为${SEVERITY[one].zh}…`, en: `Make it ${SEVERITY[one].en}…` }), 'severity', {
      level: one,
      ask: 'reason',
    }),
  );
  const blocks: readonly Block[] = done
    ? []
    : [
        ...buttons(confirm),
        {
          block: 'fold',
          summary: say(voice, { zh: '改级', en: 'Another level' }),
          blocks: buttons(...others),
        },
        ...asked,
      ];
  return message(headline, toneOf(severity), blocks, 'severity');
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
export function severitySet(body: EventOf<'SeveritySet'>, incident: Incident, voice: Voice): Message {
  const name = SEVERITY[body.severity];
  const running = clocks(incident, voice.plan, voice.now).filter(
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
  const changed = body.from ? ` ← ${SEVERITY[body.from].mark} ${SEVERITY[body.from][voice.language]}` : '';
  const reason = body.reason
    ? say(voice, { zh: ` · 原因：${body.reason}`, en: ` · because: ${body.reason}` })
    : '';
  return message(`${name.mark} ${name[voice.language]}${changed}${reason}`, toneOf(body.severity), [
    { block: 'list', ordered: false, items: limits },
  ]);
}
