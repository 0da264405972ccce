const OWN_WORD = /^\/?(?:应急|incident|inc|战情室|warroom)(?=\s|$)/i;
/** Longer talk to the bot that begins with no command is talk for the room, a pasted log above all. */
const SHORT = 60;

export interface Words {
  /** Whether a word begins a command. */
  readonly isCommand: (word: string) => boolean;
  /** Whether it is nearly one: probably mistyped. */
  readonly resembles: (word: string) => boolean;
}

/**
 * A group robot hears nothing but what is said to it, so that talk for the record comes the same way as commands: a
 * line is a command when its first word is one or nearly one, and everywhere outside a room.
 */
export function asHeard(text: string, room: boolean, words: Words): string {
  const line = text.trim();
  const [first = ''] = line.replace(/^\//, '').split(/\s/, 1);
  const own = OWN_WORD.test(line);
  const short = !line.includes('\n') && line.length <= SHORT;
  if (own || words.isCommand(first) || (short && (!room || words.resembles(first))))
    return `@战情室 ${line.replace(OWN_WORD, '').trim()}`;
  return line;
}
