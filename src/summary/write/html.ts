import {
  type Block,
  type Cell,
  type CiteId,
  citedSources,
  type Document,
  type Source,
  wordsOf,
} from '../document.ts';
import { HeadingNumbers } from '../numbering.ts';
import { style } from './style.ts';
import { escapeXml, svgOf } from './svg.ts';

type Numbers = ReadonlyMap<CiteId, number>;

const text = (value: string): string => escapeXml(value).replace(/\n/g, '<br>');

/** One file with nothing outside it: no script, no font, no picture is fetched; every user text is escaped. */
export function writeHtml(document: Document): string {
  const { numbers, sources } = citedSources(document);
  const { language, meta } = document;
  const word = wordsOf(language);
  const headings = new HeadingNumbers(language);
  const contents: string[] = [];
  const body = document.blocks
    .map((block) => blockHtml(block, document, numbers, headings, contents))
    .join('\n');
  const head = [meta.code, meta.organisation, meta.date]
    .filter((each) => each !== null)
    .map(text)
    .join(' · ');
  const draft = meta.draft ? `<span class="draft">${word.draft}</span>` : '';
  const nav = `<nav aria-label="${word.contents}"><b>${word.contents}</b><ol>${contents.join('')}</ol></nav>`;
  const chain =
    meta.chainHead === null ? '' : `<footer>${word.head} <code>${text(meta.chainHead)}</code></footer>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${text(document.title)}</title>
<style>${style}</style>
</head>
<body><main>
<h1>${text(document.title)}</h1>
<p class="meta">${head}${draft}</p>
${contents.length > 2 ? nav : ''}
${body}
${appendix(sources, document)}
${chain}
</main></body>
</html>
`;
}

function appendix(sources: readonly Source[], document: Document): string {
  if (sources.length === 0) return '';
  const word = wordsOf(document.language);
  const rows = sources.map(
    (source, index) =>
      `<tr id="s${index + 1}"><td>${index + 1}</td><td class="time">${text(source.time ?? word.none)}</td><td>${text(source.author ?? word.none)}</td><td>${text(source.text)}</td></tr>`,
  );
  const head = [word.number, word.time, word.author, word.text].map((each) => `<th scope="col">${each}</th>`);
  return `<h2 id="sources">${word.sources}</h2><div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function say(cell: Cell, document: Document, numbers: Numbers): string {
  if (cell.kind === 'unstated') return `<em class="none">${wordsOf(document.language).unstated}</em>`;
  if (cell.kind === 'label') return text(cell.text);
  const marks = cell.cites.map((cite) => numbers.get(cite)).filter((each) => each !== undefined);
  return `${text(cell.text)}<sup>${marks.map((mark) => `<a href="#s${mark}">[${mark}]</a>`).join('')}</sup>`;
}

function blockHtml(
  block: Block,
  document: Document,
  numbers: Numbers,
  headings: HeadingNumbers,
  contents: string[],
): string {
  const word = wordsOf(document.language);
  const cell = (each: Cell): string => say(each, document, numbers);
  switch (block.block) {
    case 'heading': {
      const title = text(headings.next(block.level) + block.text);
      const id = `h${contents.length + 1}`;
      contents.push(`<li class="l${block.level}"><a href="#${id}">${title}</a></li>`);
      return `<h${block.level + 1} id="${id}">${title}</h${block.level + 1}>`;
    }
    case 'paragraph':
      return `<p class="para">${block.statements.map(cell).join(document.language === 'zh' ? '' : ' ')}</p>`;
    case 'note':
      return `<p class="note">${text(block.text)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${cell(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table': {
      const head = block.columns.map(
        (column) =>
          `<th scope="col" style="width:${Math.round(column.share * 100)}%">${text(column.title)}</th>`,
      );
      const rows = block.rows.map(
        (row) => `<tr>${row.map((each) => `<td>${cell(each)}</td>`).join('')}</tr>`,
      );
      return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
    }
    case 'keyValue': {
      const rows = block.rows.map(
        (row) =>
          `<tr><th scope="row">${text(row.label)}</th><td>${row.values.map(cell).join('<br>')}</td></tr>`,
      );
      return `<table><tbody>${rows.join('')}</tbody></table>`;
    }
    case 'timeline': {
      const rows = block.entries.map((entry) => {
        const mark = entry.mark === null ? '' : ` <span class="mark">${text(entry.mark)}</span>`;
        return `<tr class="${entry.tone}"><td class="time">${text(entry.time ?? word.none)}</td><td>${cell(entry.statement)}${mark}</td></tr>`;
      });
      return `<div class="scroll"><table><thead><tr><th scope="col" style="width:9.5em">${word.time}</th><th scope="col">${word.statement}</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
    }
    case 'figure':
      return `<figure>${svgOf(block.drawing)}<figcaption>${text(block.caption)}</figcaption></figure>`;
    case 'signatures': {
      const parties = block.parties.map((party) => {
        const organisation = party.organisation === null ? '' : `<br>${text(party.organisation)}${word.seal}`;
        return `<div><b>${text(party.role)}</b>${organisation}<span>${word.signature}${word.colon}${text(party.name ?? '')}</span><span>${word.date}${word.colon}</span></div>`;
      });
      return `<div class="sign">${parties.join('')}</div>`;
    }
    default: {
      const never: never = block;
      return never;
    }
  }
}
