import type { Button, Message } from '../../chat/message.ts';
import { mostUrgent } from '../../incident/clocks.ts';
import type { EventType } from '../../incident/events.ts';
import { clocksSeenBy } from '../../incident/org-clocks.ts';
import { emptyPosts } from '../../incident/posts.ts';
import type { Incident } from '../../incident/state.ts';
import { MOMENT, SEVERITY, STATUS } from '../../words/terms.ts';
import { at, button, buttons, message, postTitle, say, subject, toneOf, type Voice } from './context.ts';
import { story } from './opening.ts';

/** What the status card shows changes with these and with nothing else. */
const CHANGES: ReadonlySet<EventType> = new Set<EventType>([
  'RoomOpened',
  'SeveritySet',
  'AccountabilityChosen',
  'LeadHandedOver',
  'OrganisationInvited',
  'OrganisationRemoved',
  'PersonJoined',
  'PostNeeded',
  'LevelRaised',
  'PersonNotified',
  'PostVacant',
  'PersonPaged',
  'PageAcknowledged',
  'PageDeclined',
  'PageTimedOut',
  'PageWithdrawn',
  'TierSkipped',
  'FirstContactMade',
  'PersonDispatched',
  'PersonArrived',
  'MomentWithdrawn',
  'CauseStated',
  'ActionProposed',
  'ActionApproved',
  'ActionRejected',
  'ActionCarriedOut',
  'ServiceRestored',
  'IncidentResolved',
  'IncidentReopened',
  'IncidentClosed',
  'ClockBreached',
  'ClockPaused',
  'ClockResumed',
]);

export function changesStatus(type: EventType): boolean {
  return CHANGES.has(type);
}

/**
 * The card that stands pinned in a chat room and is changed where it stands: how bad, since when, who has it,
 * the next deadline, what can be done now. The web room shows the same at its head all the time.
 */
export function statusCard(incident: Incident, voice: Voice): Message {
  const { severity } = incident;
  const reported = incident.moments.reported?.at ?? voice.now;
  const level = severity
    ? `${SEVERITY[severity].mark} ${SEVERITY[severity][voice.language]}`
    : say(voice, { zh: '🚨 待定级', en: '🚨 severity open' });
  const headline = [
    level,
    STATUS[incident.status][voice.language],
    incident.code,
    subject(incident),
    say(voice, { zh: `上报 ${at(voice, reported)}`, en: `reported ${at(voice, reported)}` }),
  ].join(' · ');
  const fields = standing(incident, voice);
  return message(
    headline,
    incident.status === 'open' ? toneOf(severity) : 'good',
    [
      ...story(incident, voice),
      ...(fields.length > 0 ? [{ block: 'fields', fields } as const] : []),
      ...buttons(...next(incident, voice)),
      {
        block: 'note',
        text: [
          {
            link: {
              label: say(voice, { zh: '网页房间、时间线与文档', en: 'web room, timeline, documents' }),
              path: `/i/${incident.code}`,
            },
          },
        ],
      },
    ],
    'status',
  );
}

function standing(incident: Incident, voice: Voice): readonly { label: string; value: string }[] {
  const urgent = mostUrgent(clocksSeenBy(incident, voice.plan, voice.now, voice.eyes));
  const empty =
    incident.status === 'open' ? emptyPosts(incident, voice.plan).map((post) => postTitle(voice, post)) : [];
  const waiting = incident.actions.filter((one) => one.status === 'proposed').map((one) => one.id);
  const moments = (['first-contact', 'dispatched', 'on-site', 'restored', 'resolved'] as const).flatMap(
    (moment) => {
      const mark = incident.moments[moment];
      return mark ? [`${MOMENT[moment][voice.language]} ${at(voice, mark.at)}`] : [];
    },
  );
  return [
    ...(urgent?.deadline
      ? [
          {
            label: say(voice, { zh: '最紧的时限', en: 'next deadline' }),
            value: `${urgent.title[voice.language]} ${at(voice, urgent.deadline)}`,
          },
        ]
      : []),
    ...(moments.length > 0
      ? [
          {
            label: say(voice, { zh: '已完成', en: 'done' }),
            value: moments.join(say(voice, { zh: '、', en: ', ' })),
          },
        ]
      : []),
    ...(waiting.length > 0
      ? [{ label: say(voice, { zh: '待批准', en: 'waiting for approval' }), value: waiting.join(', ') }]
      : []),
    ...(empty.length > 0
      ? [
          {
            label: say(voice, { zh: '空缺岗位', en: 'empty posts' }),
            value: empty.join(say(voice, { zh: '、', en: ', ' })),
          },
        ]
      : []),
    ...(incident.cause
      ? [
          {
            label: incident.cause.confirmed
              ? say(voice, { zh: '原因', en: 'cause' })
              : say(voice, { zh: '疑似原因', en: 'suspected cause' }),
            value: incident.cause.text,
          },
        ]
      : []),
  ];
}

/** No more than a hand can choose from; the rest is typed, or pressed in the web room. */
function next(incident: Incident, voice: Voice): readonly Button[] {
  const one = (
    zh: string,
    en: string,
    command: string,
    args: Record<string, string> = {},
    style: Button['style'] = 'plain',
  ): Button => button(say(voice, { zh, en }), command, args, style);
  switch (incident.status) {
    case 'open':
      return [
        ...(incident.pages.some((page) => page.status === 'open')
          ? [one('应答', 'Acknowledge', 'ack', {}, 'primary')]
          : []),
        one('提议操作…', 'Propose…', 'propose'),
        one('进展…', 'Update…', 'update'),
        one('升级…', 'Escalate…', 'escalate'),
        one('业务恢复', 'Restored', 'restore'),
      ];
    case 'restored':
      return [
        ...(incident.cause === null ? [one('说明原因…', 'State the cause…', 'cause', {}, 'primary')] : []),
        one('解决', 'Resolve', 'resolve'),
        one('没有恢复…', 'Not restored…', 'undo', { moment: 'restored' }),
      ];
    case 'resolved':
      return [
        one('报告草稿', 'Draft report', 'summary', {}, 'primary'),
        one('关闭', 'Close', 'close', { as: 'done' }),
        one('重开…', 'Re-open…', 'reopen'),
      ];
    case 'closed':
      return [];
    default: {
      const unknown: never = incident.status;
      throw new Error(`unknown status ${String(unknown)}`);
    }
  }
}
