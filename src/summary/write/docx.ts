import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  CarriageReturn,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  InternalHyperlink,
  LevelFormat,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  Tab,
  Table,
  TableCell,
  TableLayoutType,
  TableOfContents,
  TableRow,
  TabStopType,
  TextRun,
  VerticalAlignTable,
  WidthType,
  Document as WordDocument,
} from 'docx';
import { estimatePageNumbersWith } from 'docx/layout';
import {
  type Block,
  type Cell,
  type CiteId,
  citedSources,
  type Document,
  printed,
  type Source,
  statementsOf,
  wordsOf,
} from '../document.ts';
import { HeadingNumbers } from '../numbering.ts';
import { pngOf } from './png.ts';
import { inkColour, svgOf } from './svg.ts';
import { wordStyles } from './word-styles.ts';

/** Margins of an official document (GB/T 9704): 37, 35, 28 and 26 mm; what is left is 156 mm wide. */
const millimetre = 56.7;
const margins = { top: 37, bottom: 35, left: 28, right: 26 };
const textWidth = Math.floor((210 - margins.left - margins.right) * millimetre);
const figureWidth = 156 * 3.78;

/**
 * Beyond so many rows the pages of the contents are left to Word, which fills them in when the file is opened: laying
 * out 2,000 rows took 15 s, 20,000 minutes, where all the rest takes seconds.
 */
const LAID_OUT_ROWS = 800;

type Numbers = ReadonlyMap<CiteId, number>;
type Placed = Paragraph | Table;

interface Place {
  document: Document;
  numbers: Numbers;
  headings: HeadingNumbers;
  /** A list that starts anew each time needs a numbering instance of its own. */
  lists: number;
}

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

/** Chinese characters are as wide as they are high in every font; Latin ones about half. */
function measureWidth(text: string, font: { readonly size: number }): number {
  let ems = 0;
  for (const character of text) ems += character > '\u2e7f' || /[\u2018-\u2026]/.test(character) ? 1 : 0.5;
  return ems * font.size;
}

interface RunLook {
  superScript?: boolean;
  color?: string;
  italics?: boolean;
}

const run = (text: string, look: RunLook = {}): TextRun => {
  const [first = '', ...rest] = text.split('\n');
  return new TextRun({ ...look, children: [first, ...rest.flatMap((line) => [new CarriageReturn(), line])] });
};

function say(cell: Cell, place: Place): ParagraphChild[] {
  const { language } = place.document;
  if (cell.kind === 'unstated') return [run(printed(cell, language), { color: '808080' })];
  if (cell.kind === 'label') return [run(cell.text)];
  const marks = cell.cites.map((cite) => place.numbers.get(cite)).filter((each) => each !== undefined);
  return [
    run(cell.text),
    ...marks.map(
      (mark) =>
        new InternalHyperlink({
          anchor: `source${mark}`,
          children: [new TextRun({ text: `[${mark}]`, superScript: true, color: '2F5D9B' })],
        }),
    ),
  ];
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
        block.rows.map((row) => row.map((cell) => [say(cell, place)])),
      );
    case 'keyValue':
      return framed(
        [0.22, 0.78],
        null,
        block.rows.map((row) => [[[run(row.label)]], row.values.map((value) => say(value, place))]),
        true,
      );
    case 'timeline':
      return framed(
        [0.26, 0.74],
        [word.time, word.statement],
        block.entries.map((entry) => [
          [[run(entry.time ?? word.none)]],
          [
            [
              ...say(entry.statement, place),
              ...(entry.mark === null ? [] : [run(`　${entry.mark}`, { color: inkColour.warn.slice(1) })]),
            ],
          ],
        ]),
      );
    case 'figure':
      return figure(block.caption, block.drawing);
    case 'signatures':
      return signatures(block.parties, place);
    default: {
      const never: never = block;
      return never;
    }
  }
}

const thin = { style: BorderStyle.SINGLE, size: 4, color: '8C95A3' };
const borders = { top: thin, bottom: thin, left: thin, right: thin };
const shade = { type: ShadingType.CLEAR, color: 'auto', fill: 'F0F2F5' };

