import { isRight, RIGHTS } from '../incident/authorisation.ts';
import type { Plan } from '../incident/plan.ts';
import { ROLES } from '../incident/roles.ts';
import { planCopySchema } from './schema.ts';

/**
 * A plan that an incident is pinned to. It may be older than a command: then the present plan says who may give it,
 * so that an incident that runs over an upgrade is not blocked. What the program no longer knows says nothing.
 */
export function readPlanCopy(kept: unknown, present: Pick<Plan, 'authorisation'>): Plan {
  const copy = planCopySchema.parse(kept);
  const own = copy.authorisation.flatMap((row) => {
    const commands = row.commands.filter(isRight);
    const roles = ROLES.filter((role) => row.roles.includes(role));
    return commands.length === 0 ? [] : [{ ...row, commands, roles }];
  });
  const said = new Set(own.flatMap((row) => row.commands));
  const since = present.authorisation.flatMap((row) => {
    const commands = row.commands.filter((one) => RIGHTS.includes(one) && !said.has(one));
    return commands.length === 0 ? [] : [{ ...row, commands }];
  });
  return { ...copy, authorisation: [...own, ...since] };
}
