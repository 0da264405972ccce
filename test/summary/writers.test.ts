import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../src/summary/compose.ts';
import { type Document, label, stated } from '../../src/summary/document.ts';
import { bars } from '../../src/summary/drawing.ts';
import { conversationDocument } from '../../src/summary/summary-document.ts';
import { writeDocx } from '../../src/summary/write/docx.ts';
import { writeHtml } from '../../src/summary/write/html.ts';
import { writeMarkdown } from '../../src/summary/write/markdown.ts';
import { writePdf } from '../../src/summary/write/pdf.ts';
import { firstFault, has } from '../support/files.ts';
import { openTags } from '../support/word.ts';
import { room } from './room.ts';

const document: Document = (() => {
  const summary = conversationDocument(room, 'zh');
  return {
    ...summary,
    meta: {
      code: 'INC-20260506-01',
      organisation: '某市缴费中心',
      date: '2026-05-06',
      draft: true,
      chainHead: 'ab12cd34',
    },
    blocks: [
      ...summary.blocks,
      { block: 'heading', level: 1, text: '签署' },
      {
        block: 'signatures',
        parties: [
          { role: '应急保障负责人', organisation: '某市缴费中心', name: null },
          { role: '值班工程师', organisation: '某厂商', name: '王工' },
        ],
      },
    ],
  };
})();

describe('Markdown', () => {
  const text = writeMarkdown(document);

  it('keeps user text inert', () => {
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<!channel>');
    expect(text).not.toMatch(/(?<!\\)\[点我\]/);
    expect(text).not.toMatch(/@all/);
    expect(text).not.toMatch(/\|\s*=/);
  });

  it('resolves every footnote', () => {
    const used = new Set([...text.matchAll(/\[\^(\d+)\](?!:)/g)].map((match) => match[1]));
    const given = new Set([...text.matchAll(/^\[\^(\d+)\]:/gm)].map((match) => match[1]));
    expect(used.size).toBeGreaterThan(5);
    expect([...used].filter((mark) => !given.has(mark))).toEqual([]);
  });

  it('keeps each table row as wide as its head', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length;
    const groups = text.split('\n\n').filter((part) => part.startsWith('| '));
    expect(rows.length).toBeGreaterThan(10);
    for (const group of groups) expect(new Set(group.split('\n').map(cells)).size).toBe(1);
  });
});

describe('HTML', () => {
  const text = writeHtml(document);

  it('carries no live markup of users, no script and no reference to the outside', () => {
    expect(text).not.toMatch(/<img|<script|<iframe|<link|@import|url\(/i);
    expect(text).not.toMatch(/<[^>]+\son\w+=/i);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(
      [...text.matchAll(/(?:href|src)="([^"]*)"/g)].every((match) => (match[1] ?? '').startsWith('#')),
    ).toBe(true);
  });

  it('resolves every link inside the page', () => {
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]));
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });

  it('says draft, prints the chain head and both signers', () => {
    for (const words of ['草稿', 'ab12cd34', '应急保障负责人', '王工', 'INC-20260506-01'])
      expect(text).toContain(words);
  });
});

