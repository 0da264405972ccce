import { strFromU8, unzipSync } from 'fflate';

/** What is wrong with a Word file as a package: what a word processor would call damaged, or what would come alive. */

export type Parts = Readonly<Record<string, string>>;

export const partsOf = (file: Uint8Array): Parts =>
  Object.fromEntries(Object.entries(unzipSync(file)).map(([name, data]) => [name, strFromU8(data)]));

/** What is wrong with the nesting of an XML text: tags left open or closed out of order, stray brackets, controls. */
export function openTags(xml: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  let last = 0;
  for (const match of xml.matchAll(/<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|<\?[^>]*\?>/g)) {
    if (/[<>]/.test(xml.slice(last, match.index).replace(/]]&gt;/g, '')))
      faults.push(xml.slice(last, match.index).slice(0, 80));
    last = match.index + match[0].length;
    const [, closing, name, , selfClosing] = match;
    if (name === undefined || selfClosing === '/') continue;
    if (closing !== '/') open.push(name);
    else if (open.pop() !== name) faults.push(`</${name}>`);
  }
  if (/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(xml)) faults.push('control character');
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(xml)) faults.push('bare ampersand');
  return [...faults, ...open];
}

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const twice = (list: readonly string[]): string[] =>
  list.filter((each, index) => list.indexOf(each) !== index);
const missing = (wanted: readonly string[], given: readonly string[]): string[] => {
  const known = new Set(given);
  return wanted.filter((each) => !known.has(each));
};

/** Every fault, each in words; none for a sound file. */
export function faultsOf(file: Uint8Array): string[] {
  const parts = partsOf(file);
  return [
    ...Object.entries(parts).flatMap(([name, text]) =>
      /\.(?:xml|rels|svg)$/.test(name) ? openTags(text).map((fault) => `${name}: ${fault}`) : [],
    ),
    ...packageFaults(parts),
    ...documentFaults(parts),
    ...fieldFaults(parts),
  ];
}

/** Each part has a content type, each relation leads to a part, each part refers to relations of its own. */
function packageFaults(parts: Parts): string[] {
  const types = parts['[Content_Types].xml'] ?? '';
  const overridden = all(types, /PartName="\/([^"]+)"/g);
  const extensions = all(types, /Extension="([^"]+)"/g);
  const untyped = Object.keys(parts).filter(
    (name) =>
      !name.endsWith('/') &&
      name !== '[Content_Types].xml' &&
      !overridden.includes(name) &&
      // "application/xml", which stands for the rest, is the type of no part of a Word file.
      (name.endsWith('.xml') || !extensions.includes(name.slice(name.lastIndexOf('.') + 1))),
  );
  const relations = Object.entries(parts).flatMap(([name, text]) => {
    if (!name.endsWith('.rels')) return [];
    const folder = name.replace(/_rels\/[^/]+$/, '');
    const owner = name.replace(/_rels\/([^/]+)\.rels$/, '$1');
    const ids = all(text, /\bId="([^"]+)"/g);
    const targets = all(text, /\bTarget="([^"]+)"/g).map((target) =>
      target.startsWith('/') ? target.slice(1) : folder + target,
    );
    return [
      ...twice(ids).map((id) => `${name}: ${id} twice`),
      ...missing(targets, Object.keys(parts)).map((target) => `${name}: no part ${target}`),
      ...missing(all(parts[owner] ?? '', /\sr:(?:id|embed|link|pict)="([^"]+)"/g), ids).map(
        (id) => `${owner}: no relation ${id}`,
      ),
      ...(text.includes('TargetMode="External"') ? [`${name}: leads outside`] : []),
    ];
  });
  return [
    ...untyped.map((name) => `no content type: ${name}`),
    ...missing(overridden, Object.keys(parts)).map((name) => `a type for no part: ${name}`),
    ...relations,
  ];
}

/** Ids are unique, and whatever is named (styles, lists, bookmarks) is there. */
function documentFaults(parts: Parts): string[] {
  const main = parts['word/document.xml'] ?? '';
  const styles = all(parts['word/styles.xml'] ?? '', /w:styleId="([^"]+)"/g);
  const numbering = parts['word/numbering.xml'] ?? '';
  const bookmarks = all(main, /<w:bookmarkStart\b[^>]*?\bw:name="([^"]+)"/g);
  const targets = [
    ...all(main, /<w:hyperlink\b[^>]*?\bw:anchor="([^"]+)"/g),
    ...all(main, /<w:instrText[^>]*>PAGEREF (\S+)/g),
  ];
  const used = ['word/document.xml', 'word/header1.xml', 'word/footer1.xml'].flatMap((name) =>
    all(parts[name] ?? '', /<w:(?:p|r|tbl)Style w:val="([^"]+)"/g),
  );
  const lists = all(main, /<w:numId w:val="(\d+)"/g);
  return [
    ...twice(all(main, /<wp:docPr\b[^>]*?\bid="(\d+)"/g)).map((id) => `drawing ${id} twice`),
    ...twice(all(main, /<w:bookmarkStart\b[^>]*?\bw:id="(\d+)"/g)).map((id) => `bookmark ${id} twice`),
    ...twice(bookmarks).map((name) => `bookmark ${name} twice`),
    ...missing(targets, bookmarks).map((name) => `no bookmark ${name}`),
    ...missing(used, styles).map((name) => `no style ${name}`),
    ...missing(lists, all(numbering, /<w:num\b[^>]*?w:numId="(\d+)"/g)).map((id) => `no list ${id}`),
    ...tableFaults(main),
  ];
}

/** Each cell ends in a paragraph and is as wide as its column. */
function tableFaults(main: string): string[] {
  return all(main, /<w:tbl>(.*?)<\/w:tbl>/gs).flatMap((table, at) => {
    const columns = all(table, /<w:gridCol w:w="(\d+)"/g);
    return all(table, /<w:tr\b[^>]*>(.*?)<\/w:tr>/gs).flatMap((row) => {
      const cells = all(row, /<w:tc>(.*?)<\/w:tc>/gs);
      const widths = all(row, /<w:tcW\b[^>]*?\bw:w="(\d+)"/g);
      return [
        ...(widths.join() === columns.join()
          ? []
          : [`table ${at}: cells of ${widths} in columns of ${columns}`]),
        ...(cells.every((cell) => /<\/w:p>$|<w:p\/>$/.test(cell))
          ? []
          : [`table ${at}: a cell without an end`]),
      ];
    });
  });
}

/** Fields are ours alone: nothing that was said becomes one, and no field reaches outside or runs anything. */
function fieldFaults(parts: Parts): string[] {
  return Object.entries(parts).flatMap(([name, text]) => [
    ...all(text, /<w:instrText[^>]*>([^<]*)</g)
      .filter((field) => !/^\s*(?:PAGE|NUMPAGES|PAGEREF \w+ \\h|TOC [\\\w\s"&;-]*)\s*$/.test(field))
      .map((field) => `${name}: field ${field}`),
    ...(/<w:fldSimple|<w:altChunk|<w:object|<o:OLEObject|<w:subDoc|<script|\son\w+="/i.test(text)
      ? [`${name}: something alive`]
      : []),
  ]);
}
