import type { Sentence, Span } from './speech.ts';
import { type Clause, clausesOf } from './speech.ts';

export const valueLimit = 200;

const mention = /^(?:<[@#!][^>]{1,40}>[\s,，:：]*|@\S{1,30}\s+)+/;
const edges = /^[\s,，;；:：、\-–—*]+|[\s,，;；:：、]+$/g;

/** The verbatim text of a span: leading mentions and loose punctuation fall away, and at most 200 characters stay. */
export function verbatim(text: string, span: Span): string {
  const body = text.slice(span.start, span.end).replace(mention, '').replace(edges, '');
  if (body.length <= valueLimit) return body;
  const cut = body.slice(0, valueLimit);
  const stop = Math.max(
    cut.lastIndexOf('，'),
    cut.lastIndexOf(', '),
    cut.lastIndexOf('；'),
    cut.lastIndexOf('。'),
    cut.lastIndexOf('. '),
  );
  if (stop > valueLimit / 2) return cut.slice(0, stop);
  const space = cut.lastIndexOf(' ');
  return (space > valueLimit / 2 ? cut.slice(0, space) : cut).replace(/[\ud800-\udbff]$/, '');
}

/** The stretch of a sentence from the first to the last clause that `keep` accepts; null when it accepts none. */
export function clauseSpan(sentence: Sentence, keep: (clause: Clause) => boolean): Span | null {
  const clauses = clausesOf(sentence);
  const first = clauses.findIndex(keep);
  if (first === -1) return null;
  const last = clauses.findLastIndex(keep);
  const from = clauses[first];
  const to = clauses[last];
  if (from === undefined || to === undefined) return null;
  return { start: sentence.start + from.start, end: sentence.start + to.end };
}
