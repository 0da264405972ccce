import { type Message, plainText } from '../chat/message.ts';
import type { Capabilities } from '../chat/port.ts';
import type { IncidentEvent, Place } from '../incident/events.ts';
import { namesIn } from '../incident/guests.ts';
import { type Eyes, seesContract } from '../incident/org-clocks.ts';
import type { Plan } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { isJoint, type Side } from '../incident/visibility.ts';
import type { NewOutboxRow } from '../store/port.ts';
import { at, message, postTitle, say, subject } from './announce/context.ts';
import { announce, arrival, isAboutContract, type Voice } from './announce/index.ts';
import { opening } from './announce/opening.ts';
import { limitsOf } from './announce/place.ts';
import { followUpDue, reviewSoon } from './announce/review.ts';
import { changesStatus, statusCard } from './announce/status.ts';
import { catchUpRow } from './relaying.ts';
import { roomRows } from './rooms.ts';
import { laneOf, placeKey, row } from './row.ts';

export interface EffectsContext {
  readonly plan: Plan;
  readonly now: number;
  readonly nameOf: (person: string) => string;
  readonly orgName: (org: string) => string;
  readonly sideOf: (org: string) => Side | null;
  readonly languageOf: (person: string) => 'zh' | 'en';
  /** What the platform of a place can do; null when it is not configured any more. */
  readonly capabilities: (platform: string) => Capabilities | null;
}

/** What a batch of events causes: rows to be written in the events' own transaction. Pure. */
export function outboxRows(
  incident: Incident,
  events: readonly IncidentEvent[],
  given: EffectsContext,
): readonly NewOutboxRow[] {
  const context = { ...given, nameOf: namesIn(incident, given.nameOf) };
  return [
    ...events.flatMap((event) => personal(incident, event, context)),
    ...talk(incident, events, context),
    ...roomRows(incident, events, (language) => voiceIn(language, context)),
    ...catchUp(incident, events, context),
  ];
}

