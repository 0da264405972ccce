import type { Language } from '../incident/plan.ts';

/**
 * One model of a formal document; Markdown, HTML, Word and PDF print the same of it. Whatever it says is either a
 * statement that cites its sources or marked as not stated: there is no third way to put words into it.
 */

export type { Language };
export type CiteId = string;

/** What somebody stated, and where. `cites` is never empty in a document that `compose` let through. */
export interface Stated {
  kind: 'stated';
  text: string;
  cites: readonly CiteId[];
}

/** Nobody stated it: prints 未说明 / "not stated". */
export interface Unstated {
  kind: 'unstated';
}

/** A name of the form, such as a row's first cell: no statement about the incident. */
export interface Label {
  kind: 'label';
  text: string;
}

export type Statement = Stated | Unstated;
export type Cell = Statement | Label;

export type Block =
  | { block: 'heading'; level: 1 | 2 | 3; text: string }
  | { block: 'paragraph'; statements: readonly Statement[] }
  | { block: 'note'; text: string }
  | { block: 'list'; ordered: boolean; items: readonly Statement[] }
  | {
      block: 'table';
      /** `share` is the column's part of the page width; the shares of a table add up to 1. */
      columns: readonly { title: string; share: number }[];
      rows: readonly (readonly Cell[])[];
    }
  | { block: 'keyValue'; rows: readonly { label: string; values: readonly Statement[] }[] }
  | { block: 'timeline'; entries: readonly TimelineRow[] }
  | { block: 'figure'; caption: string; drawing: Drawing }
  | { block: 'signatures'; parties: readonly Party[] };

export interface Party {
  role: string;
  organisation: string | null;
  name: string | null;
}

export interface TimelineRow {
  /** Printed as it stands; null prints a dash. */
  time: string | null;
  statement: Stated;
  /** Set off for the eye: good news, trouble, or neither. */
  tone: 'plain' | 'good' | 'warn' | 'bad';
  /** Such as 补录: typed in later, with its reason. */
  mark: string | null;
}

/** A figure as plain shapes in points, so that every writer draws it as vectors in its own way. */
export interface Drawing {
  width: number;
  height: number;
  /** Read aloud, and printed where no figure can be. */
  alt: string;
  shapes: readonly Shape[];
}

export type Shape =
  | { shape: 'rect'; x: number; y: number; width: number; height: number; fill: Ink }
  | { shape: 'line'; x1: number; y1: number; x2: number; y2: number; ink: Ink; dashed: boolean }
  | { shape: 'dot'; x: number; y: number; radius: number; fill: Ink }
  | {
      shape: 'text';
      x: number;
      y: number;
      size: number;
      text: string;
      anchor: 'start' | 'middle' | 'end';
      ink: Ink;
    };

export type Ink = 'text' | 'muted' | 'line' | 'track' | 'good' | 'warn' | 'bad' | 'accent';

/** Where a statement comes from, as the appendix prints it. */
export interface Source {
  id: CiteId;
  time: string | null;
  author: string | null;
  text: string;
}

export interface Meta {
  /** Number of the incident or document, for the header. */
  code: string | null;
  organisation: string | null;
  date: string | null;
  /** A draft says so on every page. */
  draft: boolean;
  /** Head of the audit chain, printed so that the record can be checked against it. */
  chainHead: string | null;
}

export interface Document {
  language: Language;
  title: string;
  meta: Meta;
  blocks: readonly Block[];
  sources: readonly Source[];
}

export const stated = (text: string, ...cites: readonly CiteId[]): Stated => ({
  kind: 'stated',
  text,
  cites,
});
export const unstated: Unstated = { kind: 'unstated' };
export const label = (text: string): Label => ({ kind: 'label', text });

/** Controls other than line break and tab, and format characters such as text-direction marks. */
const controls = /(?![\n\t])\p{Cc}|\p{Cf}|[\ufffe\uffff]/gu;
const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What no document may carry: control characters, text-direction tricks, halves of characters. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(controls, '').replace(halves, '\ufffd');
}

/**
 * Binds statements to sources. A statement that cites nothing, or cites what is not (or no longer) among the sources,
 * becomes 未说明: whoever withdraws a message withdraws what was built on it.
 */
export function compose(draft: Document): Document {
  const known = new Set(draft.sources.map((source) => source.id));
  const holds = (statement: Stated): boolean =>
    statement.text.trim() !== '' &&
    statement.cites.length > 0 &&
    statement.cites.every((cite) => known.has(cite));
  const bind = (statement: Statement): Statement =>
    statement.kind === 'stated' && holds(statement)
      ? { ...statement, text: cleanText(statement.text) }
      : unstated;
  const { meta } = draft;
  return {
    ...draft,
    title: cleanText(draft.title),
    meta: {
      ...meta,
      code: cleanOr(meta.code),
      organisation: cleanOr(meta.organisation),
      date: cleanOr(meta.date),
      chainHead: cleanOr(meta.chainHead),
    },
    sources: draft.sources.map((source) => ({
      ...source,
      time: cleanOr(source.time),
      author: cleanOr(source.author),
      text: cleanText(source.text),
    })),
    blocks: draft.blocks.map((block): Block => bindBlock(block, bind, holds)),
  };
}

