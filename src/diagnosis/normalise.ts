/**
 * The one place where pasted text is brought to the shape the knowledge is written in
 * (FAULTS "Normalise before matching"). It never merges physical lines, so line numbers stay true.
 */

/** Longest stretch of one line that is looked at; a megabyte line is looked at only around its hit. */
export const LINE_LIMIT = 4096;

const PLAIN = /^[\t\x20-\x5b\x5d-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
const ANSI = /(?:\x1b|#033|\\u001b|\\x1b|\\e|\\033)\[[0-9;?]{0,16}[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal or a broken file leaves behind
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2060\ufeff\ufffd]/g;
const ENTITY = /&(lt|gt|quot|amp|nbsp|#39|#34);/g;
const ENTITIES: Record<string, string> = {
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  nbsp: ' ',
  '#39': "'",
  '#34': '"',
};
const CURLY_DOUBLE = /[\u201c\u201d\u201e\u201f\u300c\u300d]/g;
const CURLY_SINGLE = /[\u2018\u2019\u201a\u201b]/g;
/** A lone backtick is the opening quote of old GNU messages; a pair is a text's inline code, which a guard must see. */
const LONE_BACKTICK = /^([^`]*)`([^`]*)$/;
const DASHES = /[\u2010-\u2015\u2212]/g;
const FENCE = /^\s{0,8}(?:```|~~~)/;
const QUOTE = /^(?:\s{0,4}>\s?){1,8}(?=\S)/;
const CONTAINER = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /;
const COMPOSE = /^[\w.-]{1,64}\s{1,24}\| {1,2}/;
const POD = /^\[pod\/[\w./-]{1,160}\] /;
/** A log copied through a Markdown editor has `\<BEA-000337\>`. */
const MARKDOWN_ESCAPE = /\\([<>#_*[\]])/g;
/** A line break that a JSON log or a copied string left as two characters; a Windows path has none of these tails. */
const ESCAPED_BREAK =
  /\\{1,2}r?\\?n(?=\\{1,2}t|\s|at |Caused by|\.\.\. |[A-Z[<\d#"'\u4e00-\u9fff]|$|java\.|org\.|com\.)/;
const ESCAPED_BREAKS = new RegExp(ESCAPED_BREAK.source, 'g');

/** One physical line as one or more logical lines (more when line breaks were pasted as `\n`). */
export function normaliseLine(raw: string): string[] {
  if (raw.length <= LINE_LIMIT && PLAIN.test(raw) && !raw.includes('&') && !raw.includes('`'))
    return [unprefix(raw)];
  let text = raw.length > LINE_LIMIT * 16 ? raw.slice(0, LINE_LIMIT * 16) : raw;
  text = text.replace(ANSI, '').replace(CONTROL, '');
  if (text.includes('&')) text = text.replace(ENTITY, (_, name: string) => ENTITIES[name] ?? ' ');
  if (FENCE.test(text)) return [''];
  text = text.normalize('NFKC').replace(CURLY_DOUBLE, '"').replace(CURLY_SINGLE, "'").replace(DASHES, '-');
  if (text.includes('`')) text = text.replace(LONE_BACKTICK, "$1'$2");
  if (text.includes('\\')) text = text.replace(MARKDOWN_ESCAPE, '$1');
  if (!ESCAPED_BREAK.test(text)) return [unprefix(text)];
  return text
    .split(ESCAPED_BREAKS)
    .map((part) => unprefix(part.replace(/\\{1,2}t/g, '\t').replaceAll('\\"', '"')));
}

function unprefix(text: string): string {
  const first = text.charCodeAt(0);
  // Digits, blanks, `>`, `[` and names can begin a prefix; everything else cannot, and most lines end here.
  let rest = text;
  if (first === 62 || first === 32) rest = rest.replace(QUOTE, '');
  if (first >= 48 && first <= 57) rest = rest.replace(CONTAINER, '');
  if (rest.startsWith('[pod/')) rest = rest.replace(POD, '');
  if (rest.includes('|')) rest = rest.replace(COMPOSE, '');
  return rest;
}
