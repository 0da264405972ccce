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
import { Page } from './pdf-page.ts';
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

interface Heading {
  title: string;
  level: 1 | 2 | 3;
  page: number;
  anchor: string;
}

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
    const contents = expected > 3 ? this.reserveContents(expected) : null;
    for (const block of document.blocks) this.block(block);
    this.appendix();
    if (meta.chainHead !== null) {
      page.gap(10);
      page.line(`${word.head}${word.colon}${meta.chainHead}`, { size: 8.5, ink: 'muted' });
    }
    if (contents !== null) this.fillContents(contents);
    this.furniture();
  }

  /** The contents come first but are known last: their lines are left free and filled when all pages are laid out. */
  private reserveContents(count: number): { y: number; page: number }[] {
    const { page } = this;
    page.line(wordsOf(this.document.language).contents, { font: 'bold', size: 14, align: 'center' });
    page.gap(6);
    const places = Array.from({ length: count }, () => {
      page.need(20);
      const place = { y: page.y, page: page.number };
      page.gap(20);
      return place;
    });
    page.gap(14);
    return places;
  }

  private fillContents(places: readonly { y: number; page: number }[]): void {
    const { pdf, page } = this;
    this.headings.forEach((heading, index) => {
      const place = places[index];
      if (place === undefined) return;
      pdf.switchToPage(place.page);
      const indent = (heading.level - 1) * 18;
      const right = page.left + page.width;
      const number = String(heading.page + 1);
      pdf.font('text').fontSize(11).fillColor(inkColour.text);
      const title = fitted(pdf, heading.title, page.width - indent - 60);
      const from = page.left + indent + pdf.widthOfString(title) + 4;
      const to = right - pdf.widthOfString(number) - 4;
      pdf.text(title, page.left + indent, place.y, { lineBreak: false, goTo: heading.anchor });
      pdf.text(number, right - pdf.widthOfString(number), place.y, {
        lineBreak: false,
        goTo: heading.anchor,
      });
      pdf
        .save()
        .moveTo(from, place.y + 11)
        .lineTo(to, place.y + 11)
        .dash(1, { space: 2.5 })
        .lineWidth(0.5)
        .stroke(inkColour.line)
        .restore();
    });
  }

  private heading(title: string, level: 1 | 2 | 3): void {
    const { page, pdf } = this;
    const look = { 1: { size: 15, before: 16 }, 2: { size: 13, before: 12 }, 3: { size: 11.5, before: 8 } }[
      level
    ];
    page.gap(look.before);
    // A heading is never left alone at the foot of a page; a chapter brings its first section along.
    page.need(look.size * 1.6 + (level === 1 ? 120 : 84));
    const anchor = `heading-${this.headings.length + 1}`;
    pdf.addNamedDestination(anchor, 'XYZ', page.left, page.y, null);
    if (level === 1) pdf.outline.addItem(title);
    this.headings.push({ title, level, page: page.number, anchor });
    page.line(title, { font: 'bold', size: look.size });
    page.gap(5);
  }

  private say(cell: Cell): { text: string; marks: readonly number[]; faint: boolean } {
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

  private block(block: Block): void {
    const { page, document } = this;
    const word = wordsOf(document.language);
    switch (block.block) {
      case 'heading':
        this.heading(this.headingNumbers.next(block.level) + block.text, block.level);
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
        block.items.forEach((item, index) => {
          this.paragraph([item], { indent: 22, lead: block.ordered ? `${index + 1}.` : '•' });
          page.gap(3);
        });
        page.gap(4);
        break;
      case 'table':
        page.table(
          block.columns,
          block.rows.map((row) => row.map((cell) => [this.say(cell)])),
        );
        break;
      case 'keyValue':
        page.table(
          [
            { title: '', share: 0.2 },
            { title: '', share: 0.8 },
          ],
          block.rows.map((row) => [
            [{ text: row.label, marks: [], faint: false }],
            row.values.map((value) => this.say(value)),
          ]),
          { head: false, firstIsHead: true },
        );
        break;
      case 'timeline':
        page.table(
          [
            { title: word.time, share: 0.24 },
            { title: word.statement, share: 0.76 },
          ],
          block.entries.map((entry) => {
            const mark = entry.mark === null ? [] : [{ text: entry.mark, marks: [], faint: true }];
            const time = { text: entry.time ?? word.none, marks: [], faint: false };
            return [[time], [this.say(entry.statement), ...mark]];
          }),
          { tones: block.entries.map((entry) => entry.tone) },
        );
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

  private figure(caption: string, drawing: Drawing): void {
    const { page, pdf } = this;
    const scale = Math.min(1.2, page.width / drawing.width);
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
    const height = 104;
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
    this.heading(word.sources, 1);
    const plain = (text: string) => [{ text, marks: [], faint: false }];
    this.page.table(
      [
        { title: word.number, share: 0.08 },
        { title: word.time, share: 0.24 },
        { title: word.author, share: 0.18 },
        { title: word.text, share: 0.5 },
      ],
      this.sources.map((source, index) => [
        plain(String(index + 1)),
        plain(source.time ?? word.none),
        plain(source.author ?? word.none),
        plain(source.text),
      ]),
      { anchors: this.sources.map((_, index) => `source-${index + 1}`) },
    );
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

/** A line that fits, cut with an ellipsis. */
function fitted(pdf: PDFKit.PDFDocument, text: string, width: number): string {
  if (pdf.widthOfString(text) <= width) return text;
  let end = text.length;
  while (end > 1 && pdf.widthOfString(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}

function drawShapes(pdf: PDFKit.PDFDocument, drawing: Drawing): void {
  for (const shape of drawing.shapes) {
    switch (shape.shape) {
      case 'rect':
        pdf
          .roundedRect(shape.x, shape.y, shape.width, shape.height, Math.min(2, shape.width / 2))
          .fill(inkColour[shape.fill]);
        break;
      case 'line':
        pdf.save().lineWidth(0.8).moveTo(shape.x1, shape.y1).lineTo(shape.x2, shape.y2);
        if (shape.dashed) pdf.dash(3, { space: 2 });
        pdf.stroke(inkColour[shape.ink]).restore();
        break;
      case 'dot':
        pdf.circle(shape.x, shape.y, shape.radius).fill(inkColour[shape.fill]);
        break;
      case 'text': {
        pdf.font('text').fontSize(shape.size).fillColor(inkColour[shape.ink]);
        const length = pdf.widthOfString(shape.text);
        const x =
          shape.anchor === 'start'
            ? shape.x
            : shape.anchor === 'end'
              ? shape.x - length
              : shape.x - length / 2;
        pdf.text(shape.text, x, shape.y, { lineBreak: false, baseline: 'alphabetic' });
        break;
      }
      default: {
        const never: never = shape;
        throw new Error(`unknown shape ${JSON.stringify(never)}`);
      }
    }
  }
}
