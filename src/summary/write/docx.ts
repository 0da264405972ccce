import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  Footer,
  Header,
  HeadingLevel,
  LevelFormat,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  Tab,
  TableOfContents,
  TabStopType,
  TextRun,
  Document as WordDocument,
} from 'docx';
import { estimatePageNumbersWith } from 'docx/layout';
import {
  type Block,
  type Cell,
  citedSources,
  type Document,
  type Source,
  statementsOf,
  timeShare,
  wordsOf,
} from '../document.ts';
import { HeadingNumbers } from '../numbering.ts';
import { inkColour } from './svg.ts';
import { margins, millimetre, textWidth } from './word-page.ts';
import { wordStyles } from './word-styles.ts';
import { figure, framed, type Placed, signatures } from './word-tables.ts';
import { type Place, run, say } from './word-text.ts';
import { measureWidth } from './word-widths.ts';

/**
 * Beyond so many rows the pages of the contents are left to Word, which fills them in when the file is opened: laying
 * out 2,000 rows took 15 s, 20,000 minutes, where all the rest takes seconds.
 */
const LAID_OUT_ROWS = 800;

/** Characters; beyond them a row of a table may be broken between pages. */
const longRow = 240;

const lengthOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, cell) => sum + (cell.kind === 'unstated' ? 0 : cell.text.length), 0);

/** A Word file with real styles, a filled table of contents, header, footer and a signature block. */
export async function writeDocx(document: Document): Promise<Uint8Array> {
  const { numbers, sources } = citedSources(document);
  const word = wordsOf(document.language);
  const place: Place = { document, numbers, headings: new HeadingNumbers(document.language), lists: 0 };
  const { meta } = document;
  const under = [meta.code, meta.organisation, meta.date].filter((each) => each !== null).join('　');
  const body = document.blocks.flatMap((block) => placed(block, place));
  const headings = document.blocks.filter((block) => block.block === 'heading').length;
  const children = [
    new Paragraph({ style: 'ReportTitle', children: [run(document.title)] }),
    ...(under === '' ? [] : [new Paragraph({ style: 'ReportMeta', children: [run(under)] })]),
    ...(headings > 2
      ? [
          new Paragraph({ style: 'ContentsTitle', children: [run(word.contents)] }),
          new TableOfContents(word.contents, { hyperlink: true, headingStyleRange: '1-3' }),
          new Paragraph({ style: 'AfterTable', children: headings > 8 ? [new PageBreak()] : [] }),
        ]
      : []),
    // A paragraph after the last table would make a page of its own before the appendix.
    ...(sources.length > 0 && document.blocks.at(-1)?.block === 'signatures' ? body.slice(0, -1) : body),
    ...appendix(sources, place),
    ...(meta.chainHead === null
      ? []
      : [
          new Paragraph({
            style: 'Small',
            spacing: { before: 240 },
            children: [run(`${word.head}${word.colon}${meta.chainHead}`)],
          }),
        ]),
  ];
  const file = new WordDocument({
    title: document.title,
    creator: meta.organisation ?? 'warroom',
    lastModifiedBy: meta.organisation ?? 'warroom',
    description: meta.code ?? '',
    ...(statementsOf(document).length + sources.length <= LAID_OUT_ROWS
      ? { pageNumbers: estimatePageNumbersWith({ guess: true, measureWidth }) }
      : {}),
    styles: wordStyles(document.language),
    numbering: {
      config: [
        {
          reference: 'ordered',
          levels: [
            {
              level: 0,
              format: LevelFormat.DECIMAL,
              text: '%1.',
              alignment: AlignmentType.START,
              style: { paragraph: { indent: { left: 560, hanging: 420 } } },
            },
          ],
        },
        {
          reference: 'bullets',
          levels: [
            {
              level: 0,
              format: LevelFormat.BULLET,
              text: '•',
              alignment: AlignmentType.START,
              style: { paragraph: { indent: { left: 560, hanging: 320 } } },
            },
          ],
        },
      ],
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11906, height: 16838 },
            margin: {
              top: Math.round(margins.top * millimetre),
              bottom: Math.round(margins.bottom * millimetre),
              left: Math.round(margins.left * millimetre),
              right: Math.round(margins.right * millimetre),
              header: Math.round(20 * millimetre),
              footer: Math.round(18 * millimetre),
            },
          },
        },
        headers: { default: header(document) },
        footers: { default: footer(document) },
        children,
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(file));
}

