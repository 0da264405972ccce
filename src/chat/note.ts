import type { Audience } from '../incident/visibility.ts';

const SHARED = '//+';
const OWN = '//';

/** `//…` is for one's own organisation, `//+…` for the customer and us; everything else is for all in the room. */
export function readNote(text: string): { readonly audience: Audience; readonly text: string } {
  const trimmed = text.trimStart();
  if (trimmed.startsWith(SHARED)) return { audience: 'shared', text: trimmed.slice(SHARED.length).trim() };
  if (trimmed.startsWith(OWN)) return { audience: 'own', text: trimmed.slice(OWN.length).trim() };
  return { audience: 'joint', text };
}
