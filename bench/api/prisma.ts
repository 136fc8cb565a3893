/** What Prisma costs: one query of the API, by $queryRaw and as a prepared statement of `pg`, in turn, one at a time. */
import { pino } from 'pino';
import { createControl } from '../../src/control/control.ts';
import { findVmSql } from '../../src/control/vms/vm-query.ts';

export async function comparePrisma(
  databaseUrl: string,
  ids: readonly string[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> {
  const settings = { leaseSeconds: 3_600, heartbeatSeconds: 5, webhookNetworks: [], secretKeys: [] };
  const control = createControl(databaseUrl, settings, pino({ level: 'silent' }));
  let turn = 0;
  const nextId = (): string => {
    turn += 1;
    return ids[turn % ids.length] ?? '';
  };
  const ways = {
    'Prisma $queryRaw': (id: string) => control.db.$queryRaw(findVmSql(id)),
    'pg, prepared': (id: string) => {
      const { text, values } = findVmSql(id);
      return control.pool.query({ name: 'bench-one-vm', text, values: [...values] });
    },
    'Prisma findUnique, the row alone': (id: string) => control.db.vm.findUnique({ where: { id } }),
    'pg, the row alone': (id: string) =>
      control.pool.query({ name: 'bench-row', text: 'SELECT * FROM vms WHERE id = $1', values: [id] }),
  };
  const spent = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, query] of Object.entries(ways)) {
      let count = 0;
      const begun = performance.now();
      while (performance.now() - begun < (seconds * 1_000) / 4) {
        await query(nextId());
        count += 1;
      }
      if (round > 0) spent.get(name)?.push((performance.now() - begun) / count);
    }
  }
  for (const [name, milliseconds] of spent) {
    const sorted = milliseconds.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    console.log(`one VM by ${name.padEnd(34)} ${median.toFixed(3)} ms`);
  }
  await control.close();
}
