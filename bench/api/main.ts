/**
 * `node bench/api/main.ts`: what the API's semantics cost. The API and, as the limit, a bare Fastify with one prepared
 * query (bare.ts) serve the same VMs from one Postgres; both are asked in turn, round by round, by one process of clients.
 *
 *   --vms N         VMs in the database (1000)
 *   --clients N     requests under way at the same time (16)
 *   --seconds N     of each turn (3)
 *   --rounds N      turns of each (5)
 *   --only PART,…   reads, incus, ingest, prisma (all)
 *   --incusd FILE   Debian's incusd, if it is elsewhere
 *
 * Prints the median rate of each, the ratio of both, p50 and p99 of all answers, and the memory of the servers. `incus`
 * asks Debian's Incus for the same things, of 50 instances that were never started (incus.ts). `prisma` asks
 * the API's own query of one VM in this process, by Prisma's $queryRaw and as a prepared statement of `pg`, in turn.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { INCUSD, Incus } from './incus.ts';
import { Ingest } from './ingest.ts';
import { load, type Turn } from './load.ts';
import { comparePrisma } from './prisma.ts';
import { type Server, Service } from './service.ts';

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'reads,incus,ingest,prisma' },
    incusd: { type: 'string', default: INCUSD },
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

/** One of two that are compared. */
interface Side {
  name: string;
  server: Server;
  turn: () => Promise<Turn>;
}

/** Both in turn; the first round of each warms up and does not count. */
async function alternate(name: string, unit: string, one: Side, other: Side): Promise<void> {
  const [own, its]: [Costed[], Costed[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [side, turns] of [[one, own] as const, [other, its] as const]) {
      const turn = await withCpu(side.server, side.turn);
      if (round > 0) turns.push(turn);
    }
  }
  const [a, b] = [rateOf(own), rateOf(its)];
  const ratios = `rates ${(a / b).toFixed(2)}, CPU ${(cpuOf(its) / cpuOf(own)).toFixed(2)}`;
  console.log(`${name.padEnd(18)} ${one.name.padEnd(5)} ${line(own, unit)}`);
  console.log(`${''.padEnd(18)} ${other.name.padEnd(5)} ${line(its, unit)}  ratio of ${ratios}`);
}

async function withCpu(server: Server, turn: () => Promise<Turn>): Promise<Costed> {
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

function rateOf(turns: readonly Costed[]): number {
  return median(turns.map(({ rate }) => rate));
}

function line(turns: readonly Costed[], unit: string): string {
  const all = turns.flatMap(({ milliseconds }) => milliseconds).sort((x, y) => x - y);
  const at = (part: number): string => (all[Math.floor(all.length * part)] ?? 0).toFixed(1);
  const times = `p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`;
  const [own, postgres] = [median(turns.map((one) => one.own)), median(turns.map((one) => one.postgres))];
  const cpu = `CPU ${own.toFixed(0)} + ${postgres.toFixed(0)} µs`;
  return `${rateOf(turns).toFixed(0).padStart(6)} ${unit}/s  ${times}  ${cpu}`;
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
}

const reads = { clients, seconds, method: 'GET', headers: { authorization } };
const apiReads = (target: () => string): Side => ({
  ...{ name: 'api', server: api },
  turn: () => load({ ...reads, url: api.url, target }),
});
const otherReads = (name: string, server: Server, target: () => string): Side => ({
  ...{ name, server },
  turn: () => load({ ...reads, headers: {}, url: server.url, target }),
});
const oneVm = (): string => `/v1/vms/${someVm()}`;
const fiftyVms = (): string => '/v1/vms?limit=50';
if (parts.includes('reads')) {
  await alternate('GET one VM', 'requests', apiReads(oneVm), otherReads('bare', bare, oneVm));
  await alternate('GET a list of 50', 'requests', apiReads(fiftyVms), otherReads('bare', bare, fiftyVms));
}
if (parts.includes('incus')) {
  await using incus = await Incus.start(values.incusd, 50);
  if (incus === null) {
    console.log(`incus was left out: it takes root, and ${values.incusd}, which Debian has in incus-base`);
  } else {
    const one = otherReads('incus', incus, () => `/1.0/instances/${incus.someName()}`);
    const list = otherReads('incus', incus, () => '/1.0/instances?recursion=1');
    await alternate('GET one', 'requests', apiReads(oneVm), one);
    await alternate('GET a list of 50', 'requests', apiReads(fiftyVms), list);
    console.log(`memory: incus ${incus.memory().toFixed(0)} MB`);
  }
}
if (parts.includes('ingest')) {
  const ingest = await Ingest.prepare(service);
  await alternate(
    ...(['events of hosts', 'events'] as const),
    { name: 'api', server: api, turn: () => ingest.toApi(seconds) },
    { name: 'bare', server: bare, turn: () => ingest.toBare(seconds) },
  );
}
if (parts.includes('prisma')) await comparePrisma(service.databaseUrl, ids, { rounds, seconds });
console.log(`memory: api ${api.memory().toFixed(0)} MB, bare ${bare.memory().toFixed(0)} MB`);
console.log(`${vms} VMs, ${clients} clients, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
