import { SECRET_RULES, WORTH_A_LOOK } from './rules.ts';

export interface Masked {
  text: string;
  /** How many secrets were masked. */
  count: number;
}

/**
 * Takes secrets out of text before it is stored, shown or logged (DESIGN "Secrets"): passwords, tokens, keys,
 * hashes, cookies, session ids. Linear in the text; masked text masks to itself; line numbers hold.
 */
export function maskSecrets(text: string): Masked {
  let count = 0;
  let result = text;
  if (!WORTH_A_LOOK.test(text)) return { text, count };
  for (const [pattern, replacement] of SECRET_RULES)
    result = result.replace(pattern, (...args: unknown[]) => {
      count += 1;
      const whole = typeof args[0] === 'string' ? args[0] : '';
      const masked = replacement.replace(/\$(\d)/g, (_, group: string) => {
        const part = args[Number(group)];
        return typeof part === 'string' ? part : '';
      });
      return keepBreaks(whole, masked);
    });
  return { text: result, count };
}

/** A private key spans lines; its mask spans as many, so that the lines after it keep their numbers. */
function keepBreaks(before: string, after: string): string {
  const missing = breaks(before) - breaks(after);
  return missing > 0 ? after + '\n'.repeat(missing) : after;
}

function breaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

const MOBILE = /(?<![\d.])((?:\+?86[- ]?)?1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?![\d.])/g;
const IDENTITY =
  /(?<![\dA-Za-z])([1-9]\d{5})((?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])/g;

/**
 * Masks Chinese mobile and identity-card numbers, for logs and files; people's own words keep theirs.
 * A card number must carry its right check digit, and epoch milliseconds are no telephone numbers.
 */
export function maskPersonal(text: string): Masked {
  let count = 0;
  const cards = text.replace(IDENTITY, (whole, region: string, rest: string) => {
    if (!rightCheckDigit(region + rest)) return whole;
    count += 1;
    return `${region}********${rest.slice(-4)}`;
  });
  const phones = cards.replace(MOBILE, (_, head: string, _middle: string, tail: string) => {
    count += 1;
    return `${head}****${tail}`;
  });
  return { text: phones, count };
}

/** GB 11643: weights 2^(17-i) mod 11. */
function rightCheckDigit(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(number[i]) * (2 ** (17 - i) % 11);
  return '10X98765432'[sum % 11] === number[17]?.toUpperCase();
}
