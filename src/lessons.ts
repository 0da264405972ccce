import type { Knowledge, Step } from './diagnosis/index.ts';
import { logReader } from './diagnosis/worker/reader.ts';
import { examiner } from './dispatch/examine.ts';
import type { Actor } from './incident/events.ts';
import type { PastIncident } from './incident/learning.ts';
import type { Incident } from './incident/state.ts';
import { openLibrary } from './learning/library.ts';
import { recall } from './learning/recall.ts';
import { readSamples, type Sample } from './learning/samples.ts';
import { shapeOf } from './learning/shape.ts';
import { createTeacher } from './learning/teach.ts';
import { isBusinessOf, mayRead } from './roster/access.ts';
import type { Config } from './roster/schema.ts';
import { maskSecrets } from './secrets/mask.ts';
import type { Store } from './store/port.ts';

const IN_CARD = 3;
const ON_DEMAND = 10;

/** What earlier incidents give to this one: learnt entries, each incident with those it began with, and likeness. */
export async function createLessons(
  store: Store,
  shipped: Knowledge,
  config: Config,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
) {
  const library = await openLibrary(store, shipped, log);
  // One reader for all: its queue keeps large files from being read all at once.
  const reader = logReader();
  let samples: readonly Sample[] | null = null;

  return {
    examine: async (incident: Incident) => examiner(await library.pinned(incident.pinned.knowledge), reader),

    similar: (
      words: readonly string[],
      incident: Incident,
      reader?: Actor,
    ): Promise<readonly PastIncident[]> =>
      recall(store, words, {
        except: incident.id,
        limit: reader ? ON_DEMAND : IN_CARD,
        visible: (past) => (reader ? mayRead(config, past, reader) : maySeeInRoom(past, incident, config)),
      }),

    wordsOf: async (incident: Incident): Promise<readonly string[]> => {
      const log = incident.diagnoses.at(-1);
      if (!log) return [];
      const said = (await store.talk(incident.id, ['joint'])).find((one) => one.message === log.excerpt);
      return shapeOf(said?.text ?? log.signature);
    },

    teach: createTeacher({
      store,
      knowledge: library.current,
      samples: () => {
        samples ??= readSamples();
        return samples;
      },
      mask: (text) => maskSecrets(text).text,
      mayRead: (past, reader) => mayRead(config, past, reader),
    }),

    /** By id or by the plan's number. */
    step: (name: string): Step | undefined => {
      const { steps } = library.latest();
      return steps.get(name) ?? [...steps.values()].find((one) => String(one.number) === name);
    },

    version: async (): Promise<string> => (await library.current()).version,
    changed: library.changed,
  };
}

/**
 * A card is read by everybody in the room: it shows what happened at the same customer, and is the business of
 * every company that was invited.
 */
function maySeeInRoom(past: Incident, present: Incident, config: Config): boolean {
  const invited = present.organisations.filter((one) => one.removedAt === null);
  return sameCustomer(past, present, config) && invited.every(({ org }) => isBusinessOf(config, past, org));
}

function sameCustomer(past: Incident, present: Incident, config: Config): boolean {
  const [one, other] = [customerOf(past, config), customerOf(present, config)];
  if (one !== null && other !== null) return one === other;
  // A system that is not registered: with one customer there is nobody to confuse it with.
  return config.organisations.filter((each) => each.side === 'customer').length <= 1;
}

function customerOf(incident: Incident, config: Config): string | null {
  return config.systems.find((one) => one.id === incident.system.id)?.org ?? null;
}
