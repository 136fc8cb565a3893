/**
 * The fleet as gauges. They are of the database, so every replica gives the same: aggregate replicas by `max`. Read at
 * most once in some seconds, whoever scrapes; while Postgres is away they are missing, never stale.
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Control } from '../../control/control.ts';
import { type FleetGauges, type HostGauges, readFleetGauges } from '../../control/fleet/gauges.ts';
import type { HostCounters } from '../../wire/agent.ts';

const FRESH_MS = 5_000;
const MIB = 1024 * 1024;

type Labels = Record<string, string>;
type Sample = readonly [labels: Labels, value: number];
/** What one metric is, out of what was read. */
type Read = (fleet: FleetGauges) => Sample[];

/** Registers the metrics; the answer reads them anew if they are not fresh, and is to be awaited before a scrape. */
export function meterFleet(control: Control, registry: Registry): () => Promise<void> {
  const up = new Gauge({
    name: 'holdfast_postgres_up',
    help: 'Whether the last look at the fleet could be had from Postgres. Without it there are no fleet metrics.',
    registers: [registry],
  });
  const metrics = DEFINITIONS.map(({ name, help, labels, kind, read }) => {
    const options = { name, help, labelNames: labels, registers: [registry] };
    return { metric: kind === 'counter' ? new Counter(options) : new Gauge(options), read };
  });
  const look = async (): Promise<void> => {
    const fleet = await readFleetGauges(control).catch((error: unknown) => {
      control.log.warn({ err: error }, 'could not read the fleet for /metrics');
      return null;
    });
    up.set(fleet === null ? 0 : 1);
    for (const { metric, read } of metrics) {
      metric.reset();
      for (const [labels, value] of fleet === null ? [] : read(fleet)) metric.inc(labels, value);
    }
  };
  let last: { at: number; looking: Promise<void> } | null = null;
  return async () => {
    const now = performance.now();
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, looking: look() };
    await last.looking;
  };
}

interface Definition {
  name: string;
  help: string;
  labels: string[];
  kind: 'gauge' | 'counter';
  read: Read;
}

const gauge = (name: string, help: string, labels: string[], read: Read): Definition => ({
  ...{ name, help, labels, read },
  kind: 'gauge',
});

const perHost =
  (value: (host: HostGauges) => number): Read =>
  ({ hosts }) =>
    hosts.map((host) => [{ host: host.name }, value(host)]);

/** What a host's agent tells of it; hosts whose agent does not are left out. */
function told(
  kind: Definition['kind'],
  name: string,
  help: string,
  value: (counters: HostCounters) => number,
): Definition {
  const read: Read = ({ hosts }) =>
    hosts.flatMap(({ name: host, counters }) =>
      counters === null ? [] : [[{ host }, value(counters)] as const],
    );
  return { name, help, labels: ['host'], kind, read };
}

const CPU_MODES = ['user', 'system', 'guest'] as const;

