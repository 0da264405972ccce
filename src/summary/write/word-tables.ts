import {
  BorderStyle,
  ImageRun,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { type Drawing, type Language, type Party, wordsOf } from '../document.ts';
import { pngOf } from './png.ts';
import { svgOf } from './svg.ts';
import { figureWidth, textWidth } from './word-page.ts';
import { run } from './word-text.ts';

const thin = { style: BorderStyle.SINGLE, size: 4, color: '8C95A3' };
const borders = { top: thin, bottom: thin, left: thin, right: thin };
const shade = { type: ShadingType.CLEAR, color: 'auto', fill: 'F0F2F5' };

export interface Row {
  /** Of each cell its paragraphs. */
  cells: readonly (readonly (readonly ParagraphChild[])[])[];
  /** May go on on the next page. */
  long?: boolean;
}

export type Placed = Paragraph | Table;

/** A table of fixed width, so that no content can push it over the margin; its head repeats on every page. */
export function framed(
  shares: readonly number[],
  head: readonly string[] | null,
  rows: readonly Row[],
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
    ({ cells, long }) =>
      new TableRow({
        // A row stays whole; a long one would leave half a page empty before it.
        cantSplit: long !== true,
        children: cells.map((paragraphs, index) => cell(paragraphs, index, firstIsHead && index === 0)),
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

export function figure(caption: string, drawing: Drawing): Placed[] {
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

export function signatures(parties: readonly Party[], language: Language): Placed[] {
  const word = wordsOf(language);
  const perRow = 2;
  const rows: TableRow[] = [];
  const width = Math.floor(textWidth / perRow);
  for (let index = 0; index < parties.length; index += perRow) {
    const cells = [0, 1].map((offset) => {
      const party = parties[index + offset];
      // All parties sign on one page, with the heading above them.
      const keepNext = index + perRow < parties.length;
      const line = (text: string, style: string) => new Paragraph({ style, keepNext, children: [run(text)] });
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
