import type { Contact } from '../roster/schema.ts';

export interface MailedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array | string;
}

/** One page or notice for one person, ready to be said by any method. */
export interface Call {
  readonly incident: string;
  readonly code: string;
  readonly page: string | null;
  readonly text: string;
  readonly subject: string;
  /** Documents; only e-mail carries them. */
  readonly attachments?: readonly MailedFile[] | undefined;
  /** The short words that a cloud's approved template has room for. */
  readonly words: {
    readonly system: string;
    readonly level: string;
    readonly title: string;
    readonly until: string;
  };
}

export type Sent =
  | {
      readonly ok: true;
      readonly detail: string;
      /** What the platform calls the message, when it may say more of it later. */
      readonly messageId?: string | undefined;
    }
  | {
      readonly ok: false;
      readonly permanent: boolean;
      readonly retryAfterMs: number | null;
      readonly detail: string;
      /** It went out and no answer came: it may have arrived. */
      readonly uncertain?: boolean | undefined;
    };

/** A way to reach a person. Errors are values: temporary ones are tried again, permanent ones give way. */
export type ContactMethod = (contact: Contact, call: Call) => Promise<Sent>;
