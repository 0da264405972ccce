import { readSamples, type Sample } from '../../src/learning/samples.ts';

export type { Sample };

/** The samples that lie beside the entries, in `knowledge/samples`. */
export function samples(): readonly Sample[] {
  return readSamples();
}
