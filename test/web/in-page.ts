/** Expressions that run inside the browser; as text, because the project's own code knows no DOM. */

export const FOCUSED_ID = `document.activeElement?.id ?? ''`;

/** How far the page can be scrolled sideways, pixels. */
export const SIDEWAYS = 'document.documentElement.scrollWidth - innerWidth';

/** The element that has the focus, when nothing shows that it has it; null when it is seen. */
export const UNSEEN_FOCUS = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element.closest('.attach') ?? element);
  const seen = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
  return seen ? null : element.outerHTML.slice(0, 120);
})()`;

export function pasteOf(line: string, times: number): string {
  return `(() => {
    const data = new DataTransfer();
    data.setData('text/plain', ${JSON.stringify(line)}.repeat(${times}));
    const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector('#say').dispatchEvent(paste);
  })()`;
}

export function dropOf(name: string, bytes: number): string {
  return `(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(${bytes})], ${JSON.stringify(name)}));
    const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector('#main').dispatchEvent(drop);
  })()`;
}

/** Texts whose contrast against what is behind them is below 4.5, or below 3 where they are large. */
export const FAINT_TEXTS = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const color = parse(getComputedStyle(up).backgroundColor);
      if (color.length === 3 || color[3] > 0.5) return color;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (!element || text === '' || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(style.color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (Number.parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      found.add(element.className + ' ' + text.slice(0, 20) + ' ' + ratio.toFixed(2));
  }
  return { faint: [...found], texts: document.body.innerText.length };
})()`;
