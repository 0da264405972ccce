import { BOT, type IncidentEvent } from '../../incident/events.ts';
import { type Block, type Party, unstated } from '../document.ts';
import { byEvents, type Frame, say, shortTime } from './frame.ts';

interface Participation {
  readonly org: string;
  /** By person, the first thing each of them did. */
  readonly people: ReadonlyMap<string, IncidentEvent>;
}

/** Who took part, by organisation, in the order in which they came. */
function participations(frame: Frame): readonly Participation[] {
  const found = new Map<string, Map<string, IncidentEvent>>();
  for (const event of frame.events) {
    if (event.by.id === BOT.id) continue;
    const people = found.get(event.by.org) ?? new Map<string, IncidentEvent>();
    if (!people.has(event.by.id)) people.set(event.by.id, event);
    found.set(event.by.org, people);
  }
  return [...found].map(([org, people]) => ({ org, people }));
}

/** The organisations of the joint room and their people (联防联控, plan L247–310). */
export function organisations(frame: Frame): Block {
  const all = participations(frame);
  if (all.length === 0) return { block: 'paragraph', statements: [unstated] };
  return {
    block: 'table',
    columns: [
      { title: say(frame, '单位', 'Organisation'), share: 0.34 },
      { title: say(frame, '人员', 'People'), share: 0.46 },
      { title: say(frame, '参与起', 'Since'), share: 0.2 },
    ],
    rows: all.map(({ org, people }) => {
      const first = [...people.values()];
      const since = first[0];
      return [
        byEvents(frame.orgs(org), ...first.slice(0, 1)),
        byEvents([...people.keys()].map(frame.names).join(say(frame, '、', ', ')), ...first),
        since === undefined ? unstated : byEvents(shortTime(frame, since.occurred), since),
      ];
    }),
  };
}

/** Each organisation that took part signs. */
export function signatories(frame: Frame): readonly Party[] {
  return participations(frame).map(({ org }) => ({
    role: say(frame, '代表', 'For'),
    organisation: frame.orgs(org),
    name: null,
  }));
}
