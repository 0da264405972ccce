import PDFDocument from 'pdfkit';
import {
  type Block,
  type Cell,
  type CiteId,
  citedSources,
  type Document,
  type Drawing,
  printed,
  type Source,
  type Statement,
  wordsOf,
} from '../document.ts';
import { HeadingNumbers } from '../numbering.ts';
import { fontFiles } from './fonts.ts';
import { Contents, fitted, type Heading } from './pdf-contents.ts';
import { drawShapes } from './pdf-drawing.ts';
import { Page, type Piece, type TableParts } from './pdf-page.ts';
import { tableOf } from './pdf-table.ts';
import { inkColour } from './svg.ts';

const pointsPerMillimetre = 72 / 25.4;
const margins = {
  top: 30 * pointsPerMillimetre,
  bottom: 26 * pointsPerMillimetre,
  left: 26 * pointsPerMillimetre,
  right: 24 * pointsPerMillimetre,
};

/** A PDF with its Chinese font embedded as a subset: text can be selected and searched, and no browser is needed. */
export async function writePdf(document: Document): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins,
    bufferPages: true,
    autoFirstPage: true,
    lang: document.language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    info: {
      Title: document.title,
      Author: document.meta.organisation ?? 'warroom',
      Subject: document.meta.code ?? '',
    },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  pdf.registerFont('text', fontFiles.regular);
  pdf.registerFont('bold', fontFiles.bold);
  new Writer(pdf, document).write();
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

const looks = {
  1: { size: 15, before: 16 },
  2: { size: 13, before: 12 },
  3: { size: 11.5, before: 8 },
} as const;
const signatureHeight = 104;

class Writer {
  private readonly pdf: PDFKit.PDFDocument;
  private readonly document: Document;
  private readonly page: Page;
  private readonly numbers: ReadonlyMap<CiteId, number>;
  private readonly sources: readonly Source[];
  private readonly headingNumbers: HeadingNumbers;
  private readonly headings: Heading[] = [];

  constructor(pdf: PDFKit.PDFDocument, document: Document) {
    this.pdf = pdf;
    this.document = document;
    this.page = new Page(pdf);
    this.headingNumbers = new HeadingNumbers(document.language);
    const { numbers, sources } = citedSources(document);
    this.numbers = numbers;
    this.sources = sources;
  }

  write(): void {
    const { page, document } = this;
    const { meta } = document;
    const word = wordsOf(document.language);
    page.gap(16);
    page.line(document.title, { font: 'bold', size: 22, align: 'center' });
    const under = [meta.code, meta.organisation, meta.date].filter((each) => each !== null).join('　');
    page.gap(4);
    if (under !== '') page.line(under, { size: 10.5, align: 'center', ink: 'muted' });
    page.gap(14);
    const expected =
      document.blocks.filter((block) => block.block === 'heading').length + (this.sources.length > 0 ? 1 : 0);
    const contents = expected > 3 ? new Contents(page, word.contents, expected) : null;
    for (const [index, block] of document.blocks.entries()) this.block(block, index);
    this.appendix();
    if (meta.chainHead !== null) {
      page.gap(10);
      page.line(`${word.head}${word.colon}${meta.chainHead}`, { size: 8.5, ink: 'muted' });
    }
    contents?.fill(this.pdf, this.headings);
    this.furniture();
  }

  /** A heading is never left alone at the foot of a page: `following` is the height of what it brings along. */
  private heading(title: string, level: 1 | 2 | 3, following: number): void {
    const { page, pdf } = this;
    const { size, before } = looks[level];
    page.gap(before);
    page.need(size * 1.6 + 5 + following);
    const anchor = `heading-${this.headings.length + 1}`;
    pdf.addNamedDestination(anchor, 'XYZ', page.left, page.y, null);
    if (level === 1) pdf.outline.addItem(title);
    this.headings.push({ title, level, page: page.number, anchor });
    page.line(title, { font: 'bold', size });
    page.gap(5);
  }

  /** How high the first of the text after a heading stands, with the headings between. */
  private following(index: number): number {
    const next = this.document.blocks[index + 1];
    if (next === undefined) return 0;
    switch (next.block) {
      case 'heading':
        return looks[next.level].before + looks[next.level].size * 1.6 + 5 + this.following(index + 1);
      case 'figure':
        return next.drawing.height * this.scaleOf(next.drawing) + 30;
      case 'signatures':
        return signatureHeight + 10;
      case 'paragraph':
      case 'note':
      case 'list':
        return 50;
      case 'table':
      case 'keyValue':
      case 'timeline':
        return this.page.openingHeight(this.tableOf(next));
      default: {
        const never: never = next;
        return never;
      }
    }
  }

  private say(cell: Cell): Piece {
    const marks =
      cell.kind === 'stated'
        ? cell.cites.map((cite) => this.numbers.get(cite)).filter((each) => each !== undefined)
        : [];
    return { text: printed(cell, this.document.language), marks, faint: cell.kind === 'unstated' };
  }

  private paragraph(
    statements: readonly Statement[],
    options: { indent?: number; lead?: string } = {},
  ): void {
    this.page.runs(
      statements.map((statement) => this.say(statement)),
      { size: 11.5, indent: options.indent ?? 0, lead: options.lead ?? '' },
    );
  }

