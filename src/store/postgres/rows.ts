import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * Inserts many rows as one array for each column. Measured: drizzle's `values` makes objects for every single
 * value, and half of the time of ten thousand appends went there; nor is there a limit of 65,535 parameters.
 */
export async function insertRows<Table extends PgTable>(
  db: NodePgDatabase,
  table: Table,
  rows: readonly Table['$inferInsert'][],
  afterwards: SQL = sql``,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in first);
  const names = columns.map(([, column]) => sql.identifier(column.name));
  const arrays = columns.map(([key, column]) => {
    const values = rows.map((row) => Reflect.get(row, key) ?? null);
    return sql`${sql.param(values)}::${sql.raw(column.getSQLType())}[]`;
  });
  // The order of the arrays is the order of the rows: a lane's rows get their numbers in it.
  await db.execute(
    sql`insert into ${table} (${sql.join(names, sql`, `)})
      select * from unnest(${sql.join(arrays, sql`, `)}) ${afterwards}`,
  );
}
