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

/** Both in turn; the first round of each warms up and does not count. */
async function alternate(name: string, one: () => Promise<Turn>, other: () => Promise<Turn>, unit: string) {
  const [own, limit]: [Turn[], Turn[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [mine, its] = [await one(), await other()];
    if (round > 0) {
      own.push(mine);
      limit.push(its);
    }
  }
  const [a, b] = [median(own.map(({ rate }) => rate)), median(limit.map(({ rate }) => rate))];
  console.log(`${name.padEnd(24)} api ${line(own, a, unit)}`);
  console.log(`${''.padEnd(24)} bare ${line(limit, b, unit)}   api/bare ${(a / b).toFixed(2)}`);
}

function line(turns: Turn[], rate: number, unit: string): string {
  const all = turns.flatMap(({ milliseconds }) => milliseconds).sort((x, y) => x - y);
  const at = (part: number): string => (all[Math.floor(all.length * part)] ?? 0).toFixed(1);
  return `${rate.toFixed(0).padStart(6)} ${unit}/s  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`;
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
