import {
  type Block,
  type Cell,
  type Document,
  type Drawing,
  type Stated,
  type Statement,
  unstated,
} from './document.ts';

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
