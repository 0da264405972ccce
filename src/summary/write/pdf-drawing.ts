import type { Drawing } from '../document.ts';
import { inkColour } from './svg.ts';

/** Draws a figure's shapes as vectors at the origin of the current transformation. */
export function drawShapes(pdf: PDFKit.PDFDocument, drawing: Drawing): void {
  for (const shape of drawing.shapes) {
    switch (shape.shape) {
      case 'rect':
        pdf
          .roundedRect(shape.x, shape.y, shape.width, shape.height, Math.min(2, shape.width / 2))
          .fill(inkColour[shape.fill]);
        break;
      case 'line':
        pdf.save().lineWidth(0.8).moveTo(shape.x1, shape.y1).lineTo(shape.x2, shape.y2);
        if (shape.dashed) pdf.dash(3, { space: 2 });
        pdf.stroke(inkColour[shape.ink]).restore();
        break;
      case 'dot':
        pdf.circle(shape.x, shape.y, shape.radius).fill(inkColour[shape.fill]);
        break;
      case 'text': {
        pdf.font('text').fontSize(shape.size).fillColor(inkColour[shape.ink]);
        const length = pdf.widthOfString(shape.text);
        const x =
          shape.anchor === 'start'
            ? shape.x
            : shape.anchor === 'end'
              ? shape.x - length
              : shape.x - length / 2;
        pdf.text(shape.text, x, shape.y, { lineBreak: false, baseline: 'alphabetic' });
        break;
      }
      default: {
        const never: never = shape;
        throw new Error(`unknown shape ${JSON.stringify(never)}`);
      }
    }
  }
}
