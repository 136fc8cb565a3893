/** The events as the database has them, for a person. */
import { connect } from '../control/database/database.ts';

interface Row {
  readonly recorded: string;
  readonly vm: string;
  readonly kind: string;
  readonly initiator: string;
  readonly psci: string;
  readonly call: string;
  readonly hibernation: string;
  readonly boot: string;
}

const COLUMNS = ['recorded', 'vm', 'kind', 'initiator', 'psci', 'call', 'hibernation', 'boot'] as const;

/** Lines of a table, heading first, and the number of events in it. */
export async function eventTable(databaseUrl: string): Promise<{ lines: string[]; count: number }> {
  const connection = connect({ url: databaseUrl, maxConnections: 1 });
  try {
    const { rows } = await connection.pool.query<Row>(`
      SELECT to_char(e.recorded_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS') AS recorded,
             coalesce(v.name, e.vm_id::text) AS vm, e.kind, e.initiator,
             coalesce(e.psci ->> 'version', '') AS psci, coalesce(e.psci ->> 'function', '') AS call,
             coalesce(e.hibernation, '') AS hibernation, right(e.boot_id::text, 12) AS boot
      FROM events e LEFT JOIN vms v ON v.id = e.vm_id
      ORDER BY e.txid, e.position`);
    const heading: Row = {
      recorded: 'recorded',
      vm: 'vm',
      kind: 'kind',
      initiator: 'initiator',
      psci: 'psci',
      call: 'call',
      hibernation: 'hibernation',
      boot: 'boot',
    };
    const width = (name: (typeof COLUMNS)[number]) =>
      Math.max(...[heading, ...rows].map((row) => row[name].length));
    const line = (row: Row) =>
      COLUMNS.map((name) => row[name].padEnd(width(name)))
        .join('  ')
        .trimEnd();
    return { lines: [heading, ...rows].map((row) => `  ${line(row)}`), count: rows.length };
  } finally {
    await connection.close();
  }
}
