import { deflateSync } from 'node:zlib';
import { type Font, openSync } from 'fontkit';
import type { Drawing, Ink, Shape } from '../document.ts';
import { fontFiles } from './fonts.ts';
import { inkColour } from './svg.ts';

/** Three pixels a point is 216 dpi on paper: sharp in print, and still small. */
const scale = 3;
/** Sub-scanlines of a pixel, for the edges of letters. */
const finer = 4;

let font: Font | undefined;

interface Canvas {
  pixels: Buffer;
  width: number;
  height: number;
}

/**
 * The figure as pixels, in pure JavaScript, for word processors that do not draw the vector figure beside it. Shapes
 * stand upright; letters are filled from the outlines of the font.
 */
export function pngOf(drawing: Drawing): Uint8Array {
  const width = Math.max(1, Math.min(6000, Math.round(drawing.width * scale)));
  const height = Math.max(1, Math.min(6000, Math.round(drawing.height * scale)));
  const canvas: Canvas = { pixels: Buffer.alloc(width * height * 3, 255), width, height };
  for (const shape of drawing.shapes) {
    const ink = shape.shape === 'rect' || shape.shape === 'dot' ? shape.fill : shape.ink;
    for (const outline of outlinesOf(shape)) fillPolygon(outline, ink, canvas);
  }
  return encode(canvas);
}

/** What to fill, as closed lines: one group of contours a shape, and one a letter of a text. */
function outlinesOf(shape: Shape): Point[][][] {
  switch (shape.shape) {
    case 'rect':
      return [[box(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)]];
    case 'line': {
      const half = 0.4;
      const [left, right] = [Math.min(shape.x1, shape.x2) - half, Math.max(shape.x1, shape.x2) + half];
      const [top, bottom] = [Math.min(shape.y1, shape.y2) - half, Math.max(shape.y1, shape.y2) + half];
      return [[box(left, top, right, bottom)]];
    }
    case 'dot':
      return [
        [
          Array.from({ length: 24 }, (_, step): Point => {
            const angle = (step / 24) * 2 * Math.PI;
            return [shape.x + shape.radius * Math.cos(angle), shape.y + shape.radius * Math.sin(angle)];
          }),
        ],
      ];
    case 'text':
      return lettersOf(shape);
    default: {
      const never: never = shape;
      return never;
    }
  }
}

type Point = [number, number];

const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

function lettersOf(shape: Extract<Shape, { shape: 'text' }>): Point[][][] {
  font ??= openSync(fontFiles.regular);
  const unit = shape.size / font.unitsPerEm;
  const { glyphs } = font.layout(shape.text);
  const length = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) * unit;
  let x =
    shape.anchor === 'start' ? shape.x : shape.anchor === 'end' ? shape.x - length : shape.x - length / 2;
  return glyphs.map((glyph) => {
    const at = x;
    x += glyph.advanceWidth * unit;
    return outlineOf(glyph.path.commands, (px, py) => [at + px * unit, shape.y - py * unit]);
  });
}

function outlineOf(
  commands: readonly { command: string; args: number[] }[],
  place: (x: number, y: number) => Point,
): Point[][] {
  const contours: Point[][] = [];
  let contour: Point[] = [];
  let [lastX, lastY] = [0, 0];
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    if (command === 'moveTo') {
      contour = [place(a, b)];
      contours.push(contour);
      [lastX, lastY] = [a, b];
    } else if (command === 'lineTo') {
      contour.push(place(a, b));
      [lastX, lastY] = [a, b];
    } else if (command === 'quadraticCurveTo' || command === 'bezierCurveTo') {
      const cubic = command === 'bezierCurveTo';
      const [endX, endY] = cubic ? [e, f] : [c, d];
      for (let step = 1; step <= 5; step += 1) {
        const t = step / 5;
        const u = 1 - t;
        const x = cubic
          ? u ** 3 * lastX + 3 * u * u * t * a + 3 * u * t * t * c + t ** 3 * e
          : u * u * lastX + 2 * u * t * a + t * t * c;
        const y = cubic
          ? u ** 3 * lastY + 3 * u * u * t * b + 3 * u * t * t * d + t ** 3 * f
          : u * u * lastY + 2 * u * t * b + t * t * d;
        contour.push(place(x, y));
      }
      [lastX, lastY] = [endX, endY];
    }
  }
  return contours;
}

/** Fills by the non-zero rule, with grey edges: each sub-scanline adds its share of every pixel it crosses. */
function fillPolygon(contours: readonly Point[][], ink: Ink, canvas: Canvas): void {
  const edges: [number, number, number, number][] = [];
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const contour of contours) {
    contour.forEach(([x1, y1], index) => {
      const [x2, y2] = contour[(index + 1) % contour.length] ?? [x1, y1];
      if (y1 !== y2) edges.push([x1 * scale, y1 * scale, x2 * scale, y2 * scale]);
      top = Math.min(top, y1 * scale);
      bottom = Math.max(bottom, y1 * scale);
    });
  }
  if (edges.length === 0) return;
  const cover = new Float32Array(canvas.width);
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(canvas.height - 1, Math.floor(bottom)); y += 1) {
    cover.fill(0);
    for (let sub = 0; sub < finer; sub += 1) addScanline(edges, y + (sub + 0.5) / finer, cover);
    blend(cover, y, ink, canvas);
  }
}

function addScanline(
  edges: readonly [number, number, number, number][],
  y: number,
  cover: Float32Array,
): void {
  const crossings: [number, number][] = [];
  for (const [x1, y1, x2, y2] of edges) {
    if (y < Math.min(y1, y2) || y >= Math.max(y1, y2)) continue;
    crossings.push([x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), y2 > y1 ? 1 : -1]);
  }
  crossings.sort((left, right) => left[0] - right[0]);
  let winding = 0;
  crossings.forEach(([x, turn], index) => {
    winding += turn;
    const next = crossings[index + 1];
    if (winding !== 0 && next !== undefined) addRun(x, next[0], cover);
  });
}

function addRun(from: number, to: number, cover: Float32Array): void {
  const start = Math.max(0, from);
  const end = Math.min(cover.length, to);
  for (let x = Math.floor(start); x < end; x += 1) {
    cover[x] = (cover[x] ?? 0) + (Math.min(end, x + 1) - Math.max(start, x)) / finer;
  }
}

function blend(cover: Float32Array, y: number, ink: Ink, { pixels, width }: Canvas): void {
  const colour = inkColour[ink];
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  for (let x = 0; x < width; x += 1) {
    const share = Math.min(1, cover[x] ?? 0);
    if (share <= 0) continue;
    const at = (y * width + x) * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      const under = pixels[at + channel] ?? 255;
      pixels[at + channel] = Math.round(under + ((channels[channel] ?? 0) - under) * share);
    }
  }
}

function encode({ pixels, width, height }: Canvas): Uint8Array {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1)
    pixels.copy(rows, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** zlib's own crc32 came with Node 20.15; the product starts on 20.0. */
function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
