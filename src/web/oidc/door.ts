import type { Claims, OidcProvider } from './provider.ts';

/** Log-in with an account of one's own company, as the web room needs it. */
export interface OidcDoor {
  readonly provider: OidcProvider;
  /** The person on the roster behind an account; `name` is what the provider calls the account. */
  ownerOf(
    claims: Claims,
  ):
    | { readonly found: 'person'; readonly person: string }
    | { readonly found: 'nobody' | 'several'; readonly name: string }
    | { readonly found: 'nothing' };
  /** Signs what the browser keeps meanwhile; the same in every instance. */
  readonly cookieKey: string;
  readonly sessionMs: number;
  /** Whom to ask about an account that nobody has, in the installation's own words. */
  readonly ask: string | null;
  /** For the log: why somebody did not get in. */
  refused(why: string, detail: unknown): void;
}