describe('Word', () => {
  let parts: Record<string, string> = {};
  let file: Uint8Array = new Uint8Array();

  beforeAll(async () => {
    file = await writeDocx(document);
    parts = Object.fromEntries(
      Object.entries(unzipSync(file)).map(([name, data]) => [name, strFromU8(data)]),
    );
  });

  const main = () => parts['word/document.xml'] ?? '';

  it('is a package with its parts, each well-formed', () => {
    for (const name of [
      '[Content_Types].xml',
      'word/document.xml',
      'word/styles.xml',
      'word/header1.xml',
      'word/footer1.xml',
      'word/numbering.xml',
    ]) {
      expect(parts[name], name).toBeDefined();
    }
    for (const [name, text] of Object.entries(parts))
      if (/\.(?:xml|rels)$/.test(name)) expect(openTags(text), name).toEqual([]);
  });

  it('has headings as styles and a contents field filled with titles and page numbers', () => {
    expect(main()).toContain('w:val="Heading1"');
    expect(main()).toMatch(/TOC \\/);
    const contents = main().slice(0, main().lastIndexOf('</w:sdtContent>'));
    expect(contents).toContain('一、基本情况');
    expect(contents).toMatch(/PAGEREF[\s\S]*?<w:t[^>]*>\d+<\/w:t>/);
  });

  it('keeps every table within the margins', () => {
    const page = /<w:pgSz[^>]*w:w="(\d+)"/.exec(main())?.[1];
    const margin = /<w:pgMar[^>]*>/.exec(main())?.[0] ?? '';
    const room =
      Number(page) - Number(/w:left="(\d+)"/.exec(margin)?.[1]) - Number(/w:right="(\d+)"/.exec(margin)?.[1]);
    const widths = [...main().matchAll(/<w:tblGrid>(.*?)<\/w:tblGrid>/g)].map((grid) =>
      [...(grid[1] ?? '').matchAll(/w:w="(\d+)"/g)].reduce((sum, column) => sum + Number(column[1]), 0),
    );
    expect(Number(page)).toBe(11906);
    expect(widths.length).toBeGreaterThan(4);
    expect(widths.filter((width) => width > room)).toEqual([]);
  });

  it('numbers its pages and names the fonts of official documents', () => {
    expect(parts['word/footer1.xml']).toContain('PAGE');
    expect(parts['word/footer1.xml']).toContain('NUMPAGES');
    for (const name of ['仿宋', '黑体', '楷体']) expect(parts['word/styles.xml']).toContain(name);
  });

  it.skipIf(!has('soffice') || !has('pdftotext'))(
    'opens in LibreOffice with every heading and Chinese character (skipped without soffice and pdftotext)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'docx-'));
      try {
        writeFileSync(join(folder, 'report.docx'), file);
        const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
        execFileSync(
          'soffice',
          [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, 'report.docx')],
          { stdio: 'ignore' },
        );
        execFileSync('pdftotext', ['-layout', join(folder, 'report.pdf'), join(folder, 'report.txt')]);
        const text = readFileSync(join(folder, 'report.txt'), 'utf8').replace(/ /g, '');
        for (const words of [
          '一、基本情况',
          '归档日志把数据盘写满',
          '应急保障负责人',
          '第1页',
          '附录：引文出处',
        ])
          expect(text).toContain(words);
        expect(text).not.toContain('\ufffd');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe('PDF', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pdf-'));
  const path = join(folder, 'report.pdf');

  beforeAll(async () => {
    writeFileSync(path, await writePdf(document));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('embeds its fonts', () => {
    const raw = readFileSync(path, 'latin1');
    expect(raw.startsWith('%PDF-')).toBe(true);
    expect(raw).toContain('/FontFile2');
    expect(raw).toContain('/ToUnicode');
  });

  it.skipIf(!has('pdftotext') || !has('pdffonts'))(
    'can be searched in Chinese, every font embedded as a subset (skipped without poppler)',
    () => {
      const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
      for (const words of ['故障对话摘要', '归档日志把数据盘写满', '应急保障负责人', '附录：引文出处'])
        expect(text).toContain(words);
      const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2);
      expect(fonts.length).toBeGreaterThan(0);
      expect(fonts.filter((line) => !/yes yes yes/.test(line))).toEqual([]);
    },
  );

  it.skipIf(!has('qpdf'))('is a sound file (skipped without qpdf)', () => {
    const said = execFileSync('qpdf', ['--check', path], { encoding: 'utf8' });
    expect(said).toContain('No syntax or stream encoding errors found');
  });

  it('breaks a source longer than a page over pages and loses none of it', async () => {
    const long = Array.from({ length: 400 }, (_, index) => `第${index}行`).join('\n');
    const tall = compose({
      ...document,
      blocks: [{ block: 'paragraph', statements: [stated('有', 'x')] }],
      sources: [{ id: 'x', time: null, author: null, text: long }],
    });
    const file = Buffer.from(await writePdf(tall)).toString('latin1');
    expect((file.match(/\/Type \/Page\b/g) ?? []).length).toBeGreaterThan(5);
  });
});

describe('whatever is said', () => {
  it('every writer answers, and nothing of it comes alive', async () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '=1+1',
        '<script>',
        ']]>',
        '-->',
        '@everyone',
        '<!here>',
        '|',
        '\\',
        '`',
        '\u202e',
        '&#x3c;',
        '\ud83d',
        '{{x}}',
        '%s',
      ),
      fc
        .array(fc.constantFrom('<b>', '"', "'", '故障', '\n', '|', '](http://x)', '&'), { maxLength: 12 })
        .map((each) => each.join('')),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (text, author, title) => {
        const hostile = compose({
          language: 'zh',
          title,
          meta: { code: text, organisation: author, date: title, draft: true, chainHead: text },
          blocks: [
            { block: 'heading', level: 1, text },
            { block: 'paragraph', statements: [stated(text, 'x')] },
            { block: 'note', text },
            { block: 'list', ordered: true, items: [stated(text, 'x'), stated(author, 'x')] },
            { block: 'table', columns: [{ title, share: 1 }], rows: [[stated(text, 'x')], [label(author)]] },
            { block: 'keyValue', rows: [{ label: title, values: [stated(text, 'x')] }] },
            {
              block: 'timeline',
              entries: [{ time: title, statement: stated(text, 'x'), tone: 'bad', mark: author }],
            },
            {
              block: 'figure',
              caption: text,
              drawing: bars([{ name: author, used: 1, other: null, note: text, tone: 'good' }], title),
            },
            { block: 'signatures', parties: [{ role: title, organisation: author, name: text }] },
          ],
          sources: [{ id: 'x', time: text, author, text }],
        });
        expect(await firstFault(hostile, null)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});
