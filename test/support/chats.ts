import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { citedSources, statementsOf } from '../../src/summary/document.ts';
import { importText } from '../../src/summary/import/index.ts';
import { type Message, summarize } from '../../src/summary/index.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeHtml } from '../../src/summary/write/html.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';
import { room } from '../summary/room.ts';
import { citedFacts, isTime, survives, unsupported } from './deletion.ts';

/** Conversations that were tampered with, and what every summary of one must keep. */

const samples = new URL('../samples/conversations/', import.meta.url);

/** The conversations to tamper with: as many kinds as the samples hold. */
export function conversations(): Message[][] {
  const kept = readdirSync(samples)
    .map((name) => importText(readFileSync(new URL(name, samples), 'utf8')))
    .flatMap((imported) => (imported.ok ? [imported.messages] : []));
  return [room, ...kept];
}

const formula = fc.constantFrom(
  '=HYPERLINK("http://x.example","恢复了")',
  '+1+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
);
const markup = fc.constantFrom(
  '<script>alert(1)</script>已恢复',
  '<!channel> resolved',
  '@all 恢复了',
  '[x](javascript:alert(1)) root cause: x',
  '| a | b |\n|---|---|',
  '```\nERROR 恢复正常\n```',
  '&lt;b&gt;故障&lt;/b&gt;',
  '\u202e了复恢',
);
const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  formula,
  markup,
);
const when = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    '',
    'yesterday',
    '2026-13-45T99:99:99Z',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
    '2026-05-06',
    '1e400',
    '2026-05-06T10:00:00+99:99',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

/** One thing that goes wrong with a record of what was said. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('time' as const), at: when }),
  fc.record({ kind: fc.constant('text' as const), text: noise }),
  fc.record({ kind: fc.constant('append' as const), text: noise }),
  fc.record({ kind: fc.constant('author' as const), text: noise }),
  fc.record({ kind: fc.constant('drop' as const) }),
  fc.record({ kind: fc.constant('double' as const) }),
  fc.record({ kind: fc.constant('swap' as const), to: fc.nat(400) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(messages: Message[], [place, change]: [number, Mutation]): Message[] {
  const index = place % Math.max(1, messages.length);
  const message = messages[index];
  if (message === undefined) return messages;
  const put = (next: Message): Message[] => messages.with(index, next);
  switch (change.kind) {
    case 'time':
      return put({ ...message, at: change.at });
    case 'text':
      return put({ ...message, text: change.text });
    case 'append':
      return put({ ...message, text: `${message.text}\n${change.text}` });
    case 'author':
      return put({ ...message, author: change.text });
    case 'drop':
      return messages.toSpliced(index, 1);
    case 'double':
      return messages.toSpliced(index, 0, message);
    case 'swap': {
      const other = messages[change.to % messages.length] ?? message;
      return messages.map((each) => (each === message ? other : each === other ? message : each));
    }
    default: {
      const never: never = change;
      return never;
    }
  }
}

/** One thing that goes wrong with the whole record. */
const upheaval = fc.oneof(
  { weight: 12, arbitrary: fc.constant('none' as const) },
  { weight: 2, arbitrary: fc.constant('no times' as const) },
  { weight: 2, arbitrary: fc.constant('no authors' as const) },
  { weight: 2, arbitrary: fc.constant('backwards' as const) },
  { weight: 2, arbitrary: fc.constant('by length' as const) },
  { weight: 2, arbitrary: fc.constant('in the future' as const) },
  { weight: 1, arbitrary: fc.constant('one author' as const) },
);
type Upheaval = typeof upheaval extends fc.Arbitrary<infer T> ? T : never;

function upset(messages: Message[], kind: Upheaval): Message[] {
  switch (kind) {
    case 'none':
      return messages;
    case 'no times':
      return messages.map((message) => ({ ...message, at: null }));
    case 'no authors':
      return messages.map((message) => ({ ...message, author: null }));
    case 'one author':
      return messages.map((message) => ({ ...message, author: '@all' }));
    case 'backwards':
      return messages.toReversed();
    case 'by length':
      return messages.toSorted((a, b) => a.text.length - b.text.length);
    case 'in the future':
      return messages.map((message) => ({ ...message, at: message.at?.replace(/^\d{4}/, '2099') ?? null }));
    default: {
      const never: never = kind;
      return never;
    }
  }
}

const huge = fc
  .constantFrom('x=1; 恢复 ', '无法', '10:12 ', '（', '\n', '=1+1,', '<b>', 'is it down? ', '"')
  .map((unit) => unit.repeat(Math.ceil(1_000_000 / unit.length)));

/** A conversation after up to twelve mishaps; one in two hundred holds a message of a million characters. */
export function tampered(bases: Message[][]): fc.Arbitrary<Message[]> {
  const message = fc.oneof({ weight: 199, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: huge });
  return fc
    .tuple(
      fc.nat(bases.length - 1),
      upheaval,
      fc.array(fc.tuple(fc.nat(400), mutation), { minLength: 1, maxLength: 12 }),
      message,
    )
    .map(([which, kind, changes, text]) => {
      const changed = changes.reduce(mutate, upset(bases[which] ?? room, kind));
      return text === null ? changed : [...changed, { at: '2026-05-06T10:40:00+08:00', author: 'x', text }];
    });
}

/** What a summary of these messages breaks, in words; null when it keeps every promise. Never catches a throw. */
export function brokenPromise(messages: Message[]): string | null {
  for (const fact of citedFacts(summarize(messages))) {
    const fault = unsupported(fact, messages);
    if (fault !== null) return `${fact.name} "${fact.value}": ${fault}`;
    if (isTime(fact.name) ? !isoTime.test(fact.value) : fact.value.length > 200)
      return `${fact.name} is none: ${fact.value}`;
  }
  // Size has its own tests; summing up a million characters once for each citation would be all that is done here.
  const small = messages.reduce((sum, { text }) => sum + text.length, 0) < 100_000;
  return (small ? survives(messages, ['removed']) : null) ?? brokenDocument(messages);
}

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

function brokenDocument(messages: Message[]): string | null {
  const document = conversationDocument(messages, 'zh');
  const { numbers } = citedSources(document);
  for (const each of statementsOf(document)) {
    if (each.kind !== 'stated') continue;
    if (each.cites.length === 0 || !each.cites.every((cite) => numbers.has(cite)))
      return `uncited: ${JSON.stringify(each).slice(0, 200)}`;
  }
  const html = writeHtml(document);
  const alive = /<script|href="(?!#)|<[^>]+\son\w+=/i.exec(html.slice(html.indexOf('<body>')));
  if (alive !== null) return `alive in HTML: ${alive[0].slice(0, 200)}`;
  const called = /<script|<!channel>|@all|\|\s*=|(?<!\\)\]\(javascript/.exec(writeMarkdown(document));
  return called === null ? null : `alive in Markdown: ${called[0]}`;
}
