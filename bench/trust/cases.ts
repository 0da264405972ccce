import { basename } from 'node:path';
import { explain } from '../../src/summary/index.ts';
import type { Rival } from '../../src/summary/rivals.ts';
import type { Judged } from '../../src/summary/trust.ts';
import { gramsOf, type Place, places } from '../../src/summary/wording.ts';
import { type Sample, sameThing, sameTime, samplesIn } from '../../test/summary/score.ts';

/** A statement that was heard in a labelled conversation, with all that speaks for and against it. */
export interface Case extends Rival {
  conversation: string;
  value: string;
  /** The signs, and the words by the place where they were heard. */
  features: readonly string[];
  right: boolean;
  /** How often it counts. */
  times: number;
}

const mark = '~';
const marked = (place: Place, gram: string): string => `${mark}${place} ${gram}`;
export const isWord = (feature: string): boolean => feature.startsWith(mark);

/** The word of a feature when it was heard in that place, else null. */
export function wordAt(place: Place, feature: string): string | null {
  const head = marked(place, '');
  return feature.startsWith(head) ? feature.slice(head.length) : null;
}

/** Of the messages beside a statement single words are heard, of the statement itself pairs as well. */
const heardIn = (place: Place, text: string): string[] =>
  text === '' ? [] : gramsOf(text).filter((gram) => place === 'words' || !gram.includes(' '));

const foldersIn = (given: readonly string[]): { folder: string; times: number }[] =>
  given.map((each) => {
    const [folder = '', times = '1'] = each.split('*');
    return { folder, times: Number(times) };
  });

const nameOf = (folder: string, { id }: Sample): string => `${basename(folder)}/${id}`;

/** Whether a value is right; null when it may be said or not. */
function wantedOf({ expected }: Sample, fact: Judged): (value: string) => boolean | null {
  const accepted = (expected.accept[fact === 'action' ? 'actions' : fact] ?? []).filter(
    (each) => each !== null,
  );
  if (fact === 'action')
    return (value) =>
      expected.actions.some((action) => sameThing(value, action.value)) ||
      (accepted.some((each) => sameThing(value, each)) ? null : false);
  if (expected.unscored.includes(fact)) return () => null;
  const { value: first } = expected[fact] ?? { value: null };
  const values = first === null ? accepted : [first, ...accepted];
  const same = fact === 'cause' || fact === 'impact' ? sameThing : sameTime;
  return (value) => values.some((each) => same(value, each));
}

interface Statement extends Omit<Rival, 'index'> {
  value: string;
  cites: readonly number[];
}

export function casesOf(given: readonly string[], fact: Judged): Case[] {
  return foldersIn(given).flatMap(({ folder, times }) =>
    samplesIn(folder).flatMap((sample) => {
      const wanted = wantedOf(sample, fact);
      const { falseAlarm, weighed } = explain(sample.messages);
      if (falseAlarm !== null && fact !== 'action' && fact !== 'detected' && fact !== 'cause') return [];
      const told: readonly Statement[] = weighed[fact];
      return told.flatMap((statement) => {
        const right = wanted(statement.value);
        if (right === null) return [];
        const words = places.flatMap((place) =>
          heardIn(place, statement[place] ?? '').map((gram) => marked(place, gram)),
        );
        const features = [...new Set([...statement.signs, ...words])];
        const conversation = nameOf(folder, sample);
        return [{ ...statement, index: statement.cites[0] ?? -1, conversation, features, right, times }];
      });
    }),
  );
}

/** For each conversation whether it is right to say nothing; deeds are counted one by one, so that none is asked for. */
export function rightlySilent(given: readonly string[], fact: Judged): Map<string, boolean> {
  if (fact === 'action') return new Map();
  return new Map(
    foldersIn(given).flatMap(({ folder }) =>
      samplesIn(folder)
        .filter(({ expected }) => !expected.unscored.includes(fact))
        .map((sample): [string, boolean] => [
          nameOf(folder, sample),
          sample.expected[fact] === null || (sample.expected.accept[fact] ?? []).includes(null),
        ]),
    ),
  );
}
