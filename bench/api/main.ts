/**
 * `node bench/api/main.ts`: what the API's semantics cost. The API and, as the limit, a bare Fastify with one prepared
 * query (bare.ts) serve the same VMs from one Postgres; both are asked in turn, round by round, by one process of clients.
 *
 *   --vms N         VMs in the database (1000)
 *   --clients N     requests under way at the same time (16)
 *   --seconds N     of each turn (3)
 *   --rounds N      turns of each (5)
 *   --only PART,…   reads, ingest, prisma (all)
 *
 * Prints the median rate of each, the ratio of both, p50 and p99 of all answers, and the memory of the servers. `prisma` asks
 * the API's own query of one VM in this process, by Prisma's $queryRaw and as a prepared statement of `pg`, in turn.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Ingest } from './ingest.ts';
import { load, type Turn } from './load.ts';
import { comparePrisma } from './prisma.ts';
import { Service } from './service.ts';

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'reads,ingest,prisma' },
  },
});
const parts = values.only.split(',');
const [vms, clients, seconds, rounds] = [values.vms, values.clients, values.seconds, values.rounds].map(
  Number,
) as [number, number, number, number];
if (![vms, clients, seconds, rounds].every((number) => number > 0)) {
  process.stderr.write('every number is above 0\n');
  process.exit(2);
}

await using service = await Service.start(vms);
const { ids, api, bare, token } = service;
const authorization = `Bearer ${token}`;
let turn = 0;
const someVm = (): string => {
  turn += 1;
  return ids[turn % ids.length] ?? '';
};

interface Costed extends Turn {
  /** Microseconds of the processor for one answer, which say the same on a busy machine. */
  own: number;
  postgres: number;
}

/** Both in turn; the first round of each warms up and does not count. */
async function alternate(name: string, one: () => Promise<Turn>, other: () => Promise<Turn>, unit: string) {
  const [own, limit]: [Costed[], Costed[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [mine, its] = [await withCpu(api, one), await withCpu(bare, other)];
    if (round > 0) {
      own.push(mine);
      limit.push(its);
    }
  }
  const [a, b] = [median(own.map(({ rate }) => rate)), median(limit.map(({ rate }) => rate))];
  console.log(`${name.padEnd(20)} api  ${line(own, a, unit)}`);
  const ratios = `ratio of rates ${(a / b).toFixed(2)}, of CPU ${(cpuOf(limit) / cpuOf(own)).toFixed(2)}`;
  console.log(`${''.padEnd(20)} bare ${line(limit, b, unit)}   ${ratios}`);
}

async function withCpu(server: Service['api'], turn: () => Promise<Turn>): Promise<Costed> {
  const before = server.cpu();
  const result = await turn();
  const after = server.cpu();
  const each = (seconds: number): number => (seconds * 1e6) / result.milliseconds.length;
  return {
    ...result,
    own: each(after.own - before.own),
    postgres: each(after.postgres - before.postgres),
  };
}

function cpuOf(turns: readonly Costed[]): number {
  return median(turns.map(({ own, postgres }) => own + postgres));
}

function line(turns: Costed[], rate: number, unit: string): string {
  const all = turns.flatMap(({ milliseconds }) => milliseconds).sort((x, y) => x - y);
  const at = (part: number): string => (all[Math.floor(all.length * part)] ?? 0).toFixed(1);
  const times = `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`;
  const [own, postgres] = [median(turns.map((one) => one.own)), median(turns.map((one) => one.postgres))];
  const cpu = `CPU ${own.toFixed(0)} + ${postgres.toFixed(0)} µs`;
  return `${rate.toFixed(0).padStart(6)} ${unit}/s  ${times}  ${cpu}`;
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
}

const reads = { clients, seconds, method: 'GET', headers: { authorization } };
if (parts.includes('reads')) {
  const one = (url: string) => () => load({ ...reads, url, target: () => `/v1/vms/${someVm()}` });
  const list = (url: string) => () => load({ ...reads, url, target: () => '/v1/vms?limit=50' });
  await alternate('GET one VM', one(api.url), one(bare.url), 'requests');
  await alternate('GET a list of 50', list(api.url), list(bare.url), 'requests');
}
if (parts.includes('ingest')) {
  const ingest = await Ingest.prepare(service);
  await alternate(
    'events of hosts',
    () => ingest.toApi(seconds),
    () => ingest.toBare(seconds),
    'events',
  );
}
if (parts.includes('prisma')) await comparePrisma(service.databaseUrl, ids, { rounds, seconds });
console.log(`memory: api ${api.memory().toFixed(0)} MB, bare ${bare.memory().toFixed(0)} MB`);
console.log(`${vms} VMs, ${clients} clients, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
