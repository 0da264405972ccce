import { type Block, type Cell, type Language, timeShare, wordsOf } from '../document.ts';
import type { Piece, TableParts } from './pdf-page.ts';

/** A block that is printed as a table, as its columns and the pieces of its rows. */
export function tableOf(
  block: Extract<Block, { block: 'table' | 'keyValue' | 'timeline' }>,
  language: Language,
  say: (cell: Cell) => Piece,
): TableParts {
  const word = wordsOf(language);
  switch (block.block) {
    case 'table':
      return { columns: block.columns, rows: block.rows.map((row) => row.map((cell) => [say(cell)])) };
    case 'keyValue':
      return {
        columns: [
          { title: '', share: 0.2 },
          { title: '', share: 0.8 },
        ],
        rows: block.rows.map((row) => [
          [{ text: row.label, marks: [], faint: false }],
          row.values.map((value) => say(value)),
        ]),
        head: false,
        firstIsHead: true,
      };
    case 'timeline': {
      const share = timeShare(block.entries);
      return {
        columns: [
          { title: word.time, share },
          { title: word.statement, share: 1 - share },
        ],
        rows: block.entries.map((entry) => {
          const mark = entry.mark === null ? [] : [{ text: entry.mark, marks: [], faint: true }];
          const time = { text: entry.time ?? word.none, marks: [], faint: false };
          return [[time], [say(entry.statement), ...mark]];
        }),
        tones: block.entries.map((entry) => entry.tone),
      };
    }
    default: {
      const never: never = block;
      return never;
    }
  }
}
