import type { Store } from './port.ts';
import { openSqliteStore } from './sqlite/index.ts';

/** A store by its address: a file is SQLite. Throws `StoreError`. */
export async function openStore(where: string): Promise<Store> {
  return openSqliteStore({ file: where });
}
