/**
 * `node bench/fleet/main.ts`: how the control plane does with many hosts and VMs. For each size of fleet it brings up a
 * Postgres of its own, the API, and simulated hosts in a process of theirs; fills the fleet; and prints how long the
 * answers take that go over all of it, how long a storm of starts takes, and what memory the processes have.
 *
 *   --hosts N,…         sizes, one after the other (100,300,1000)
 *   --vms-per-host N    VMs of each host, nineteen of twenty of which run (20)
 *   --starts N          VMs started at the same time (1000)
 *   --replicas N        API processes that share the clients (1)
 *   --rounds N          how often each question is asked (7)
 *   --only PART,…       questions, storm (both)
 *   --json FILE         every sample
 *
 * The hosts enrol through the API and start what they are given through their own protocol. The fleet's VMs are written
 * straight into Postgres, with their starts: 20,000 of them through POST would take longer than all the rest. Those of
 * the storm are made and started through the API.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { HOLDFAST_VERSION } from '../../src/wire/version.ts';
import { Cluster } from './cluster.ts';
import { askAll } from './questions.ts';
import { storm } from './storm.ts';
import { type Sample, table } from './table.ts';

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '100,300,1000' },
    'vms-per-host': { type: 'string', default: '20' },
    starts: { type: 'string', default: '1000' },
    replicas: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: 'questions,storm' },
    json: { type: 'string' },
  },
});
const parts = values.only.split(',');
const sizes = values.hosts.split(',').map(Number);
const [vmsPerHost, starts, replicas, rounds] = [
  values['vms-per-host'],
  values.starts,
  values.replicas,
  values.rounds,
].map(Number) as [number, number, number, number];
if (
  ![...sizes, vmsPerHost, starts, replicas, rounds].every((number) => Number.isInteger(number) && number > 0)
) {
  process.stderr.write('every number is a whole one from 1 on\n');
  process.exit(2);
}

const begun = performance.now();
const progress = (line: string): void => {
  process.stderr.write(`[bench ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
};

const samples: Sample[] = [];
async function measure(hosts: number): Promise<void> {
  progress(`${hosts} hosts: bringing them up`);
  await using cluster = await Cluster.start({ hosts, replicas, progress });
  const sample = (metric: string, value: number, unit: Sample['unit']): void => {
    samples.push({ hosts, metric, value, unit });
  };
  const { vms, running, seconds } = await cluster.fill(vmsPerHost);
  sample('VMs in the fleet', vms, '');
  sample('all their guests told of, from nothing', seconds, 's');
  progress(`${hosts} hosts: ${vms} VMs, ${running} of which run`);
  await cluster.rest();
  if (parts.includes('questions')) await askAll(cluster, rounds, sample);
  if (parts.includes('storm')) {
    progress(`${hosts} hosts: a storm of ${starts} starts`);
    await storm(cluster, starts, sample);
  }
  for (const [process, megabytes] of await cluster.memory()) sample(`memory of ${process}`, megabytes, 'MB');
}

try {
  for (const hosts of sizes) await measure(hosts);
} catch (error) {
  // What has been measured is told all the same.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}

process.stdout.write(
  `Holdfast ${HOLDFAST_VERSION}, ${replicas} API process(es), Node ${process.version}, ${cpus().length} CPUs ` +
    `(${cpus()[0]?.model}), load at the end ${loadavg()[0]?.toFixed(1)}\n` +
    'Hosts are simulated; the fleet’s VMs are written by SQL, those of the storm made by the API.\n\n' +
    `${table(samples)}\n`,
);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(samples, null, 1)}\n`);
