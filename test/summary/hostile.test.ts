import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citedSources, statementsOf } from '../../src/summary/document.ts';
import { type Message, type Summary, summarize } from '../../src/summary/index.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeHtml } from '../../src/summary/write/html.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';
import { room } from './room.ts';

const rounds = Number(process.env.WARROOM_HOSTILE_ROUNDS ?? 400);

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
  fc.record({ kind: fc.constant('swap' as const), to: fc.nat(40) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const conversation = fc
  .array(fc.tuple(fc.nat(40), mutation), { minLength: 1, maxLength: 12 })
  .map((changes) => changes.reduce(mutate, room));

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

function factsOf({ started, detected, mitigated, resolved, cause, impact, actions }: Summary) {
  return {
    times: [started, detected, mitigated, resolved].filter((fact) => fact !== null),
    texts: [cause, impact, ...actions].filter((fact) => fact !== null),
  };
}

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/;

describe('a record that was tampered with', () => {
  it('always gives a summary whose every value stands in the messages it cites', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const { times, texts } = factsOf(summarize(messages));
        for (const fact of [...times, ...texts]) {
          expect(fact.cites.length).toBeGreaterThan(0);
          for (const index of fact.cites) expect(messages[index]).toBeDefined();
        }
        for (const fact of texts) {
          expect(fact.value.length).toBeLessThanOrEqual(200);
          expect(fact.cites.some((index) => messages[index]?.text.includes(fact.value))).toBe(true);
        }
        for (const fact of times) expect(fact.value).toMatch(isoTime);
      }),
      { numRuns: rounds },
    );
  });

  it('invents no time: each stands in a cited message, as its own time or in its words', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        for (const fact of factsOf(summarize(messages)).times) {
          const cited = fact.cites.map((index) => messages[index]);
          const own = cited.some((message) => message?.at === fact.value);
          const minute = fact.value.slice(14, 16);
          const told = cited.some(
            (message) =>
              message !== undefined &&
              (message.text.includes(minute) || /[点时整半天日前]|ago|day/.test(message.text)),
          );
          expect(own || told).toBe(true);
        }
      }),
      { numRuns: rounds },
    );
  });

  it('always gives a document: nothing comes alive, nothing is uncited', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        const document = conversationDocument(messages, 'zh');
        const { numbers } = citedSources(document);
        for (const each of statementsOf(document)) {
          if (each.kind === 'stated')
            expect(each.cites.every((cite) => numbers.has(cite)) && each.cites.length > 0).toBe(true);
        }
        const html = writeHtml(document);
        expect(html.slice(html.indexOf('<body>'))).not.toMatch(/<script|href="(?!#)|<[^>]+\son\w+=/i);
        const markdown = writeMarkdown(document);
        expect(markdown).not.toMatch(/<script|<!channel>|@all|\|\s*=|(?<!\\)\]\(javascript/);
      }),
      { numRuns: Math.ceil(rounds / 4) },
    );
  });
});

describe('a record of unusual size or shape', () => {
  it('given one message of a million characters, then the others still count', () => {
    const huge = {
      at: '2026-05-06T10:06:00+08:00',
      author: '日志',
      text: `故障 ${'x=1; 恢复 '.repeat(100_000)}`,
    };
    const summary = summarize([...room.slice(0, 3), huge, ...room.slice(3)]);
    expect(summary.started?.value).toBe('2026-05-06T09:58:00+08:00');
    expect(summary.cause?.value).toContain('归档日志把数据盘写满');
  });

  it.each([
    ['one line without a break', '无法'.repeat(300_000)],
    ['nothing but commas', '，,'.repeat(300_000)],
    ['nothing but digits', '1:2'.repeat(300_000)],
    ['nothing but times', '10:12 '.repeat(100_000)],
    ['an open code block', `\`\`\`${'a'.repeat(500_000)}`],
    ['nothing but line breaks', '\n'.repeat(500_000)],
    ['brackets', '（'.repeat(500_000)],
  ])('given %s, then it is read in passing', (_name, text) => {
    const summary = summarize([...room, { at: '2026-05-06T10:40:00+08:00', author: 'x', text }]);
    expect(summary.resolved).not.toBeNull();
  });

  it('given no messages, or none with words, then nothing is stated', () => {
    for (const messages of [
      [],
      [{ at: null, author: null, text: '' }],
      [{ at: null, author: null, text: '👍' }],
    ]) {
      const { actions, timeline, ...facts } = summarize(messages);
      expect(Object.values(facts).every((fact) => fact === null)).toBe(true);
      expect([...actions, ...timeline]).toEqual([]);
    }
  });

  it('given questions only, then nothing is stated', () => {
    const asked = [
      '系统是不是挂了？',
      '恢复了吗？',
      '原因是磁盘满？',
      'is it resolved?',
      '几点开始的，9:40？',
    ].map((text, index) => ({
      at: `2026-05-06T10:0${index}:00+08:00`,
      author: '甲',
      text,
    }));
    const { started, resolved, mitigated, cause, impact, actions } = summarize(asked);
    expect({ started, resolved, mitigated, cause, impact, actions }).toEqual({
      started: null,
      resolved: null,
      mitigated: null,
      cause: null,
      impact: null,
      actions: [],
    });
  });

  it('given a log that was quoted, then its lines are nobody’s words', () => {
    const { cause, resolved } = summarize([
      {
        at: '2026-05-06T10:00:00+08:00',
        author: '甲',
        text: '```\n10:00:01 service recovered\nroot cause: disk full\n```',
      },
      {
        at: '2026-05-06T10:01:00+08:00',
        author: '甲',
        text: 'java.lang.IllegalStateException: incident resolved\n\tat a.b.C(C.java:1)',
      },
    ]);
    expect([cause, resolved]).toEqual([null, null]);
  });
});