function talk(
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly NewOutboxRow[] {
  const last = events.at(-1)?.position ?? 0;
  const closing = events.some((event) => event.body.type === 'IncidentClosed');
  return incident.places.flatMap((place) => {
    // Its own room was archived when it was closed; what comes later is said elsewhere.
    if (place.own && incident.status === 'closed' && !closing) return [];
    const post = (message: Message, key: string, shared: boolean): NewOutboxRow => {
      const card = message.card === null ? null : `${shared ? 'shared:' : ''}${message.card}`;
      return row(
        { do: 'post', place, message, ...(shared ? { shared } : {}) },
        {
          lane: laneOf(place),
          priority: card === null ? 'room' : 'card',
          mergeKey: card === null ? null : `${incident.id}:${placeKey(place)}:${card}`,
          key: `${incident.id}:${last}:${key}:${placeKey(place)}`,
          notBefore: context.now,
        },
      );
    };
    return [
      ...words(place, incident, events, context).map((one, index) => post(one, `room-${index}`, false)),
      ...contractWords(place, incident, events, context).map((one, index) =>
        post(one, `shared-${index}`, true),
      ),
    ];
  });
}

/**
 * In the web room of a joint incident every organisation reads the joint talk: news of the promises that we gave the
 * customer stands in the talk of the two instead.
 */
function contractWords(
  place: Place,
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly Message[] {
  if (place.platform !== 'web' || !isJoint(incident)) return [];
  const voice = { ...voiceIn(place.language, context), eyes: eyesOf(place.org, context) };
  const contract = events.filter((event) => isAboutContract(event, context.plan));
  return seesContract(voice.eyes) ? announce(incident, contract, voice) : [];
}

function eyesOf(org: string, context: EffectsContext): NonNullable<Eyes> {
  return { org, side: context.sideOf(org) };
}

/** What one place hears of the batch: all that stands when it has just come to the incident, then the news. */
function words(
  place: Place,
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly Message[] {
  const web = place.platform === 'web';
  const together = web && isJoint(incident);
  const eyes = together ? null : eyesOf(place.org, context);
  const voice = { ...voiceIn(place.language, context), eyes };
  const here = placeKey(place);
  const arrived = events.some(
    (event) => event.body.type === 'RoomOpened' && placeKey(event.body.place) === here,
  );
  if (!arrived) {
    const news = announce(incident, events, voice);
    // The web room shows how things stand at its head, all the time.
    if (web || !events.some((event) => changesStatus(event.body.type))) return news;
    return [statusCard(incident, voice), ...news];
  }
  if (web) return [opening(incident, voice), ...arrival(incident, voice)];
  const capabilities = context.capabilities(place.platform);
  const limits = capabilities && limitsOf(place, capabilities, incident, voice);
  const failed = announce(
    incident,
    events.filter((event) => event.body.type === 'RoomOpened' && event.body.because !== undefined),
    voice,
  );
  return [statusCard(incident, voice), ...arrival(incident, voice), ...(limits ? [limits] : []), ...failed];
}

/** A place that comes to an incident under way hears what was said before; it follows the status card. */
function catchUp(
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly NewOutboxRow[] {
  if (events.some(({ body }) => body.type === 'IncidentReported')) return [];
  return events.flatMap(({ body, position }) =>
    body.type === 'RoomOpened' && body.place.platform !== 'web'
      ? [catchUpRow(incident.id, body.place, position, context.now)]
      : [],
  );
}

/** Pages and notices travel in lanes of their own: a chatty room never delays a call. */
function personal(
  incident: Incident,
  event: IncidentEvent,
  context: EffectsContext,
): readonly NewOutboxRow[] {
  const { body } = event;
  const rest = { priority: 'page', mergeKey: null, notBefore: context.now } as const;
  const key = (effect: string): string => `${incident.id}:${event.position}:${effect}`;
  switch (body.type) {
    case 'PersonPaged':
      return [
        row(
          { do: 'page', page: body.page, person: body.person },
          { ...rest, lane: `page:${body.page}`, key: key('page') },
        ),
      ];
    case 'PageDelivered': {
      // Taken and yet never delivered: whoever still waits for an answer tries the ways that are left.
      const open = incident.pages.find((one) => one.id === body.page)?.status === 'open';
      if (body.delivery.outcome !== 'undelivered' || !open) return [];
      const without = incident.pages
        .filter((one) => one.id === body.page)
        .flatMap((one) => one.deliveries)
        .filter((one) => one.outcome === 'undelivered')
        .map((one) => one.method);
      return [
        row(
          { do: 'page', page: body.page, person: body.person, without },
          { ...rest, lane: `page:${body.page}`, key: key('page-again') },
        ),
      ];
    }
    case 'PersonNotified': {
      const voice = voiceIn(context.languageOf(body.person), context);
      const reported = incident.moments.reported?.at ?? context.now;
      const text = say(voice, {
        zh: `【战情室】${incident.code} ${subject(incident)}：${incident.title}（上报 ${at(voice, reported)}）。您是${postTitle(voice, body.post)}，特此告知。`,
        en: `[warroom] ${incident.code} ${subject(incident)}: ${incident.title} (reported ${at(voice, reported)}). You are told as ${postTitle(voice, body.post)}.`,
      });
      return [
        row(
          { do: 'tell', person: body.person, message: message(text, 'bad'), about: body.about },
          { ...rest, lane: `tell:${body.person}`, key: key('tell') },
        ),
      ];
    }
    case 'FollowUpReminded': {
      if (body.person === null) return [];
      const voice = voiceIn(context.languageOf(body.person), context);
      const followUp = incident.followUps.find((one) => one.id === body.followUp);
      const text = plainText(followUpDue(body, followUp, voice).headline);
      const subjectLine = `${incident.code} ${subject(incident)}`;
      return [
        noteRow({
          person: body.person,
          subject: subjectLine,
          text: `【${incident.code}】${text}`,
          key: key('follow-up'),
          notBefore: context.now,
        }),
      ];
    }
    case 'ReviewReminded':
      return incident.participants.map(({ person }) => {
        const text = plainText(reviewSoon(body, voiceIn(context.languageOf(person), context)).headline);
        const subjectLine = `${incident.code} ${subject(incident)}`;
        return noteRow({
          person,
          subject: subjectLine,
          text: `【${incident.code}】${text}`,
          key: key(`review-${person}`),
          notBefore: context.now,
        });
      });
    case 'DocumentSent':
      return body.to.map((to) =>
        row(
          {
            do: 'mail',
            document: body.document,
            ...(body.organisation === undefined ? {} : { organisation: body.organisation }),
            version: body.version,
            to,
          },
          {
            lane: `mail:${to}`,
            priority: 'room',
            mergeKey: null,
            key: key(`mail-${to}`),
            notBefore: context.now,
          },
        ),
      );
    case 'SatisfactionAsked':
      return [
        row(
          { do: 'survey', person: body.person },
          {
            lane: `note:${body.person}`,
            priority: 'room',
            mergeKey: null,
            key: key('survey'),
            notBefore: context.now,
          },
        ),
      ];
    case 'ApprovalReminded':
      return body.people.map((person) => {
        const voice = voiceIn(context.languageOf(person), context);
        const text = say(voice, {
          zh: `【战情室】${incident.code}：${body.action} 等待您批准`,
          en: `[warroom] ${incident.code}: ${body.action} waits for your approval`,
        });
        return row(
          { do: 'tell', person, message: message(text, 'warn'), about: 'approval' },
          { ...rest, lane: `tell:${person}`, key: key(`remind-${person}`) },
        );
      });
    default:
      return [];
  }
}

/** A note for one person that is no page: it waits behind everything that calls somebody. */
export function noteRow(note: {
  readonly person: string;
  readonly subject: string;
  readonly text: string;
  readonly key: string;
  readonly notBefore: number;
}): NewOutboxRow {
  const { person, subject: title, text, key, notBefore } = note;
  return row(
    { do: 'note', person, subject: title, text },
    { lane: `note:${person}`, priority: 'room', mergeKey: null, key, notBefore },
  );
}

function voiceIn(language: 'zh' | 'en', context: EffectsContext): Voice {
  const { plan, now, nameOf, orgName } = context;
  return { language, plan, now, nameOf, orgName, eyes: null };
}
