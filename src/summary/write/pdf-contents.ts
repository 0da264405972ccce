import type { Page } from './pdf-page.ts';
import { inkColour } from './svg.ts';

export interface Heading {
  title: string;
  level: 1 | 2 | 3;
  /** Counted from 0. */
  page: number;
  anchor: string;
}

/** The contents come first but are known last: their lines are left free and filled when all pages are laid out. */
export class Contents {
  private readonly page: Page;
  private readonly places: readonly { y: number; page: number }[];

  constructor(page: Page, title: string, count: number) {
    this.page = page;
    page.line(title, { font: 'bold', size: 14, align: 'center' });
    page.gap(6);
    this.places = Array.from({ length: count }, () => {
      page.need(20);
      const place = { y: page.y, page: page.number };
      page.gap(20);
      return place;
    });
    page.gap(14);
  }

  fill(pdf: PDFKit.PDFDocument, headings: readonly Heading[]): void {
    const { page } = this;
    headings.forEach((heading, index) => {
      const place = this.places[index];
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
}

/** A line that fits, cut with an ellipsis. */
export function fitted(pdf: PDFKit.PDFDocument, text: string, width: number): string {
  if (pdf.widthOfString(text) <= width) return text;
  let end = text.length;
  while (end > 1 && pdf.widthOfString(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
