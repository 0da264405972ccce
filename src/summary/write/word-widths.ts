/** Thousandths of the size, of Times New Roman and of all fonts made as wide, from the space to the tilde. */
const latin = [
  250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
  500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
  389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
  500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
  278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/** Chinese characters are as wide as they are high in every font; Latin ones as in Times New Roman. */
export function measureWidth(text: string, font: { readonly size: number }): number {
  let thousandths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const full = code > 0x2e7f || (code >= 0x2018 && code <= 0x2026);
    thousandths += full ? 1000 : (latin[code - 32] ?? 500);
  }
  return (thousandths * font.size) / 1000;
}
