import type { CommandBody, CommandType } from './commands.ts';
import type { Directory } from './directory.ts';
import type { Actor } from './events.ts';
import { severityRank, type Words } from './plan.ts';
import { ROLES, type Role, rolesOf } from './roles.ts';
import type { State } from './state.ts';

/**
 * Every command, and who gives it at all: people, by the plan's table, or the desk itself. A new command does not
 * compile before it stands here, and the plan does not load before its `authorisation` has a row for it.
 * Three rights are other than a command: one voice in the place of two, a level below the one that was set, and
 * whatever is done with the report of one's own organisation.
 */
const GIVEN_BY = {
  report: 'people',
  'open-room': 'people',
  'invite-organisation': 'people',
  'remove-organisation': 'people',
  'issue-guest-link': 'people',
  'open-guest-link': 'desk',
  'revoke-guest-links': 'people',
  'unlink-place': 'people',
  'share-place': 'desk',
  look: 'people',
  join: 'people',
  answer: 'people',
  'set-severity': 'people',
  'lower-severity': 'people',
  'choose-accountability': 'people',
  'hand-lead': 'people',
  page: 'people',
  need: 'people',
  acknowledge: 'people',
  take: 'people',
  decline: 'people',
  escalate: 'people',
  handoff: 'people',
  dispatch: 'people',
  contact: 'people',
  arrive: 'people',
  withdraw: 'people',
  'paste-log': 'people',
  'add-log-facts': 'people',
  capture: 'people',
  'state-cause': 'people',
  'state-impact': 'people',
  propose: 'people',
  'edit-action': 'people',
  approve: 'people',
  'break-glass': 'people',
  reject: 'people',
  'carry-out': 'people',
  'update-status': 'people',
  advise: 'people',
  restore: 'people',
  resolve: 'people',
  reopen: 'people',
  close: 'people',
  link: 'people',
  'deliver-report': 'people',
  pause: 'people',
  'confirm-pause': 'people',
  resume: 'people',
  pin: 'people',
  'edit-timeline': 'people',
  'own-report': 'people',
  'draft-document': 'people',
  'approve-document': 'people',
  'return-document': 'people',
  'send-document': 'people',
  'record-mailing': 'desk',
  'schedule-review': 'people',
  'hold-review': 'people',
  'publish-lessons': 'people',
  'follow-up': 'people',
  'finish-follow-up': 'people',
  'ask-satisfaction': 'people',
  'give-satisfaction': 'people',
  'draft-knowledge': 'people',
  'review-knowledge': 'people',
  'withdraw-knowledge': 'people',
  'open-session': 'people',
  'end-session': 'people',
  'record-delivery': 'desk',
  tick: 'desk',
} as const satisfies Readonly<
  Record<CommandType | 'break-glass' | 'lower-severity' | 'own-report', 'people' | 'desk'>
>;

type Given = typeof GIVEN_BY;
/** What a row of the table names. */
export type Right = { [K in keyof Given]: Given[K] extends 'people' ? K : never }[keyof Given];

export function isRight(name: string): name is Right {
  return Object.entries(GIVEN_BY).some(([one, by]) => one === name && by === 'people');
}

/** Every right, in the order of an incident. */
export const RIGHTS: readonly Right[] = Object.keys(GIVEN_BY).filter(isRight);

/** A row of the plan's table: these commands, these roles, and where the plan says so (`-`: our default). */
export interface AuthorisationRow {
  readonly commands: readonly Right[];
  readonly roles: readonly Role[];
  readonly line: string;
  readonly title: Words;
}

/** What a command takes; null for what the desk gives itself alone. */
export function rightOf(body: CommandBody, state: State): Right | null {
  switch (body.type) {
    case 'approve':
      return body.breakGlass === null ? 'approve' : 'break-glass';
    case 'set-severity': {
      const set = state?.severity ?? null;
      const lower = set !== null && severityRank(body.severity) < severityRank(set);
      return lower ? 'lower-severity' : 'set-severity';
    }
    case 'draft-document':
    case 'approve-document':
    case 'return-document':
    case 'send-document':
      return body.document === 'vendor' ? 'own-report' : body.type;
    default:
      return isRight(body.type) ? body.type : null;
  }
}

/** The roles that may, in the order of the table. */
export function rolesFor(right: Right, table: readonly AuthorisationRow[]): readonly Role[] {
  const row = table.find((one) => one.commands.includes(right));
  return ROLES.filter((role) => row?.roles.includes(role) ?? false);
}

/** The role by which somebody may, the first that serves; null when none of theirs does. */
export function grantedBy(
  right: Right,
  person: Pick<Actor, 'id' | 'org'>,
  state: State,
  directory: Directory,
  table: readonly AuthorisationRow[],
): Role | null {
  const may = rolesFor(right, table);
  return rolesOf(person, state, directory).find((role) => may.includes(role)) ?? null;
}
