export interface Check {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly detail: string;
  /** How to mend it; null when nothing is to be done. */
  readonly fix: string | null;
}

export const ok = (check: string, detail: string): Check => ({ check, state: 'ok', detail, fix: null });
