import { z } from 'zod';
import type { CommandOf } from '../incident/commands.ts';
import type { Words } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { shapeOf } from '../learning/shape.ts';
import { type EstateNames, type EstateRule, maskEstate } from '../secrets/estate.ts';
import type { Store, TalkFile } from '../store/port.ts';
import type { Examination } from './examine.ts';

/** What the customer keeps to itself, and the machines it has registered. */
export interface Estate {
  readonly rule: EstateRule;
  readonly registered: readonly string[];
}

export interface Crossed {
  readonly text: string;
  /** How much of the customer's estate was taken out. */
  readonly hidden: number;
}

/**
 * What every company in the room may read of a log: without secrets before it gets here, and without what the
 * customer's rule keeps. The names that were given out are kept for the incident, so that the same machine is the
 * same number in every log of it.
 */
export function createCrossing(deps: {
  readonly store: Pick<Store, 'getNote' | 'putNote'>;
  /** Null where the customer has no rule. */
  readonly estate: (incident: Incident) => Estate | null;
}) {
  async function mask(incident: Incident, text: string): Promise<Crossed> {
    const estate = deps.estate(incident);
    if (!estate) return { text, hidden: 0 };
    const names = await namesOf(incident);
    const masked = maskEstate(text, estate.rule, estate.registered, names);
    if (masked.count > 0) await deps.store.putNote(keyOf(incident), JSON.stringify(masked.names));
    return { text: masked.text, hidden: masked.count };
  }

  async function namesOf(incident: Incident): Promise<EstateNames> {
    const note = await deps.store.getNote(keyOf(incident));
    return note === null ? {} : z.record(z.string(), z.string()).parse(JSON.parse(note));
  }

  /** The same examination in words that all may read: evidence, facts, and what it is found again by. */
  async function examination(incident: Incident, found: Examination): Promise<Examination> {
    const estate = deps.estate(incident);
    if (!estate) return found;
    // First all of it in one piece: a name that one line gives away is known in every line.
    const spoken = [...found.telling, ...found.findings.flatMap((one) => one.evidence)].map(
      (one) => one.text,
    );
    await mask(incident, [found.excerpt, ...spoken].join('\n'));
    const names = await namesOf(incident);
    const hide = (text: string): string => maskEstate(text, estate.rule, estate.registered, names).text;
    const hideWords = ({ zh, en }: Words): Words => ({ zh: hide(zh), en: hide(en) });
    const hideLine = <T extends { readonly text: string }>(line: T): T => ({
      ...line,
      text: hide(line.text),
    });
    const telling = found.telling.map(hideLine);
    const findings = found.findings.map((one) => ({
      ...one,
      evidence: one.evidence.map((line) =>
        line.file === undefined ? hideLine(line) : { ...hideLine(line), file: hide(line.file) },
      ),
      facts: Object.fromEntries(Object.entries(one.facts).map(([name, value]) => [name, hide(value)])),
      ruledOut: one.ruledOut.map(hideWords),
      // Commands are filled in with what the log named.
      capture: one.capture.map((what) => ({ ...what, commands: what.commands.map(hide) })),
      steps: one.steps.map((step) => ({ ...step, commands: step.commands.map(hide) })),
      ...(one.measured ? { measured: one.measured.map(hideWords) } : {}),
      ...(one.reasons ? { reasons: one.reasons.map(hideWords) } : {}),
      ...(one.otherwise
        ? {
            otherwise: one.otherwise.map((other) => ({
              because: hideWords(other.because),
              check: other.check === null ? null : hide(other.check),
            })),
          }
        : {}),
    }));
    const excerpt = hide(found.excerpt);
    const shown = [...telling, ...findings.flatMap((one) => one.evidence)].map((one) => one.text);
    return {
      ...found,
      telling,
      findings,
      capture: found.capture.map((what) => ({ ...what, commands: what.commands.map(hide) })),
      excerpt,
      signature: hide(found.signature),
      words: shapeOf([...shown, excerpt].join('\n')),
    };
  }

  return { mask, examination };
}
export type Crossing = ReturnType<typeof createCrossing>;

function keyOf(incident: Incident): string {
  return `estate:${incident.id}`;
}

/** A log that waits for its sender's word before other companies see it: all that will be put down then, masked. */
export interface HeldLog {
  readonly text: string;
  readonly body: CommandOf<'paste-log'>;
  /** Whose it is. */
  readonly org: string;
  /** The whole of it, where it was a file. */
  readonly file?: TalkFile | undefined;
}

/** What `hold` wrote; its shape is ours. */
const heldShape = z.custom<HeldLog>(
  (value) =>
    z
      .object({ text: z.string(), org: z.string(), body: z.looseObject({ type: z.literal('paste-log') }) })
      .safeParse(value).success,
);

export function heldLogs(store: Pick<Store, 'getNote' | 'putNote'>) {
  const key = (incident: string, message: string): string => `held:${incident}:${message}`;
  return {
    hold: (incident: string, message: string, log: HeldLog): Promise<void> =>
      store.putNote(key(incident, message), JSON.stringify(log)),
    of: async (incident: string, message: string): Promise<HeldLog | null> => {
      const note = await store.getNote(key(incident, message));
      return note === null ? null : heldShape.parse(JSON.parse(note));
    },
    release: (incident: string, message: string): Promise<void> =>
      store.putNote(key(incident, message), null),
  };
}