const cleanOr = (text: string | null): string | null => (text === null ? null : cleanText(text));

function bindBlock(
  block: Block,
  bind: (statement: Statement) => Statement,
  holds: (statement: Stated) => boolean,
): Block {
  switch (block.block) {
    case 'paragraph':
      return { ...block, statements: block.statements.map(bind) };
    case 'list':
      return { ...block, items: block.items.map(bind) };
    case 'table': {
      const cell = (each: Cell): Cell =>
        each.kind === 'label' ? { ...each, text: cleanText(each.text) } : bind(each);
      return {
        ...block,
        columns: block.columns.map((column) => ({ ...column, title: cleanText(column.title) })),
        rows: block.rows.map((row) => row.map(cell)),
      };
    }
    case 'keyValue':
      return {
        ...block,
        rows: block.rows.map((row) => ({
          label: cleanText(row.label),
          values: row.values.length === 0 ? [unstated] : row.values.map(bind),
        })),
      };
    case 'timeline':
      return {
        ...block,
        entries: block.entries
          .filter((entry) => holds(entry.statement))
          .map((entry) => ({
            ...entry,
            time: cleanOr(entry.time),
            statement: { ...entry.statement, text: cleanText(entry.statement.text) },
            mark: cleanOr(entry.mark),
          })),
      };
    case 'heading':
    case 'note':
      return { ...block, text: cleanText(block.text) };
    case 'figure':
      return { ...block, caption: cleanText(block.caption), drawing: cleanDrawing(block.drawing) };
    case 'signatures':
      return {
        ...block,
        parties: block.parties.map(({ role, organisation, name }) => ({
          role: cleanText(role),
          organisation: cleanOr(organisation),
          name: cleanOr(name),
        })),
      };
    default: {
      const never: never = block;
      return never;
    }
  }
}

const cleanDrawing = (drawing: Drawing): Drawing => ({
  ...drawing,
  alt: cleanText(drawing.alt),
  shapes: drawing.shapes.map((shape) =>
    shape.shape === 'text' ? { ...shape, text: cleanText(shape.text) } : shape,
  ),
});

/** Every statement of the document, in reading order. */
export function statementsOf(document: Document): Statement[] {
  return document.blocks.flatMap((block): Statement[] => {
    switch (block.block) {
      case 'paragraph':
        return [...block.statements];
      case 'list':
        return [...block.items];
      case 'table':
        return block.rows.flat().filter((each): each is Statement => each.kind !== 'label');
      case 'keyValue':
        return block.rows.flatMap((row) => row.values);
      case 'timeline':
        return block.entries.map((entry) => entry.statement);
      case 'heading':
      case 'note':
      case 'figure':
      case 'signatures':
        return [];
      default: {
        const never: never = block;
        return never;
      }
    }
  });
}

/** Sources in the order in which the document first cites them, numbered from 1; the uncited are not printed. */
export function citedSources(document: Document): {
  numbers: ReadonlyMap<CiteId, number>;
  sources: readonly Source[];
} {
  const byId = new Map(document.sources.map((source) => [source.id, source]));
  const numbers = new Map<CiteId, number>();
  const sources: Source[] = [];
  for (const statement of statementsOf(document)) {
    for (const cite of statement.kind === 'stated' ? statement.cites : []) {
      const source = byId.get(cite);
      if (numbers.has(cite) || source === undefined) continue;
      sources.push(source);
      numbers.set(cite, sources.length);
    }
  }
  return { numbers, sources };
}

const formWords = {
  zh: {
    unstated: '未说明',
    contents: '目　录',
    sources: '附录：引文出处',
    number: '序号',
    item: '项目',
    content: '内容',
    time: '时间',
    author: '来源',
    text: '原文',
    draft: '草稿',
    signature: '签字',
    date: '日期',
    seal: '（盖章）',
    statement: '事项',
    head: '审计链头',
    none: '—',
    colon: '：',
    page: (page: string, pages: string) => `第 ${page} 页　共 ${pages} 页`,
  },
  en: {
    unstated: 'not stated',
    contents: 'Contents',
    sources: 'Appendix: sources',
    number: 'No.',
    item: 'Item',
    content: 'Content',
    time: 'Time',
    author: 'Source',
    text: 'Text',
    draft: 'DRAFT',
    signature: 'Signature',
    date: 'Date',
    seal: ' (seal)',
    statement: 'Event',
    head: 'Audit chain head',
    none: '—',
    colon: ': ',
    page: (page: string, pages: string) => `Page ${page} of ${pages}`,
  },
} as const;

/** The words of the form itself, the same in every format. */
export const wordsOf = (language: Language): (typeof formWords)[Language] => formWords[language];

export const printed = (cell: Cell, language: Language): string =>
  cell.kind === 'unstated' ? formWords[language].unstated : cell.text;
