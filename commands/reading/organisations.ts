import type { Directory } from '../../src/incident/directory.ts';

/** An organisation by id or name; the text itself where none is called so, for the refusal to name. */
export function findOrganisation(text: string, directory: Directory): string {
  const wanted = text.replace(/^@/, '').trim();
  if (directory.organisations[wanted]) return wanted;
  const named = Object.values(directory.organisations).find(
    (one) => one.name === wanted || one.id.toLowerCase() === wanted.toLowerCase(),
  );
  return named?.id ?? wanted;
}