/** A table of fixed width, so that no content can push it over the margin; its head repeats on every page. */
function framed(
  shares: readonly number[],
  head: readonly string[] | null,
  rows: readonly (readonly (readonly ParagraphChild[])[][])[],
  firstIsHead = false,
): Placed[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const widths = shares.map((share) => Math.floor((share / total) * textWidth));
  const cell = (
    paragraphs: readonly (readonly ParagraphChild[])[],
    index: number,
    isHead: boolean,
  ): TableCell =>
    new TableCell({
      width: { size: widths[index] ?? 0, type: WidthType.DXA },
      borders,
      margins: { top: 50, bottom: 50, left: 100, right: 100 },
      verticalAlign: VerticalAlignTable.CENTER,
      ...(isHead ? { shading: shade } : {}),
      children: paragraphs.map(
        (children) => new Paragraph({ style: isHead ? 'TableHead' : 'TableText', children }),
      ),
    });
  const headRow =
    head === null
      ? []
      : [
          new TableRow({
            tableHeader: true,
            cantSplit: true,
            children: head.map((title, index) => cell([[run(title)]], index, true)),
          }),
        ];
  const bodyRows = rows.map(
    (row) =>
      new TableRow({
        // A row stays whole; one that no page could hold is broken by the word processor all the same.
        cantSplit: true,
        children: row.map((paragraphs, index) => cell(paragraphs, index, firstIsHead && index === 0)),
      }),
  );
  if (headRow.length + bodyRows.length === 0) return [];
  return [
    new Table({
      width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
      columnWidths: widths,
      layout: TableLayoutType.FIXED,
      rows: [...headRow, ...bodyRows],
    }),
    new Paragraph({ style: 'AfterTable', children: [] }),
  ];
}

function figure(caption: string, drawing: Extract<Block, { block: 'figure' }>['drawing']): Placed[] {
  const width = Math.round(figureWidth);
  const height = Math.round((drawing.height / drawing.width) * width);
  return [
    new Paragraph({
      style: 'Figure',
      keepNext: true,
      children: [
        new ImageRun({
          type: 'svg',
          data: Buffer.from(svgOf(drawing), 'utf8'),
          transformation: { width, height },
          altText: { name: caption, title: caption, description: drawing.alt },
          fallback: { type: 'png', data: Buffer.from(pngOf(drawing)) },
        }),
      ],
    }),
    new Paragraph({ style: 'Caption', children: [run(caption)] }),
  ];
}

function signatures(parties: Extract<Block, { block: 'signatures' }>['parties'], place: Place): Placed[] {
  const { language } = place.document;
  const word = wordsOf(language);
  const perRow = 2;
  const rows: TableRow[] = [];
  const width = Math.floor(textWidth / perRow);
  for (let index = 0; index < parties.length; index += perRow) {
    const cells = [0, 1].map((offset) => {
      const party = parties[index + offset];
      const line = (text: string, style: string) => new Paragraph({ style, children: [run(text)] });
      const date = language === 'zh' ? '　　年　　月　　日' : '';
      return new TableCell({
        width: { size: width, type: WidthType.DXA },
        borders,
        margins: { top: 120, bottom: 120, left: 160, right: 160 },
        children:
          party === undefined
            ? [line('', 'TableText')]
            : [
                line(party.role, 'TableHead'),
                line(party.organisation === null ? ' ' : `${party.organisation}${word.seal}`, 'TableText'),
                line(`${word.signature}${word.colon}${party.name ?? ''}`, 'SignatureLine'),
                line(`${word.date}${word.colon}${date}`, 'SignatureLine'),
              ],
      });
    });
    rows.push(new TableRow({ cantSplit: true, children: cells }));
  }
  if (rows.length === 0) return [];
  return [
    new Table({
      width: { size: width * perRow, type: WidthType.DXA },
      columnWidths: [width, width],
      layout: TableLayoutType.FIXED,
      rows,
    }),
    new Paragraph({ style: 'AfterTable', children: [] }),
  ];
}

function appendix(sources: readonly Source[], place: Place): Placed[] {
  if (sources.length === 0) return [];
  const word = wordsOf(place.document.language);
  return [
    new Paragraph({ heading: HeadingLevel.HEADING_1, pageBreakBefore: true, children: [run(word.sources)] }),
    ...framed(
      [0.09, 0.26, 0.2, 0.45],
      [word.number, word.time, word.author, word.text],
      sources.map((source, index) => [
        [[new Bookmark({ id: `source${index + 1}`, children: [run(String(index + 1))] })]],
        [[run(source.time ?? word.none)]],
        [[run(source.author ?? word.none)]],
        [[run(source.text)]],
      ]),
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
