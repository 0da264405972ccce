import type { IncidentEvent, Place } from '../incident/events.ts';
import type { Plan } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import type { NewOutboxRow } from '../store/port.ts';
import { at, message, postTitle, say, subject } from './announce/context.ts';
import { announce, type Voice } from './announce/index.ts';
import type { Payload } from './payload.ts';

export interface EffectsContext {
  readonly plan: Plan;
  readonly now: number;
  readonly nameOf: (person: string) => string;
  readonly languageOf: (person: string) => 'zh' | 'en';
}

/** What a batch of events causes: rows to be written in the events' own transaction. Pure. */
export function outboxRows(
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly NewOutboxRow[] {
  return [
    ...events.flatMap((event) => personal(incident, event, context)),
    ...rooms(incident, events, context),
  ];
}

function rooms(
  incident: Incident,
  events: readonly IncidentEvent[],
  context: EffectsContext,
): readonly NewOutboxRow[] {
  const last = events.at(-1)?.position ?? 0;
  return incident.places.flatMap((place) =>
    announce(incident, events, voiceIn(place.language, context)).map((one, index) =>
      row(
        { do: 'post', place, message: one },
        {
          lane: laneOf(place),
          priority: one.card === null ? 'room' : 'card',
          mergeKey: one.card === null ? null : `${incident.id}:${placeKey(place)}:${one.card}`,
          key: `${incident.id}:${last}:room-${index}:${placeKey(place)}`,
          notBefore: context.now,
        },
      ),
    ),
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

function voiceIn(language: 'zh' | 'en', context: EffectsContext): Voice {
  return { language, plan: context.plan, now: context.now, nameOf: context.nameOf };
}

export function placeKey(place: Place): string {
  return `${place.platform}:${place.workspace}:${place.conversation}`;
}

export function laneOf(place: Place): string {
  return `room:${placeKey(place)}`;
}

function row(payload: Payload, rest: Omit<NewOutboxRow, 'payload'>): NewOutboxRow {
  return { ...rest, payload: JSON.stringify(payload) };
}
