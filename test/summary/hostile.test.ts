import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/summary/index.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { brokenPromise, conversations, tampered } from '../support/chats.ts';
import { firstFault } from '../support/files.ts';
import { room } from './room.ts';

const rounds = Number(process.env.WARROOM_HOSTILE_ROUNDS ?? 400);

describe('a record that was tampered with', () => {
  it('always gives a summary and a document: all of it cited, nothing invented, nothing alive', () => {
    const bases = conversations();
    fc.assert(
      fc.property(tampered(bases), (messages) => {
        expect(brokenPromise(messages)).toBeNull();
      }),
      { numRuns: rounds },
    );
  });

  it('is written as Word, PDF, HTML and Markdown that open, with no script, field or address of others', async () => {
    const bases = conversations();
    await fc.assert(
      fc.asyncProperty(tampered(bases), async (messages) => {
        expect(await firstFault(conversationDocument(messages, 'zh'), null)).toBeNull();
      }),
      { numRuns: Math.max(8, rounds / 50) },
    );
  }, 60_000);
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
