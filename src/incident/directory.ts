import type { ApprovalRole } from './events.ts';
import type { Organisation } from './visibility.ts';

/**
 * Who is who at the moment of a command: the roster and the register, already resolved for one incident.
 * It comes in from outside with the time, so that the rules stay pure.
 */
export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly org: string;
  /** True for a person who can be paged by at least one contact method. */
  readonly reachable: boolean;
  /** What the plan asks of a first responder and this person lacks (plan L210–211); empty when qualified. */
  readonly missingQualifications: readonly string[];
  readonly customerSide: boolean;
}

export interface Directory {
  readonly people: Readonly<Record<string, DirectoryPerson>>;
  readonly organisations: Readonly<Record<string, Organisation>>;
  /** Whose system is in trouble; null where the register does not know it. */
  readonly customer: string | null;
  /** On-call people in calling order, by tier. */
  readonly tiers: Readonly<Record<number, readonly string[]>>;
  /** Holder first, then the named deputies, for the incident's system. */
  readonly approvers: Readonly<
    Partial<Record<ApprovalRole, { readonly holder: string | null; readonly deputies: readonly string[] }>>
  >;
  /** Holders of the posts of the joint war room and of the customer's side, in calling order. */
  readonly posts: Readonly<Record<string, readonly string[]>>;
  /** The same by organisation: whom each names for a post, as its hours are at this moment. */
  readonly contacts: Readonly<Record<string, readonly PostContact[]>>;
  /** Each organisation's own escalation, lowest level first; absent where it named none (plan L252). */
  readonly ladders: Readonly<Record<string, readonly LadderLevel[]>>;
}

export interface PostContact {
  readonly org: string;
  /** Whom to call now, in order; empty outside the hours of a post whose organisation goes by its ladder then. */
  readonly calling: readonly string[];
  /** Everybody who holds it, at whatever hour. */
  readonly holders: readonly string[];
}

export interface LadderLevel {
  readonly title: string | null;
  readonly people: readonly string[];
  /** After the post was asked for, while nobody answered. */
  readonly minutes: number;
}

export const DEPARTMENT_HEAD = 'department-head';
export const LEADER = 'leader';
export const EXPERT_GROUP = 'expert-group';