  private tableOf(block: Extract<Block, { block: 'table' | 'keyValue' | 'timeline' }>): TableParts {
    return tableOf(block, this.document.language, (cell) => this.say(cell));
  }

  private block(block: Block, index: number): void {
    const { page } = this;
    switch (block.block) {
      case 'heading':
        this.heading(this.headingNumbers.next(block.level) + block.text, block.level, this.following(index));
        break;
      case 'paragraph':
        this.paragraph(block.statements);
        page.gap(6);
        break;
      case 'note':
        page.line(block.text, { size: 9, ink: 'muted' });
        page.gap(6);
        break;
      case 'list':
        block.items.forEach((item, at) => {
          this.paragraph([item], { indent: 22, lead: block.ordered ? `${at + 1}.` : '•' });
          page.gap(3);
        });
        page.gap(4);
        break;
      case 'table':
      case 'keyValue':
      case 'timeline':
        page.table(this.tableOf(block));
        break;
      case 'figure':
        this.figure(block.caption, block.drawing);
        break;
      case 'signatures':
        this.signatures(block.parties);
        break;
      default: {
        const never: never = block;
        throw new Error(`unknown block ${JSON.stringify(never)}`);
      }
    }
  }

  private scaleOf(drawing: Drawing): number {
    return Math.min(1.2, this.page.width / drawing.width);
  }

  private figure(caption: string, drawing: Drawing): void {
    const { page, pdf } = this;
    const scale = this.scaleOf(drawing);
    page.need(drawing.height * scale + 30);
    pdf
      .save()
      .translate(page.left + (page.width - drawing.width * scale) / 2, page.y)
      .scale(scale);
    drawShapes(pdf, drawing);
    pdf.restore();
    page.gap(drawing.height * scale + 4);
    page.line(caption, { size: 9, align: 'center', ink: 'muted' });
    page.gap(8);
  }

  private signatures(parties: Extract<Block, { block: 'signatures' }>['parties']): void {
    const { page, pdf } = this;
    const word = wordsOf(this.document.language);
    const width = (page.width - 14) / 2;
    const height = signatureHeight;
    parties.forEach((party, index) => {
      const right = index % 2 === 1;
      if (!right) page.need(height + 10);
      const x = page.left + (right ? width + 14 : 0);
      const top = page.y;
      pdf.lineWidth(0.6).rect(x, top, width, height).stroke(inkColour.line);
      page.at(party.role, x + 10, top + 8, { font: 'bold', size: 10.5, width: width - 20 });
      if (party.organisation !== null)
        page.at(`${party.organisation}${word.seal}`, x + 10, top + 25, { size: 9.5, width: width - 20 });
      page.at(`${word.signature}${word.colon}${party.name ?? ''}`, x + 10, top + 50, {
        size: 10,
        width: width - 20,
      });
      page.at(`${word.date}${word.colon}`, x + 10, top + 78, { size: 10, width: width - 20 });
      pdf
        .moveTo(x + 46, top + 64)
        .lineTo(x + width - 12, top + 64)
        .stroke(inkColour.line);
      pdf
        .moveTo(x + 46, top + 92)
        .lineTo(x + width - 12, top + 92)
        .stroke(inkColour.line);
      if (right || index === parties.length - 1) page.gap(height + 12);
    });
  }

  private appendix(): void {
    if (this.sources.length === 0) return;
    const word = wordsOf(this.document.language);
    this.page.next();
    this.heading(word.sources, 1, 60);
    const plain = (text: string) => [{ text, marks: [], faint: false }];
    this.page.table({
      columns: [
        { title: word.number, share: 0.08 },
        { title: word.time, share: 0.24 },
        { title: word.author, share: 0.18 },
        { title: word.text, share: 0.5 },
      ],
      rows: this.sources.map((source, index) => [
        plain(String(index + 1)),
        plain(source.time ?? word.none),
        plain(source.author ?? word.none),
        plain(source.text),
      ]),
      anchors: this.sources.map((_, index) => `source-${index + 1}`),
    });
  }

  /** Header and footer, when the number of pages is known. */
  private furniture(): void {
    const { pdf, page, document } = this;
    const { meta } = document;
    const word = wordsOf(document.language);
    const { start, count } = pdf.bufferedPageRange();
    for (let index = start; index < start + count; index += 1) {
      pdf.switchToPage(index);
      const top = margins.top - 30;
      const right = [meta.code, meta.draft ? word.draft : null].filter((each) => each !== null).join('　');
      page.free(() => {
        page.at(fitted(pdf.font('text').fontSize(8.5), document.title, page.width * 0.6), page.left, top, {
          size: 8.5,
          ink: 'muted',
          width: page.width,
        });
        page.at(right, page.left, top, { size: 8.5, ink: 'muted', width: page.width, align: 'right' });
        pdf
          .lineWidth(0.5)
          .moveTo(page.left, top + 15)
          .lineTo(page.left + page.width, top + 15)
          .stroke(inkColour.line);
        const label = word.page(String(index + 1), String(count));
        page.at(label, page.left, pdf.page.height - margins.bottom + 22, {
          size: 8.5,
          ink: 'muted',
          width: page.width,
          align: 'center',
        });
      });
    }
  }
}
