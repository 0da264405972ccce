import { type Document, type Statement, statementsOf } from '../../src/summary/document.ts';
import { type Fact, type Message, type Summary, summarize } from '../../src/summary/index.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';

/** What becomes of a fact when one message that it cites is taken away. */

const names = ['started', 'detected', 'mitigated', 'resolved', 'cause', 'impact'] as const;
type Name = (typeof names)[number];
export const isTime = (name: string): boolean => !['cause', 'impact', 'action'].includes(name);

/** How a message goes: as a platform deletes it (its place stays, empty), or out of the record altogether. */
type Way = 'emptied' | 'removed';

interface Left {
  messages: Message[];
  /** From an index of what is left to the index in the whole record. */
  back: (index: number) => number;
}

function without(messages: readonly Message[], gone: number, way: Way): Left {
  if (way === 'emptied') {
    const emptied = messages.map((message, index) => (index === gone ? { ...message, text: '' } : message));
    return { messages: emptied, back: (index) => index };
  }
  return {
    messages: messages.filter((_, index) => index !== gone),
    back: (index) => (index < gone ? index : index + 1),
  };
}

export interface Cited extends Fact {
  name: Name | 'action';
}

export function citedFacts(summary: Summary): Cited[] {
  const single = names.flatMap((name) => {
    const fact = summary[name];
    return fact === null ? [] : [{ name, value: fact.value, cites: fact.cites }];
  });
  return [
    ...single,
    ...summary.actions.map(({ value, cites }) => ({ name: 'action' as const, value, cites })),
  ];
}

const numbers = (text: string): string[] => text.match(/\d+(?:\.\d+)?/g) ?? [];
/** Words that state a time without printing its minutes. */
const timeInWords = /[点时整半刻天日前]|ago|day|noon|midnight|night|\d\s?[ap]\.?m/i;

/**
 * Whether the messages a fact cites say it: a text stands in them word for word, so its numbers and names do; a time
 * is that of a cited message, or its minutes, or a time in words, stand in one.
 */
export function unsupported({ name, value, cites }: Cited, messages: readonly Message[]): string | null {
  if (cites.length === 0) return 'cites nothing';
  const cited = cites.flatMap((index) => messages[index] ?? []);
  if (cited.length < cites.length) return 'cites a message that is not there';
  if (cited.some(({ text }) => text.trim() === '')) return 'cites an empty message';
  if (isTime(name)) {
    const said = cited.some(
      ({ at, text }) =>
        at === value || at?.startsWith(value) || text.includes(value.slice(14, 16)) || timeInWords.test(text),
    );
    return said ? null : 'a time nobody stated';
  }
  if (!cited.some(({ text }) => text.includes(value))) return 'words nobody said';
  const text = cited.map((message) => message.text).join('\n');
  return numbers(value).every((number) => text.includes(number)) ? null : 'a number nobody said';
}

/**
 * Takes every cited message away in turn. What stands in the fact's place must be nothing (未说明), or a fact that
 * cites other messages and stands in them: never one that cites what is gone, and never the same one with a citation
 * fewer, which would mean that the message was cited for nothing. Answers the first breach in words, or null.
 */
export function survives(
  messages: readonly Message[],
  ways: readonly Way[] = ['emptied', 'removed'],
): string | null {
  for (const fact of citedFacts(summarize(messages))) {
    for (const gone of fact.cites) {
      for (const way of ways) {
        const left = without(messages, gone, way);
        const breach = breachOf(fact, gone, left, messages);
        if (breach !== null) return `${fact.name} "${fact.value}", message ${gone} ${way}: ${breach}`;
      }
    }
  }
  return null;
}

function breachOf(fact: Cited, gone: number, left: Left, whole: readonly Message[]): string | null {
  const now = citedFacts(summarize(left.messages))
    .filter(({ name }) => name === fact.name)
    .map((each) => ({ ...each, cites: each.cites.map(left.back) }));
  for (const each of now) {
    if (each.cites.includes(gone)) return `still cited by "${each.value}"`;
    const fault = unsupported(each, whole);
    if (fault !== null) return `"${each.value}": ${fault}`;
    if (each.value === fact.value && each.cites.every((index) => fact.cites.includes(index)))
      return 'the fact stands as before: that message was cited for nothing';
  }
  return null;
}

interface Sentence {
  text: string;
  cites: readonly string[];
}

/** What a document states; a cell says what it says together with its row. */
function sentencesOf(document: Document): Sentence[] {
  return document.blocks.flatMap((block): Sentence[] => {
    if (block.block !== 'table') return statementsOf({ ...document, blocks: [block] }).flatMap(saidBy);
    return block.rows.flatMap((row) => {
      const whole = row.map((cell) => (cell.kind === 'unstated' ? '未说明' : cell.text)).join(' | ');
      return row.flatMap((cell, at) =>
        cell.kind === 'stated' ? [{ text: `${at}: ${whole}`, cites: cell.cites }] : [],
      );
    });
  });
}

const saidBy = (statement: Statement): Sentence[] =>
  statement.kind === 'stated' ? [{ text: statement.text, cites: statement.cites }] : [];

/**
 * What is wrong with a document that was composed anew without one of its sources: a sentence that cites it, or one
 * that stands as before with a citation fewer. Null when every sentence on it is gone, 未说明, or another one.
 */
export function leftStanding(before: Document, gone: string, after: Document): string | null {
  const now = sentencesOf(after);
  const citing = now.find((each) => each.cites.includes(gone));
  if (citing !== undefined) return `still cited: ${citing.text}`;
  const key = ({ text, cites }: Sentence): string => JSON.stringify([text, [...cites].sort()]);
  const then = sentencesOf(before);
  // Two sentences may say the same on other grounds; that one stood there before.
  const known = new Set(then.map(key));
  for (const sentence of then.filter((each) => each.cites.includes(gone))) {
    const same = now.find(
      (each) =>
        each.text === sentence.text &&
        each.cites.every((cite) => sentence.cites.includes(cite)) &&
        !known.has(key(each)),
    );
    if (same !== undefined) return `stands without it: ${same.text}`;
  }
  return null;
}

/** The document of a conversation, composed anew without each of its cited messages in turn. */
export function documentSurvives(messages: readonly Message[]): string | null {
  const whole = conversationDocument(messages, 'zh');
  const cited = new Set(sentencesOf(whole).flatMap((each) => each.cites));
  for (const gone of cited) {
    const left = without(messages, Number(gone.slice(1)), 'emptied');
    const breach = leftStanding(whole, gone, conversationDocument(left.messages, 'zh'));
    if (breach !== null) return `without ${gone}: ${breach}`;
  }
  return null;
}
