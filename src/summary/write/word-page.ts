/** Margins of an official document (GB/T 9704): 37, 35, 28 and 26 mm; what is left is 156 mm wide. */
/** Twentieths of a point. */
export const millimetre = 56.7;
export const margins = { top: 37, bottom: 35, left: 28, right: 26 };
export const textWidth = Math.floor((210 - margins.left - margins.right) * millimetre);
/** Pixels. */
export const figureWidth = 156 * 3.78;
