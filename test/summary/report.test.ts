import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/incident/events.ts';
import {
  citedSources,
  type Document,
  type Stated,
  type Statement,
  statementsOf,
} from '../../src/summary/document.ts';
import { incidentReport, type ReportKind } from '../../src/summary/report.ts';
import { story } from '../incident/given.ts';
import { inputOf, talkedAbout, wholeIncident } from './incident-story.ts';

const KINDS = DOCUMENTS;

const stated = (document: Document): readonly Stated[] =>
  statementsOf(document).filter((one): one is Stated => one.kind === 'stated');

function valuesUnder(document: Document, label: string): readonly Statement[] {
  for (const block of document.blocks) {
    const row = block.block === 'keyValue' ? block.rows.find((one) => one.label === label) : undefined;
    if (row !== undefined) return row.values;
  }
  throw new Error(`no row ${label}`);
}

const textsOf = (statements: readonly Statement[]): readonly string[] =>
  statements.map((one) => (one.kind === 'stated' ? one.text : '未说明'));

function section(document: Document, title: string): readonly Statement[] {
  const from = document.blocks.findIndex((block) => block.block === 'heading' && block.text === title);
  const rest = document.blocks.slice(from + 1);
  const next = rest.findIndex((block) => block.block === 'heading' && block.level === 1);
  return statementsOf({ ...document, blocks: next === -1 ? rest : rest.slice(0, next) });
}