const headingLevels = [HeadingLevel.HEADING_1, HeadingLevel.HEADING_2, HeadingLevel.HEADING_3] as const;

function placed(block: Block, place: Place): Placed[] {
  const word = wordsOf(place.document.language);
  switch (block.block) {
    case 'heading':
      return [
        new Paragraph({
          heading: headingLevels[block.level - 1] ?? HeadingLevel.HEADING_3,
          children: [run(place.headings.next(block.level) + block.text)],
        }),
      ];
    case 'paragraph':
      return [
        new Paragraph({ style: 'Body', children: block.statements.flatMap((each) => say(each, place)) }),
      ];
    case 'note':
      return [new Paragraph({ style: 'Small', children: [run(block.text)] })];
    case 'list':
      place.lists += 1;
      return block.items.map(
        (item) =>
          new Paragraph({
            style: 'ListItem',
            numbering: { reference: block.ordered ? 'ordered' : 'bullets', level: 0, instance: place.lists },
            children: say(item, place),
          }),
      );
    case 'table':
      return framed(
        block.columns.map((column) => column.share),
        block.columns.map((column) => column.title),
        block.rows.map((row) => ({
          cells: row.map((cell) => [say(cell, place)]),
          long: row.some((cell) => lengthOf([cell]) > longRow),
        })),
      );
    case 'keyValue':
      return framed(
        [0.22, 0.78],
        null,
        block.rows.map((row) => ({
          cells: [[[run(row.label)]], row.values.map((value) => say(value, place))],
          long: lengthOf(row.values) > longRow,
        })),
        true,
      );
    case 'timeline': {
      const share = timeShare(block.entries);
      return framed(
        [share, 1 - share],
        [word.time, word.statement],
        block.entries.map((entry) => {
          const mark =
            entry.mark === null ? [] : [run(`　${entry.mark}`, { color: inkColour.warn.slice(1) })];
          return {
            cells: [[[run(entry.time ?? word.none)]], [[...say(entry.statement, place), ...mark]]],
            long: entry.statement.text.length > longRow,
          };
        }),
      );
    }
    case 'figure':
      return figure(block.caption, block.drawing);
    case 'signatures':
      return signatures(block.parties, place.document.language);
    default: {
      const never: never = block;
      return never;
    }
  }
}

function appendix(sources: readonly Source[], place: Place): Placed[] {
  if (sources.length === 0) return [];
  const word = wordsOf(place.document.language);
  return [
    new Paragraph({ heading: HeadingLevel.HEADING_1, pageBreakBefore: true, children: [run(word.sources)] }),
    ...framed(
      [0.08, 0.25, 0.18, 0.49],
      [word.number, word.time, word.author, word.text],
      sources.map((source, index) => ({
        cells: [
          [[new Bookmark({ id: `source${index + 1}`, children: [run(String(index + 1))] })]],
          [[run(source.time ?? word.none)]],
          [[run(source.author ?? word.none)]],
          [[run(source.text)]],
        ],
        long: source.text.length > longRow,
      })),
    ),
  ];
}

function header({ title, meta, language }: Document): Header {
  const draft = meta.draft ? `　${wordsOf(language).draft}` : '';
  return new Header({
    children: [
      new Paragraph({
        style: 'Small',
        tabStops: [{ type: TabStopType.RIGHT, position: textWidth }],
        border: { bottom: { style: BorderStyle.SINGLE, size: 4, color: '8C95A3', space: 4 } },
        children: [
          run(title),
          new TextRun({ children: [new Tab(), meta.code ?? ''] }),
          run(draft, { color: 'C0392B' }),
        ],
      }),
    ],
  });
}

function footer({ language }: Document): Footer {
  const [before = '', between = '', after = ''] = wordsOf(language)
    .page('\ue000', '\ue001')
    .split(/[\ue000\ue001]/);
  return new Footer({
    children: [
      new Paragraph({
        style: 'Small',
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({ children: [before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES, after] }),
        ],
      }),
    ],
  });
}
