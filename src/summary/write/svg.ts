import type { Drawing, Ink, Shape } from '../document.ts';

/** Paper colours; the HTML writer overrides them through the classes for dark screens. */
export const inkColour: Readonly<Record<Ink, string>> = {
  text: '#1d2430',
  muted: '#667085',
  line: '#98a2b3',
  track: '#e6e9ef',
  good: '#2e7d4f',
  warn: '#b7791f',
  bad: '#c0392b',
  accent: '#2f5d9b',
};

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const n = (value: number): string => String(Math.round(value * 100) / 100);

/** A self-contained SVG: shapes and words only, no script, no reference to anything outside. */
export function svgOf(drawing: Drawing): string {
  const body = drawing.shapes.map(shapeText).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(drawing.width)} ${n(drawing.height)}" width="${n(drawing.width)}" height="${n(drawing.height)}" role="img" aria-label="${escapeXml(drawing.alt)}" font-family="'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','SimHei',sans-serif">${body}</svg>`;
}

function shapeText(shape: Shape): string {
  switch (shape.shape) {
    case 'rect':
      return `<rect class="f-${shape.fill}" x="${n(shape.x)}" y="${n(shape.y)}" width="${n(shape.width)}" height="${n(shape.height)}" rx="2" fill="${inkColour[shape.fill]}"/>`;
    case 'line':
      return `<line class="s-${shape.ink}" x1="${n(shape.x1)}" y1="${n(shape.y1)}" x2="${n(shape.x2)}" y2="${n(shape.y2)}" stroke="${inkColour[shape.ink]}" stroke-width="1"${shape.dashed ? ' stroke-dasharray="3 2"' : ''}/>`;
    case 'dot':
      return `<circle class="f-${shape.fill}" cx="${n(shape.x)}" cy="${n(shape.y)}" r="${n(shape.radius)}" fill="${inkColour[shape.fill]}"/>`;
    case 'text':
      return `<text class="f-${shape.ink}" x="${n(shape.x)}" y="${n(shape.y)}" font-size="${n(shape.size)}" text-anchor="${shape.anchor}" fill="${inkColour[shape.ink]}">${escapeXml(shape.text)}</text>`;
    default: {
      const never: never = shape;
      return never;
    }
  }
}
