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
}

export const DEPARTMENT_HEAD = 'department-head';
export const LEADER = 'leader';
export const EXPERT_GROUP = 'expert-group';
