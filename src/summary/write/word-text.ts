import { CarriageReturn, InternalHyperlink, type ParagraphChild, TextRun } from 'docx';
import { type Cell, type CiteId, type Document, printed } from '../document.ts';
import type { HeadingNumbers } from '../numbering.ts';

/** What the blocks of a document share while it is written. */
export interface Place {
  document: Document;
  numbers: ReadonlyMap<CiteId, number>;
  headings: HeadingNumbers;
  /** A list that starts anew each time needs a numbering instance of its own. */
  lists: number;
}

interface RunLook {
  superScript?: boolean;
  color?: string;
  italics?: boolean;
}

export const run = (text: string, look: RunLook = {}): TextRun => {
  const [first = '', ...rest] = text.split('\n');
  return new TextRun({ ...look, children: [first, ...rest.flatMap((line) => [new CarriageReturn(), line])] });
};

/** What a cell says, with the marks that lead to its sources. */
export function say(cell: Cell, place: Place): ParagraphChild[] {
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
