import Database from 'better-sqlite3';

type Row = Record<string, string | number | null>;
type Step = readonly [statement: Database.Statement, row: Row];

const TABLES: readonly { readonly name: string; readonly key: readonly string[] }[] = [
  { name: 'events', key: ['incident', 'position'] },
  { name: 'incidents', key: ['id'] },
  { name: 'due', key: ['incident'] },
  { name: 'outbox', key: ['id'] },
  { name: 'talk', key: ['id'] },
  { name: 'streams', key: ['incident', 'stream'] },
  { name: 'notes', key: ['key'] },
];

/**
 * The peer of a measurement: writes the rows that `after` has and `bare` lacks into `bare`, without any logic,
 * one durable transaction for each event or for each incident.
 */
export function replay(
  bare: string,
  after: string,
  unit: 'event' | 'incident',
): { readonly ms: number; readonly transactions: number; readonly rows: number } {
  const db = new Database(bare);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`attach '${after}' as done`);
  const groups = new Map<string, Step[]>();
  let rows = 0;
  for (const { name, key } of TABLES) {
    const columns = columnsOf(db, name);
    const same = key.map((one) => `o.${one} = d.${one}`).join(' and ');
    const differs = columns.map((one) => `o.${one} is not d.${one}`).join(' or ');
    const changed = db
      .prepare<[], Row>(`select d.* from done.${name} d left join main.${name} o on ${same} where ${differs}`)
      .all();
    const write = db.prepare(
      `insert into main.${name} (${columns.join(', ')}) values (${columns.map((one) => `@${one}`).join(', ')})
       on conflict (${key.join(', ')}) do update set ${columns.map((one) => `${one} = excluded.${one}`).join(', ')}`,
    );
    for (const row of changed) {
      const group = groupOf(name, row, unit);
      groups.set(group, [...(groups.get(group) ?? []), [write, row]]);
      rows += 1;
    }
  }
  const transactions = unit === 'event' ? spread([...groups.values()]) : [...groups.values()];
  const begin = performance.now();
  for (const steps of transactions) {
    db.exec('begin immediate');
    for (const [statement, row] of steps) statement.run(row);
    db.exec('commit');
  }
  const ms = performance.now() - begin;
  db.close();
  return { ms, transactions: transactions.length, rows };
}

function columnsOf(db: Database.Database, table: string): readonly string[] {
  return db
    .prepare<[], { name: string }>(`pragma main.table_info(${table})`)
    .all()
    .map((one) => one.name);
}

function groupOf(table: string, row: Row, unit: 'event' | 'incident'): string {
  const incident = String(table === 'incidents' ? row.id : (row.incident ?? row.key)).replace(
    /^card:([^:]*):.*$/,
    '$1',
  );
  if (unit === 'incident') return incident;
  if (table === 'events') return `${incident}:${row.position}`;
  if (table === 'outbox') return String(row.key);
  return `last:${incident}`;
}

/** The snapshot and the due moment were written with every event; the database only kept the last of them. */
function spread(groups: readonly Step[][]): readonly Step[][] {
  const lasts = groups.filter((steps) =>
    steps.every(([, row]) => row.hash === undefined && row.lane === undefined),
  );
  const each = groups.filter((steps) => !lasts.includes(steps));
  const byIncident = new Map(lasts.map((steps) => [idOf(steps[0]?.[1]), steps]));
  return each.map((steps) => [...steps, ...(byIncident.get(idOf(steps[0]?.[1])) ?? [])]);
}

function idOf(row: Row | undefined): string {
  return String(row?.state !== undefined && row.lane === undefined ? row.id : row?.incident);
}
