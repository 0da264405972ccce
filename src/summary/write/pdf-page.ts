import type { Ink } from '../document.ts';
import { inkColour } from './svg.ts';

/** A piece of a paragraph or cell: its words, the numbers of its citations, and whether it is a 未说明. */
export interface Piece {
  text: string;
  marks: readonly number[];
  faint: boolean;
}

interface Look {
  font?: 'text' | 'bold';
  size: number;
  align?: 'left' | 'center' | 'right';
  ink?: Ink;
  width?: number;
}

type Tone = 'plain' | 'good' | 'warn' | 'bad';

const cellSize = 9.5;
const padding = 4.5;

export interface TableParts {
  /** `share` is the column's part of the width. */
  columns: readonly { title: string; share: number }[];
  rows: readonly (readonly (readonly Piece[])[])[];
  /** False: there are no titles. */
  head?: boolean;
  firstIsHead?: boolean;
  tones?: readonly Tone[];
  /** Names of the rows, to be led to. */
  anchors?: readonly string[];
}

const headOf = ({ head, columns }: TableParts): Piece[][] | null =>
  head === false ? null : columns.map(({ title }) => [{ text: title, marks: [], faint: false }]);

/** The flow of a page: a pen that moves down, and tables whose rows go on on the next page. */
export class Page {
  private readonly pdf: PDFKit.PDFDocument;
  y: number;
  number = 0;

  constructor(pdf: PDFKit.PDFDocument) {
    this.pdf = pdf;
    this.y = pdf.page.margins.top;
  }

  get left(): number {
    return this.pdf.page.margins.left;
  }

  get width(): number {
    const { width, margins } = this.pdf.page;
    return width - margins.left - margins.right;
  }

  private get bottom(): number {
    return this.pdf.page.height - this.pdf.page.margins.bottom;
  }

  next(): void {
    if (this.y === this.pdf.page.margins.top) return;
    this.pdf.addPage();
    this.number += 1;
    this.y = this.pdf.page.margins.top;
  }

  gap(points: number): void {
    this.y += points;
  }

  need(points: number): void {
    if (this.y + points > this.bottom) this.next();
  }

  line(text: string, look: Look): void {
    const { font = 'text', size, align = 'left', ink = 'text' } = look;
    this.pdf.font(font).fontSize(size).fillColor(inkColour[ink]);
    const options = { width: this.width, align, lineGap: size * 0.25 };
    const height = this.pdf.heightOfString(text, options);
    this.need(Math.min(height, this.bottom - this.pdf.page.margins.top));
    this.pdf.text(text, this.left, this.y, options);
    this.y += height;
  }

  at(text: string, x: number, y: number, look: Look): void {
    const { font = 'text', size, align = 'left', ink = 'text', width = this.width } = look;
    this.pdf.font(font).fontSize(size).fillColor(inkColour[ink]);
    this.pdf.text(text, x, y, { width, align, lineBreak: false });
  }

  /** Outside the margins pdfkit would open a new page; for the length of `draw` it does not. */
  free(draw: () => void): void {
    const { margins } = this.pdf.page;
    const { bottom } = margins;
    margins.bottom = 0;
    draw();
    margins.bottom = bottom;
  }

  runs(
    pieces: readonly Piece[],
    { size, indent, lead }: { size: number; indent: number; lead: string },
  ): void {
    const width = this.width - indent;
    let rest = [...pieces];
    let first = true;
    while (rest.length > 0) {
      const room = this.bottom - this.y;
      let [now, later] = this.split(rest, width, size, room);
      if (now.length === 0) {
        this.next();
        [now, later] = this.split(rest, width, size, this.bottom - this.y);
      }
      if (first && lead !== '') this.at(lead, this.left, this.y, { size, width: indent });
      this.y += this.drawPieces(now, this.left + indent, this.y, width, size);
      rest = later;
      first = false;
    }
  }

  /** How high the head stands with at least two rows, which it brings along; less when they are long enough to break. */
  openingHeight(parts: TableParts): number {
    const widths = this.widthsOf(parts);
    const head = headOf(parts);
    const opening = [...(head === null ? [] : [head]), ...parts.rows.slice(0, 2)];
    const height = opening.reduce((sum, row) => sum + this.rowHeight(row, widths), 0);
    return Math.min(height, (this.bottom - this.pdf.page.margins.top) * 0.4);
  }

  private widthsOf({ columns }: TableParts): number[] {
    const total = columns.reduce((sum, column) => sum + column.share, 0);
    return columns.map((column) => (column.share / total) * this.width);
  }

