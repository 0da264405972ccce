import { describe, expect, it } from 'vitest';
import { compose } from '../../src/summary/compose.ts';
import {
  type Block,
  citedSources,
  type Document,
  label,
  stated,
  statementsOf,
  unstated,
} from '../../src/summary/document.ts';
import { bars, course } from '../../src/summary/drawing.ts';
import { HeadingNumbers } from '../../src/summary/numbering.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';
import { room } from './room.ts';

function documentWith(blocks: readonly Block[], sourceIds: readonly string[] = ['a', 'b']): Document {
  return compose({
    language: 'zh',
    title: '故障处理报告',
    meta: { code: 'INC-1', organisation: null, date: null, draft: false, chainHead: null },
    blocks,
    sources: sourceIds.map((id) => ({ id, time: '2026-05-06 10:00', author: '值班', text: `原话 ${id}` })),
  });
}

describe('a document says nothing without a source', () => {
  it('given a statement that cites a missing source, then it is printed as 未说明', () => {
    const document = documentWith([
      { block: 'keyValue', rows: [{ label: '原因', values: [stated('磁盘写满', 'gone')] }] },
    ]);
    expect(writeMarkdown(document)).toContain('| 原因 | 未说明 |');
    expect(writeMarkdown(document)).not.toContain('磁盘写满');
  });

  it('given one of two citations is withdrawn, then the statement goes with it', () => {
    const blocks: Block[] = [{ block: 'paragraph', statements: [stated('恢复于 10:20', 'a', 'b')] }];
    expect(statementsOf(documentWith(blocks))).toEqual([stated('恢复于 10:20', 'a', 'b')]);
    expect(statementsOf(documentWith(blocks, ['a']))).toEqual([unstated]);
  });

  it('given a statement without any citation, then it is not printed, wherever it stands', () => {
    const bare = stated('没有出处的话');
    const document = documentWith([
      { block: 'paragraph', statements: [bare] },
      { block: 'list', ordered: true, items: [bare] },
      { block: 'table', columns: [{ title: '栏', share: 1 }], rows: [[bare]] },
      { block: 'keyValue', rows: [{ label: '项', values: [bare] }] },
      { block: 'timeline', entries: [{ time: null, statement: bare, tone: 'plain', mark: null }] },
    ]);
    expect(writeMarkdown(document)).not.toContain('没有出处的话');
    expect(statementsOf(document)).toEqual([unstated, unstated, unstated, unstated]);
  });

  it('given labels of the form, then they need no source', () => {
    const document = documentWith([
      { block: 'table', columns: [{ title: '时限', share: 1 }], rows: [[label('到场')]] },
    ]);
    expect(writeMarkdown(document)).toContain('到场');
    expect(statementsOf(document)).toEqual([]);
  });

  it('numbers sources by first citation and leaves out the uncited', () => {
    const document = documentWith([{ block: 'paragraph', statements: [stated('乙', 'b')] }]);
    expect(citedSources(document).sources.map((source) => source.id)).toEqual(['b']);
  });

  it('given text-direction tricks and control characters, then none survives', () => {
    const document = documentWith([
      { block: 'paragraph', statements: [stated('a\u202Eb\u0007c\u200Bd\ud800', 'a')] },
    ]);
    expect(statementsOf(document)).toEqual([stated('abcd\ufffd', 'a')]);
  });
});

describe('the summary of a conversation', () => {
  const document = conversationDocument(room, 'zh');

  it('states every fact with messages that exist', () => {
    const { numbers } = citedSources(document);
    const said = statementsOf(document).filter((each) => each.kind === 'stated');
    expect(said.length).toBeGreaterThan(10);
    expect(
      said.filter((each) => each.cites.length === 0 || each.cites.some((cite) => !numbers.has(cite))),
    ).toEqual([]);
  });

  it('given any one cited message is withdrawn, then everything that cites it turns into 未说明', () => {
    for (const source of citedSources(document).sources) {
      const left = compose({
        ...document,
        sources: document.sources.filter((each) => each.id !== source.id),
      });
      const still = statementsOf(left).filter(
        (each) => each.kind === 'stated' && each.cites.includes(source.id),
      );
      expect(still).toEqual([]);
      expect(statementsOf(left).filter((each) => each.kind === 'unstated').length).toBeGreaterThanOrEqual(
        statementsOf(document).filter((each) => each.kind === 'unstated').length,
      );
    }
  });

  it('is written in English by choice, with the statements as they were said', () => {
    const text = writeMarkdown(conversationDocument(room, 'en'));
    expect(text).toContain('| Cause | ');
    expect(writeMarkdown(conversationDocument(room.slice(0, 1), 'en'))).toContain('not stated');
    expect(text).toContain('归档日志把数据盘写满');
  });
});

describe('numbers and figures', () => {
  it('numbers headings as an official document does', () => {
    const zh = new HeadingNumbers('zh');
    expect([zh.next(1), zh.next(2), zh.next(2), zh.next(3), zh.next(1), zh.next(2)]).toEqual([
      '一、',
      '（一）',
      '（二）',
      '1. ',
      '二、',
      '（一）',
    ]);
    const many = new HeadingNumbers('zh');
    const numerals = Array.from({ length: 21 }, () => many.next(1));
    expect([numerals[9], numerals[10], numerals[19], numerals[20]]).toEqual([
      '十、',
      '十一、',
      '二十、',
      '二十一、',
    ]);
    const en = new HeadingNumbers('en');
    expect([en.next(1), en.next(2), en.next(1), en.next(2)]).toEqual(['1 ', '1.1 ', '2 ', '2.1 ']);
  });

  it('keeps the marks of a course inside the figure, in order and apart, however close in time', () => {
    const start = Date.UTC(2026, 4, 6, 2);
    const marks = [0, 1, 2, 3, 600_000, 36_000_000].map((after, index) => ({
      at: start + after,
      text: `第${index}件`,
      tone: 'plain' as const,
    }));
    const drawing = course(marks, (at) => new Date(at).toISOString().slice(11, 16));
    const dots = drawing.shapes.flatMap((shape) => (shape.shape === 'dot' ? [shape.x] : []));
    expect(dots).toHaveLength(6);
    dots.slice(1).forEach((x, index) => {
      expect(x - (dots[index] ?? 0)).toBeGreaterThan(15);
    });
    expect(Math.max(...dots)).toBeLessThan(drawing.width);
  });

  it('draws what passed the limit beyond the line, and never outside the figure', () => {
    const drawing = bars(
      [
        { name: '到场', used: 0.5, other: null, note: '30 分钟', tone: 'good' },
        { name: '恢复', used: 40, other: 0.25, note: '超时', tone: 'bad' },
      ],
      '时限',
    );
    const rects = drawing.shapes.filter((shape) => shape.shape === 'rect');
    expect(Math.max(...rects.map((rect) => rect.x + rect.width))).toBeLessThanOrEqual(drawing.width);
    expect(drawing.alt).toContain('恢复 超时');
  });
});
