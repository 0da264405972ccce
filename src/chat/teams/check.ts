import { failure } from './failure.ts';
import { createWire, type Endpoints, OPEN_ID_METADATA } from './wire.ts';

export type Checked =
  | { readonly ok: true; readonly skewMs: number | null }
  | {
      readonly ok: false;
      /** What failed: the app's own credentials, or the way to the signing keys. */
      readonly at: 'token' | 'keys';
      readonly detail: string;
      readonly skewMs: number | null;
    };

export interface CheckOptions {
  readonly app: { readonly id: string; readonly password: string; readonly tenant: string | null };
  readonly clock: () => number;
  readonly endpoints?: Endpoints | undefined;
}

/** Asks for a token and for the keys that requests are signed with; sends nothing to anybody. */
export async function checkTeams(options: CheckOptions): Promise<Checked> {
  const { app, endpoints } = options;
  let skewMs: number | null = null;
  try {
    const metadata = endpoints?.openIdMetadata ?? OPEN_ID_METADATA;
    const asked = options.clock();
    const response = await fetch(metadata, { signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    const date = Date.parse(response.headers.get('date') ?? '');
    // The header counts whole seconds; half the way there and back is added to what was asked.
    if (Number.isFinite(date)) skewMs = Math.round((asked + options.clock()) / 2 - date - 500);
    if (!response.ok) return { ok: false, at: 'keys', detail: `HTTP ${response.status}`, skewMs };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, at: 'keys', detail, skewMs };
  }
  try {
    await createWire({ app, endpoints }).token();
    return { ok: true, skewMs };
  } catch (error) {
    return { ok: false, at: 'token', detail: failure(error, 'token').error, skewMs };
  }
}
