import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { DOCUMENTS } from '../../src/incident/events.ts';
import { citedSources } from '../../src/summary/document.ts';
import { summarize } from '../../src/summary/index.ts';
import type { TalkLine } from '../../src/summary/report.ts';
import { incidentReport } from '../../src/summary/report.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { citedFacts, documentSurvives, leftStanding, survives } from '../support/deletion.ts';
import { inputOf, talkedAbout, wholeIncident } from './incident-story.ts';
import { room } from './room.ts';
import { samplesIn } from './score.ts';

const OWN = join(PROJECT, 'test/samples/conversations');
/** Lies beside the project where the project is built; a checkout elsewhere has the own samples alone. */
const BESIDE = join(PROJECT, '../shared/conversations');

const talk = (...lines: readonly [string, string, string][]) =>
  lines.map(([clock, author, text]) => ({ at: `2026-05-06T${clock}:00+08:00`, author, text }));

/** Facts that rest on two messages: a guess and who confirmed it, a finding and the word that it is this. */
const onTwo = {
  'a guess that somebody else confirmed': talk(
    ['09:00', '甲', '缴费打不开，窗口都停了'],
    ['09:05', '乙', '怀疑是证书过期'],
    ['09:09', '丙', '实锤，就是这个'],
    ['09:30', '甲', '换了证书，恢复正常'],
  ),
  'a finding among others that its finder pointed at': talk(
    ['09:00', '甲', '缴费打不开，窗口都停了'],
    ['09:05', '乙', '连接池被长查询占着不放'],
    ['09:06', '乙', '就是这个'],
    ['09:20', '甲', '主键冲突导致对账停了'],
  ),
};

describe('a cited message is deleted', () => {
  it('given each cited message of our own conversations in turn, then no fact stands on it any more', () => {
    const samples = samplesIn(OWN);
    let facts = 0;
    for (const sample of [...samples, { id: 'room', messages: room }]) {
      facts += citedFacts(summarize(sample.messages)).length;
      expect(survives(sample.messages), sample.id).toBeNull();
      expect(documentSurvives(sample.messages), sample.id).toBeNull();
    }
    expect(facts).toBeGreaterThan(500);
  });

  it.skipIf(!existsSync(BESIDE))(
    'given each cited message of the conversations beside the project, then likewise (skipped: not there)',
    () => {
      for (const sample of samplesIn(BESIDE)) {
        expect(survives(sample.messages), sample.id).toBeNull();
        expect(documentSurvives(sample.messages), sample.id).toBeNull();
      }
    },
  );

  it.each(Object.entries(onTwo))(
    'given %s, then either message takes the cause with it',
    (_name, messages) => {
      const { cause } = summarize(messages);
      expect(cause?.cites).toEqual([1, 2]);
      expect(survives(messages)).toBeNull();
      for (const gone of [1, 2]) {
        const left = summarize(messages.filter((_, index) => index !== gone));
        expect(left.cause?.value).not.toBe(cause?.value);
      }
    },
  );

  it('given a cause that stands by itself, then who points at it is not cited for it', () => {
    const messages = talk(
      ['09:00', '甲', '缴费打不开，窗口都停了'],
      ['09:05', '乙', '归档目录把数据盘写满，写不进去了'],
      ['09:06', '乙', '就是这个'],
    );
    expect(summarize(messages).cause?.cites).toEqual([1]);
    expect(survives(messages)).toBeNull();
  });

  it('given a correction is deleted, then the time it corrected counts again, on its own message', () => {
    const messages = talk(
      ['09:00', '甲', '8:20 开始登录不上'],
      ['09:04', '甲', '更正，是 8:40 不是 8:20'],
      ['09:30', '乙', '重启了，恢复正常'],
    );
    expect(survives(messages)).toBeNull();
    const started = summarize(messages.filter((_, index) => index !== 1)).started;
    expect(started).toEqual({ value: '2026-05-06T08:20:00+08:00', cites: [0] });
  });

  it('given the word that it was a false alarm is deleted, then the document no longer says so', () => {
    const messages = talk(
      ['02:10', '监控', '[告警] 探测失败 连续 5 次'],
      ['02:14', '甲', '页面正常，探测机自己断网了'],
      ['02:16', '乙', '误报，关闭'],
    );
    const says = (left: typeof messages): boolean =>
      JSON.stringify(conversationDocument(left, 'zh').blocks).includes('误报：不填');
    expect(says(messages)).toBe(true);
    expect(says(messages.filter((_, index) => index !== 2))).toBe(false);
    expect(documentSurvives(messages)).toBeNull();
  });

  it('given a denial is deleted, then what it struck is suspected again', () => {
    const messages = talk(
      ['09:00', '甲', '缴费打不开，窗口都停了'],
      ['09:05', '乙', '怀疑是网络抖动'],
      ['09:09', '丙', '网络没问题，不是网络'],
    );
    const stateOf = (left: typeof messages): string =>
      JSON.stringify(conversationDocument(left, 'zh').blocks);
    expect(stateOf(messages)).toContain('已否定');
    expect(stateOf(messages.filter((_, index) => index !== 2))).not.toContain('已否定');
    expect(documentSurvives(messages)).toBeNull();
  });
});

describe('an event or a message behind a report is taken out', () => {
  const quiet = talkedAbout();
  const stories = [
    { name: 'an incident told in commands', told: wholeIncident(), lines: [] as readonly TalkLine[] },
    { name: 'an incident told in talk', told: quiet.told, lines: quiet.talk },
  ];

  describe.each(stories)('$name', ({ told, lines }) => {
    it.each(DOCUMENTS)('%s: every sentence on it is gone, 未说明, or said anew of what is left', (report) => {
      for (const language of ['zh', 'en'] as const) {
        const whole = incidentReport(inputOf(told, { report, language, talk: lines }));
        const cited = citedSources(whole).sources.map((source) => source.id);
        expect(cited.length).toBeGreaterThan(3);
        for (const gone of cited) {
          const left = inputOf(told, {
            report,
            language,
            talk: lines.filter((line) => `M${line.id}` !== gone),
            events: told.events.filter((event) => `E${event.position}` !== gone),
          });
          expect(leftStanding(whole, gone, incidentReport(left)), gone).toBeNull();
        }
      }
    });
  });
});
