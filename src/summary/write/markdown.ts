import {
  type Block,
  type Cell,
  type CiteId,
  citedSources,
  type Document,
  printed,
  wordsOf,
} from '../document.ts';
import { HeadingNumbers } from '../numbering.ts';

type Numbers = ReadonlyMap<CiteId, number>;

/**
 * User text as inert Markdown: no markup, no HTML, no link, no list, no formula at the start of a cell. A zero-width
 * space after "@" and "://" keeps a chat that prints the file from calling anybody or loading anything.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|!~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
    .replace(/^(\s*)([=+-])/gm, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])/gm, '$1\\$2');
}

const inCell = (text: string): string => escapeMarkdown(text).replace(/\s*\n\s*/g, '<br>');
const inLine = (text: string): string => escapeMarkdown(text).replace(/\s*\n\s*/g, ' ');
const present = (...parts: readonly (string | null)[]): string[] => parts.filter((part) => part !== null);

/** The document as CommonMark with tables and footnotes. */
export function writeMarkdown(document: Document): string {
  const { numbers, sources } = citedSources(document);
  const headings = new HeadingNumbers(document.language);
  const word = wordsOf(document.language);
  const { code, organisation, date, draft, chainHead } = document.meta;
  const head = present(code, organisation, date, draft ? word.draft : null)
    .map(inLine)
    .join(' · ');
  const out = [`# ${inLine(document.title)}`, head];
  for (const block of document.blocks) out.push(blockText(block, document, numbers, headings));
  if (sources.length > 0) {
    out.push(`## ${word.sources}`);
    const lines = sources.map((source, index) => {
      const from = present(source.time, source.author).map(inLine).join(' · ');
      return `[^${index + 1}]: ${from}${word.colon}${inLine(source.text)}`;
    });
    out.push(lines.join('\n'));
  }
  if (chainHead !== null) out.push(`${word.head}${word.colon}\`${chainHead.replace(/[^\w:.-]/g, '')}\``);
  return `${out.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: Block, document: Document, numbers: Numbers, headings: HeadingNumbers): string {
  const { language } = document;
  const word = wordsOf(language);
  const say = (cell: Cell, escaped: (text: string) => string): string => {
    const marks = cell.kind === 'stated' ? cell.cites.map((cite) => `[^${numbers.get(cite) ?? '?'}]`) : [];
    return escaped(printed(cell, language)) + marks.join('');
  };
  switch (block.block) {
    case 'heading':
      return `${'#'.repeat(block.level + 1)} ${headings.next(block.level)}${inLine(block.text)}`;
    case 'paragraph':
      return block.statements.map((each) => say(each, inLine)).join(language === 'zh' ? '' : ' ');
    case 'note':
      return `*${inLine(block.text)}*`;
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${say(item, inLine)}`)
        .join('\n');
    case 'table':
      return tableText(
        block.columns.map((column) => column.title),
        block.rows.map((row) => row.map((cell) => say(cell, inCell))),
      );
    case 'keyValue':
      return tableText(
        [word.item, word.content],
        block.rows.map((row) => [
          inCell(row.label),
          row.values.map((value) => say(value, inCell)).join('<br>'),
        ]),
      );
    case 'timeline':
      return tableText(
        [word.time, word.statement],
        block.entries.map((entry) => [
          inCell(entry.time ?? word.none),
          say(entry.statement, inCell) + (entry.mark === null ? '' : ` *${inCell(entry.mark)}*`),
        ]),
      );
    case 'figure':
      return `> ${inLine(block.caption)}${word.colon}${inLine(block.drawing.alt)}`;
    case 'signatures':
      return tableText(
        block.parties.map((party) => present(party.role, party.organisation).join(' · ')),
        [
          block.parties.map(
            (party) =>
              `${word.signature}${word.colon}${inCell(party.name ?? '')}<br>${word.date}${word.colon}`,
          ),
        ],
      );
    default: {
      const never: never = block;
      return never;
    }
  }
}

function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(inCell)), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
