import type { ChatCommand } from '../../commands/command.ts';
import { commandNamed } from '../../commands/index.ts';
import type { Block, Button, Message } from '../chat/message.ts';
import { messageSchema } from '../chat/schema.ts';
import { whoMay } from '../incident/access.ts';
import { grantedBy, type Right } from '../incident/authorisation.ts';
import type { Directory } from '../incident/directory.ts';
import type { Actor } from '../incident/events.ts';
import type { Language, Plan } from '../incident/plan.ts';
import type { State } from '../incident/state.ts';
import { refusalMessage } from '../words/refusal.ts';

/** Somebody before an incident, or before none. */
export interface Asker {
  readonly person: Pick<Actor, 'id' | 'org'>;
  readonly incident: State;
  readonly directory: Directory;
  readonly plan: Plan;
}

function has(right: Right, { person, incident, directory, plan }: Asker): boolean {
  return grantedBy(right, person, incident, directory, plan.authorisation) !== null;
}

/** Whether a command is of any use to somebody: it shows something, or one of its rows is theirs. */
export function mayUse(command: ChatCommand, asker: Asker): boolean {
  return command.takes.length === 0 || command.reads === true || command.takes.some((one) => has(one, asker));
}

/** What a press takes, the rows of it; none for a button that only shows. */
function takenBy(button: Button): readonly Right[] {
  const command = commandNamed(button.command);
  if (!command || (command.reads && Object.keys(button.args).length === 0)) return [];
  if (command.name === 'approve') return [button.args.ask === 'glass' ? 'break-glass' : 'approve'];
  return command.takes;
}

function mayPress(button: Button, asker: Asker): boolean {
  const taken = takenBy(button);
  return taken.length === 0 || taken.some((one) => has(one, asker));
}

export function allowed(buttons: readonly Button[], asker: Asker): readonly Button[] {
  return buttons.filter((one) => mayPress(one, asker));
}

/** A card as one reader sees it: with the buttons that are theirs, and in place of the others who may. */
function cardFor(message: Message, asker: Asker, language: Language): Message {
  return { ...message, blocks: message.blocks.flatMap((block) => blockFor(block, asker, language)) };
}

/** The same of a card as it lies in the talk; what cannot be read as one is left as it is. */
export function cardOf<T extends { readonly text: string }>(said: T, asker: Asker, language: Language): T {
  const card = messageSchema.safeParse(jsonIn(said.text));
  return card.success ? { ...said, text: JSON.stringify(cardFor(card.data, asker, language)) } : said;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function blockFor(block: Block, asker: Asker, language: Language): readonly Block[] {
  switch (block.block) {
    case 'buttons': {
      const buttons = allowed(block.buttons, asker);
      const others = new Set(
        block.buttons.filter((one) => !buttons.includes(one)).flatMap((one) => takenBy(one).slice(0, 1)),
      );
      return [
        ...(buttons.length > 0 ? [{ ...block, buttons }] : []),
        ...[...others].map((right) => whoNote(right, asker, language)),
      ];
    }
    case 'fold': {
      const blocks = block.blocks.flatMap((one) => blockFor(one, asker, language));
      return blocks.length > 0 ? [{ ...block, blocks }] : [];
    }
    case 'text':
    case 'note':
    case 'list':
    case 'fields':
    case 'code':
      return [block];
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

/** The same sentence with which the press would be refused. */
function whoNote(right: Right, asker: Asker, language: Language): Block {
  const { incident, plan, directory } = asker;
  const params = whoMay(right, incident, { plan, directory });
  const { headline } = refusalMessage({ code: 'not-allowed', params, possible: [] }, language, plan.zone);
  return { block: 'note', text: headline };
}