const DEFINITIONS: readonly Definition[] = [
  gauge(
    'holdfast_vms',
    'VMs, by phase and by the PSCI version they are pinned to.',
    ['phase', 'psci_version'],
    (of) => of.vms.map(({ phase, psciVersion, count }) => [{ phase, psci_version: psciVersion }, count]),
  ),
  gauge(
    'holdfast_hosts',
    'Hosts, by lease: active, expired (silent), lost (given up by an operator).',
    ['lease', 'cordoned', 'kernel', 'simulated'],
    ({ hosts }) =>
      hosts.map(({ lease, cordoned, kernel, simulated }) => [
        { lease, kernel, cordoned: String(cordoned), simulated: String(simulated) },
        1,
      ]),
  ),
  gauge('holdfast_host_info', 'Always 1.', ['host', 'kernel', 'agent_version', 'simulated'], ({ hosts }) =>
    hosts.map(({ name, kernel, agentVersion, simulated }) => [
      { host: name, kernel, agent_version: agentVersion, simulated: String(simulated) },
      1,
    ]),
  ),
  gauge(
    'holdfast_host_silent_seconds',
    "Since a host's last heartbeat.",
    ['host'],
    perHost(({ silentSeconds }) => silentSeconds),
  ),
  gauge(
    'holdfast_host_capacity_vcpus',
    'vCPUs that a host offers.',
    ['host'],
    perHost(({ capacityVcpus }) => capacityVcpus),
  ),
  gauge(
    'holdfast_host_allocated_vcpus',
    'vCPUs of the VMs that have a run on a host.',
    ['host'],
    perHost(({ allocatedVcpus }) => allocatedVcpus),
  ),
  gauge(
    'holdfast_host_capacity_memory_bytes',
    'Memory that a host offers.',
    ['host'],
    perHost(({ capacityMemoryMiB }) => capacityMemoryMiB * MIB),
  ),
  gauge(
    'holdfast_host_allocated_memory_bytes',
    'Memory of the VMs that have a run on a host.',
    ['host'],
    perHost(({ allocatedMemoryMiB }) => allocatedMemoryMiB * MIB),
  ),
  told('gauge', 'holdfast_host_workers', 'Workers that live on a host.', ({ workers }) => workers.alive),
  told(
    'counter',
    'holdfast_host_worker_starts_total',
    "Workers that the host's agent has started.",
    ({ workers }) => workers.started,
  ),
  told(
    'counter',
    'holdfast_host_worker_deaths_total',
    'Workers that ended without a last record of their own: killed, crashed or out of memory.',
    ({ workers }) => workers.died,
  ),
  {
    name: 'holdfast_host_worker_cpu_seconds_total',
    help: 'CPU time of the workers of a host: in guests, in the program, and in the kernel.',
    labels: ['host', 'mode'],
    kind: 'counter',
    read: ({ hosts }) =>
      hosts.flatMap(({ name: host, counters }) =>
        counters === null
          ? []
          : CPU_MODES.map((mode) => [{ host, mode }, counters.workers.cpuSeconds[mode]] as const),
      ),
  },
  told(
    'gauge',
    'holdfast_host_worker_resident_bytes',
    "Memory of a host's workers that is in RAM, guests' memory included.",
    ({ workers }) => workers.residentBytes,
  ),
  told(
    'counter',
    'holdfast_host_worker_read_bytes_total',
    "What a host's workers made its disks read.",
    ({ workers }) => workers.readBytes,
  ),
  told(
    'counter',
    'holdfast_host_worker_written_bytes_total',
    "What a host's workers made its disks write.",
    ({ workers }) => workers.writtenBytes,
  ),
  told(
    'gauge',
    'holdfast_host_undelivered_events',
    'Records in journals of a host that the API had not settled at its last heartbeat.',
    ({ undeliveredEvents }) => undeliveredEvents,
  ),
  told(
    'gauge',
    'holdfast_host_state_free_bytes',
    'Room left where a host keeps disks, images and journals.',
    ({ stateFreeBytes }) => stateFreeBytes,
  ),
  gauge('holdfast_operations_open', 'Operations that have not ended.', ['kind', 'status'], (of) =>
    of.openOperations.map(({ kind, status, count }) => [{ kind, status }, count]),
  ),
  gauge(
    'holdfast_operation_oldest_open_seconds',
    'The age of the oldest operation that has not ended.',
    ['kind', 'status'],
    (of) => of.openOperations.map(({ kind, status, oldestSeconds }) => [{ kind, status }, oldestSeconds]),
  ),
  gauge(
    'holdfast_operations_last_hour',
    'Operations created within the last hour, by what has become of them.',
    ['kind', 'status'],
    (of) => of.recentOperations.map(({ kind, status, count }) => [{ kind, status }, count]),
  ),
  gauge(
    'holdfast_jobs',
    'Background jobs: running, due (wait for a worker), later, failed (not tried again).',
    ['task', 'state'],
    (of) => of.jobs.map(({ task, state, count }) => [{ task, state }, count]),
  ),
  gauge('holdfast_jobs_overdue_seconds', 'How long the oldest job that is due has waited.', ['task'], (of) =>
    of.jobs.flatMap(({ task, state, overdueSeconds }) =>
      state === 'due' ? [[{ task }, overdueSeconds] as const] : [],
    ),
  ),
  gauge(
    'holdfast_webhook_deliveries',
    'What webhooks have not delivered: queued, pending (tried again), dead (given up).',
    ['webhook', 'status'],
    (of) => of.webhooks.map(({ webhook, status, count }) => [{ webhook, status }, count]),
  ),
  gauge(
    'holdfast_webhook_waiting_seconds',
    'How long the oldest delivery of a webhook that is still to be made has waited.',
    ['webhook', 'status'],
    (of) =>
      of.webhooks.flatMap(({ webhook, status, oldestSeconds }) =>
        status === 'dead' ? [] : [[{ webhook, status }, oldestSeconds] as const],
      ),
  ),
  gauge('holdfast_rollouts', 'Rollouts, by status.', ['status'], (of) =>
    of.rollouts.map(({ status, count }) => [{ status }, count]),
  ),
  gauge(
    'holdfast_events_hidden_seconds',
    'Events recorded within so many seconds may not be shown to readers yet: the age of the oldest writing transaction.',
    [],
    ({ oldestWriteSeconds }) => [[{}, oldestWriteSeconds]],
  ),
];
