/**
 * A message of words and files is several things, and each has a name of its own in the record: the first the
 * message's, the later ones that and their place. What answers or pins the message means the first.
 */
export function partName(message: string, place: number): string {
  return place === 0 ? message : `${message}/${place}`;
}

const PART = /\/\d{1,3}$/;

/** The message to which a part belongs. */
export function messageOfPart(name: string): string {
  return name.replace(PART, '');
}
