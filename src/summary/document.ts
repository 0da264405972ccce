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

/** The part of the page's width that the times of a timeline need: little for clock times, more with their days. */
export function timeShare(entries: readonly Pick<TimelineRow, 'time'>[]): number {
  const longest = entries.reduce((most, { time }) => Math.max(most, time?.length ?? 0), 0);
  return Math.min(0.26, Math.max(0.1, 0.04 + longest * 0.0115));
}

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