describe('the reports of an incident', () => {
  const told = wholeIncident();

  it.each(KINDS)('%s: no sentence without a citation, in either language', (report) => {
    for (const language of ['zh', 'en'] as const) {
      const document = incidentReport(inputOf(told, { report, language }));
      const known = new Set(document.sources.map((source) => source.id));
      expect(stated(document).length).toBeGreaterThan(20);
      for (const one of stated(document)) {
        expect(one.cites.length, one.text).toBeGreaterThan(0);
        expect(
          one.cites.filter((cite) => !known.has(cite)),
          one.text,
        ).toEqual([]);
      }
    }
  });

  it.each(KINDS)('%s: whatever event is taken out, nothing goes on citing it', (report) => {
    const whole = incidentReport(inputOf(told, { report }));
    const cited = citedSources(whole).sources.map((source) => source.id);
    for (const gone of cited) {
      const events = told.events.filter((event) => `E${event.position}` !== gone);
      const without = incidentReport(inputOf(told, { report, events }));
      expect(stated(without).filter((one) => one.cites.includes(gone))).toEqual([]);
    }
  });

  it('the cited text holds the numbers and quoted words of impact, cause, lessons and measures', () => {
    const document = incidentReport(inputOf(told));
    const text = new Map(document.sources.map((source) => [source.id, source.text]));
    const quoted = ['影响', '原因', '经验教训', '整改措施'].flatMap((title) => section(document, title));
    const checked = quoted.filter((one): one is Stated => one.kind === 'stated' && !/^\d{4}-/.test(one.text));
    expect(checked.length).toBeGreaterThan(6);
    for (const one of checked) {
      const behind = one.cites.map((cite) => text.get(cite) ?? '').join('\n');
      const named = told.roster.people.find((person) => person.name === one.text)?.id;
      expect(named === undefined ? behind.includes(one.text) : true, one.text).toBe(true);
    }
  });

  it('prints clocks as kept or missed with the margin, gross and net, and the other reading', () => {
    const document = incidentReport(inputOf(told));
    const texts = textsOf(section(document, '时限执行情况')).join('\n');
    expect(texts).toContain('达成，余');
    expect(texts).toMatch(/自派出起：(?:达成|超时)/);
    expect(texts).toContain('等客户开通跳板机');
    const used = /(\d+) 分钟 \/ (\d+) 分钟/g;
    const pairs = [...texts.matchAll(used)].map((match) => [Number(match[1]), Number(match[2])]);
    expect(pairs.some(([gross = 0, net = 0]) => gross - net === 12)).toBe(true);
  });

  it('marks break-glass approvals, rejections and what was typed in later', () => {
    const document = incidentReport(inputOf(told));
    const texts = textsOf(section(document, '操作与审批')).join('\n');
    expect(texts).toContain('【破例】');
    expect(texts).toContain('系统主管在飞机上，联系不到');
    expect(texts).toContain('白天不停节点');
    expect(textsOf(valuesUnder(document, '到场')).join('')).toContain('机房里没有信号');
    const timeline = document.blocks.find((block) => block.block === 'timeline');
    const late =
      timeline?.block === 'timeline' ? timeline.entries.filter((entry) => entry.mark !== null) : [];
    expect(late.map((entry) => entry.mark).join('')).toContain('机房里没有信号');
  });

  it('a deputy is named together with the holder', () => {
    const other = story()
      .reported()
      .proposed()
      .when('emergency-lead', { type: 'approve', action: 'A1', breakGlass: null })
      .when('owner-deputy', { type: 'approve', action: 'A1', breakGlass: null });
    const texts = textsOf(section(incidentReport(inputOf(other)), '操作与审批')).join('\n');
    expect(texts).toContain('系统副主管（系统主管，代 系统主管）批准');
  });

  it('the timeline is in the order of occurrence, not of typing', () => {
    const document = incidentReport(inputOf(told));
    const timeline = document.blocks.find((block) => block.block === 'timeline');
    const times = timeline?.block === 'timeline' ? timeline.entries.map((entry) => entry.time ?? '') : [];
    expect(times.length).toBeGreaterThan(20);
    expect([...times].sort()).toEqual(times);
  });

  it('what nobody stated says so', () => {
    const bare = incidentReport(inputOf(story().reported()));
    for (const label of ['最终等级', '确认的原因', '业务恢复', '解决', '业务中断历时', '报告人及电话']) {
      expect(textsOf(valuesUnder(bare, label)), label).toEqual(['未说明']);
    }
    for (const title of ['影响', '经验教训', '整改措施'])
      expect(textsOf(section(bare, title))).toEqual(['未说明']);
  });

  it('a re-opened incident keeps both ends, and an end taken back is marked', () => {
    const twice = story()
      .reported()
      .advance(20)
      .when('ops', { type: 'restore', note: null })
      .when('ops', { type: 'withdraw', moment: 'restored', reason: '看错了系统' })
      .advance(10)
      .when('ops', { type: 'restore', note: null })
      .when('duty', { type: 'state-cause', text: '证书过期', confirmed: true })
      .when('duty', { type: 'resolve', note: null })
      .advance(30)
      .when('ops', { type: 'reopen', reason: '又登录不上' })
      .advance(15)
      .when('ops', { type: 'restore', note: null });
    const ends = textsOf(valuesUnder(incidentReport(inputOf(twice)), '业务恢复'));
    expect(ends).toHaveLength(3);
    expect(ends[0]).toContain('已撤回');
    expect(ends[1]).toContain('此后重新打开');
    expect(ends[2]).not.toContain('（');
  });

  it('facts that no event states come from the talk; deleting the message makes them 未说明', () => {
    const { told: quiet, talk } = talkedAbout();
    const whole = incidentReport(inputOf(quiet, { talk }));
    expect(textsOf(section(whole, '影响'))).toEqual([expect.stringContaining('失败 245 笔')]);
    expect(textsOf(valuesUnder(whole, '确认的原因'))).toEqual([expect.stringContaining('证书过期')]);
    expect(textsOf(valuesUnder(whole, '故障发生'))).toEqual([expect.stringContaining('02:55')]);
    const facts = [
      { label: '故障发生', message: 't1' },
      { label: '确认的原因', message: 't2' },
    ];
    for (const { label, message } of facts) {
      const left = talk.filter((line) => line.id !== message);
      expect(textsOf(valuesUnder(incidentReport(inputOf(quiet, { talk: left })), label))).toEqual(['未说明']);
    }
    const left = talk.filter((line) => line.id !== 't3' && line.id !== 't1');
    expect(textsOf(section(incidentReport(inputOf(quiet, { talk: left })), '影响'))).toEqual(['未说明']);
  });

  it('commands and the words of the bot itself are no witnesses', () => {
    const { told: quiet } = talkedAbout();
    const at = quiet.now;
    const talk = [
      { id: 'c1', at, author: '客户运维', org: 'customer', text: '/应急 影响 失败 999 笔' },
      { id: 'b1', at, author: '战情室', org: 'warroom', text: '影响：失败 888 笔' },
    ];
    expect(textsOf(section(incidentReport(inputOf(quiet, { talk })), '影响'))).toEqual(['未说明']);
  });

  it('each document has duties of its own; the head of the chain stands on all', () => {
    const titles = (report: ReportKind) =>
      incidentReport(inputOf(told, { report })).blocks.flatMap((block) =>
        block.block === 'heading' ? [block.text] : [],
      );
    expect(titles('handling')).toContain('等级及其变化');
    expect(titles('service')).toContain('客户评价');
    expect(titles('service')).not.toContain('等级及其变化');
    expect(titles('parts')).toContain('备件更换');
    const parts = incidentReport(inputOf(told, { report: 'parts' }));
    expect(textsOf(section(parts, '备件更换')).join('')).toContain('更换为备用节点');
    for (const report of KINDS)
      expect(incidentReport(inputOf(told, { report })).meta.chainHead).toBe('f0'.repeat(32));
  });
});
