import type { Store } from './port.ts';
import { openSqliteStore } from './sqlite/index.ts';

/** A store by its address: `postgres://…` is shared by several instances, a file is SQLite. Throws `StoreError`. */
export async function openStore(where: string): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(where)) {
    // Loaded only where it is configured: the embedded default needs no driver for it.
    const { openPostgresStore } = await import('./postgres/index.ts');
    return openPostgresStore({ url: where });
  }
  return openSqliteStore({ file: where });
}
