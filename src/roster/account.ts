import type { Config } from './schema.ts';

/** Whose account it is; or the name that nobody, or more than one person, has on the roster. */
export type AccountOwner =
  | { readonly found: 'person'; readonly person: string }
  | { readonly found: 'nobody' | 'several'; readonly name: string }
  | { readonly found: 'nothing' };

/**
 * The person behind an account of the identity provider: the one whose `accounts.oidc` is the claim's value, or,
 * where the claim is the e-mail address, the one whom that address reaches. An address that the provider says
 * it never verified reaches nobody: whoever may choose it freely could become anybody.
 */
export function personOfClaims(
  people: Config['people'],
  claim: string,
  claims: Readonly<Record<string, unknown>>,
): AccountOwner {
  const value = claims[claim];
  const name = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  if (name === '') return { found: 'nothing' };
  const named = people.filter((one) => one.accounts.oidc === name);
  const owners = named.length > 0 || claim !== 'email' ? named : byAddress(people, name, claims);
  const [first, ...others] = owners;
  if (!first) return { found: 'nobody', name };
  return others.length > 0 ? { found: 'several', name } : { found: 'person', person: first.id };
}

function byAddress(
  people: Config['people'],
  address: string,
  claims: Readonly<Record<string, unknown>>,
): Config['people'] {
  const verified = claims.email_verified;
  if (verified === false || verified === 'false') return [];
  const wanted = address.toLowerCase();
  return people.filter((one) =>
    one.contacts.some((way) => way.method === 'email' && way.address.toLowerCase() === wanted),
  );
}
