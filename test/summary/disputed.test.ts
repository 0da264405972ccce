import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/summary/index.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';

const room = (...lines: readonly [string, string, string][]) =>
  lines.map(([clock, author, text]) => ({ at: `2026-05-06T${clock}:00+08:00`, author, text }));
const rowsOf = (messages: ReturnType<typeof room>): string[] =>
  writeMarkdown(conversationDocument(messages, 'zh'))
    .split('\n')
    .filter((line) => line.startsWith('|') || line.startsWith('- '));

describe('what the room contradicts itself in', () => {
  it('given two counts of the harm, then the later one is taken and the other is shown with its message', () => {
    const rows = rowsOf(
      room(
        ['09:00', '甲', '缴费失败，影响 30 笔订单'],
        ['09:20', '乙', '重新统计，影响 42 笔订单'],
        ['09:40', '甲', '回滚了，恢复正常'],
      ),
    );
    const shown = rows.find((row) => row.includes('与所取的说法不一致'));
    expect(shown).toContain('30 笔');
    expect(shown).toMatch(/\[\^\d+\]/);
  });

  it('given a word that a part is well, then it is no cause that could be ruled out', () => {
    const rows = rowsOf(
      room(
        ['09:00', '甲', '缴费打不开，窗口都停了'],
        ['09:05', '乙', '怀疑数据库慢'],
        ['09:08', '丙', '数据库没问题，会话才 30，也没锁'],
        ['09:09', '乙', '那就不是数据库慢'],
      ),
    );
    const causes = rows.filter((row) => row.startsWith('| 原因'));
    expect(causes.some((row) => row.includes('怀疑数据库慢') && row.includes('已否定'))).toBe(true);
    expect(causes.some((row) => row.includes('没问题'))).toBe(false);
  });

  it('given two times of the beginning, then the one not taken is shown', () => {
    const messages = room(
      ['09:10', '甲', '8:40 开始缴费就失败了'],
      ['09:15', '乙', '我这边 8:55 开始报错'],
      ['09:40', '甲', '回滚了，恢复正常'],
    );
    const taken = summarize(messages).started?.value.slice(11, 16);
    const other = taken === '08:40' ? '08:55' : '08:40';
    expect(rowsOf(messages).some((row) => row.includes(other) && row.includes('开始时间'))).toBe(true);
  });

  it('given an incident that came back, then both ends stand in the document', () => {
    const messages = room(
      ['09:00', '甲', '缴费打不开'],
      ['09:20', '乙', '重启了，恢复正常'],
      ['09:50', '甲', '又打不开了'],
      ['10:30', '乙', '扩了连接池，恢复正常'],
    );
    const { mitigated, resolved } = summarize(messages);
    expect(resolved?.value).toContain('10:30');
    const all = rowsOf(messages).join('\n');
    expect(`${mitigated?.value ?? ''} ${all}`).toContain('09:20');
  });
});