  table(parts: TableParts): void {
    const { rows, anchors, tones, firstIsHead } = parts;
    const widths = this.widthsOf(parts);
    const head = headOf(parts);
    this.need(this.openingHeight(parts));
    if (head !== null) this.row(head, widths, { head: true });
    rows.forEach((row, index) => {
      let rest: Piece[][] = row.map((cell) => [...cell]);
      let anchor = anchors?.[index];
      for (let open = true; open; ) {
        const room = this.bottom - this.y - 2 * padding;
        let cut = rest.map((cell, at) => this.split(cell, (widths[at] ?? 0) - 2 * padding, cellSize, room));
        const whole = cut.every(([, later]) => later.length === 0);
        const fresh = this.pdf.page.margins.top;
        // A row is broken only when no page could hold it.
        const tall = this.rowHeight(rest, widths) > (this.bottom - fresh) * 0.6;
        if (!whole && (!tall || room < 60) && this.y > fresh + 40) {
          this.next();
          if (head !== null) this.row(head, widths, { head: true });
          continue;
        }
        if (cut.every(([now]) => now.length === 0)) cut = rest.map((cell) => [cell, []]);
        if (anchor !== undefined) this.pdf.addNamedDestination(anchor, 'XYZ', this.left, this.y, null);
        anchor = undefined;
        this.row(
          cut.map(([now]) => now),
          widths,
          { firstIsHead: firstIsHead === true, tone: tones?.[index] },
        );
        rest = cut.map(([, later]) => later);
        open = rest.some((cell) => cell.length > 0);
      }
    });
    this.gap(8);
  }

  private row(
    cells: readonly (readonly Piece[])[],
    widths: readonly number[],
    look: { head?: boolean; firstIsHead?: boolean; tone?: Tone | undefined },
  ): void {
    const height = this.rowHeight(cells, widths);
    let x = this.left;
    cells.forEach((cell, index) => {
      const width = widths[index] ?? 0;
      const isHead = look.head === true || (look.firstIsHead === true && index === 0);
      if (isHead) this.pdf.rect(x, this.y, width, height).fill('#f0f2f5');
      if (index === 0 && look.tone !== undefined && look.tone !== 'plain')
        this.pdf.rect(x, this.y, 2.5, height).fill(inkColour[look.tone]);
      this.pdf.lineWidth(0.5).rect(x, this.y, width, height).stroke(inkColour.line);
      this.drawPieces(cell, x + padding, this.y + padding, width - 2 * padding, cellSize, isHead);
      x += width;
    });
    this.y += height;
  }

  private rowHeight(cells: readonly (readonly Piece[])[], widths: readonly number[]): number {
    const heights = cells.map((cell, at) => this.heightOf(cell, (widths[at] ?? 0) - 2 * padding, cellSize));
    return Math.max(...heights) + 2 * padding;
  }

  private options(width: number, size: number) {
    return { width, lineGap: size * 0.28 };
  }

  private textOf(piece: Piece): string {
    // Marks are printed at two thirds of the size; as many full characters stand for them when lines are measured.
    const marks = piece.marks.reduce((sum, mark) => sum + String(mark).length + 1.2, 0);
    return piece.text + '1'.repeat(Math.ceil(marks * 0.72));
  }

  private heightOf(pieces: readonly Piece[], width: number, size: number): number {
    this.pdf.font('text').fontSize(size);
    const options = this.options(width, size);
    return pieces.reduce(
      (sum, piece) => sum + this.pdf.heightOfString(this.textOf(piece) || ' ', options),
      0,
    );
  }

  /** Draws each piece as lines of its own and answers how high they stand. */
  private drawPieces(
    pieces: readonly Piece[],
    x: number,
    y: number,
    width: number,
    size: number,
    bold = false,
  ): number {
    let top = y;
    for (const piece of pieces) {
      const height = this.heightOf([piece], width, size);
      const options = this.options(width, size);
      const marks = piece.marks;
      this.pdf
        .font(bold ? 'bold' : 'text')
        .fontSize(size)
        .fillColor(inkColour[piece.faint ? 'muted' : 'text']);
      this.free(() => {
        this.pdf.text(piece.text || ' ', x, top, { ...options, continued: marks.length > 0 });
        marks.forEach((mark, index) => {
          this.pdf.fontSize(size * 0.66).fillColor(inkColour.accent);
          this.pdf.text(`[${mark}]`, {
            ...options,
            continued: index < marks.length - 1,
            goTo: `source-${mark}`,
          });
        });
      });
      top += height;
    }
    return top - y;
  }

  /** The pieces that fit into `room`, the last one cut where need be, and what is left for the next page. */
  private split(pieces: readonly Piece[], width: number, size: number, room: number): [Piece[], Piece[]] {
    const now: Piece[] = [];
    let left = room;
    for (const [index, piece] of pieces.entries()) {
      const height = this.heightOf([piece], width, size);
      if (height <= left) {
        now.push(piece);
        left -= height;
        continue;
      }
      const end = this.fitting(piece.text, width, size, left);
      const rest = pieces.slice(index + 1);
      if (end === 0) return [now, [piece, ...rest]];
      now.push({ ...piece, text: piece.text.slice(0, end), marks: [] });
      return [now, [{ ...piece, text: piece.text.slice(end).replace(/^\n/, '') }, ...rest]];
    }
    return [now, []];
  }

  private fitting(text: string, width: number, size: number, room: number): number {
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.heightOf([{ text: text.slice(0, middle), marks: [], faint: false }], width, size) <= room)
        low = middle;
      else high = middle - 1;
    }
    return /[\ud800-\udbff]$/.test(text.slice(0, low)) ? low - 1 : low;
  }
}
