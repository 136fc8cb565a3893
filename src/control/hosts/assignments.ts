/**
 * What a host should run: level-triggered, so the answer is the whole truth each time and a lost one costs only time.
 *
 * Whatever is told to a host is marked `running` before it is told, in a transaction of its own: from then on nobody can
 * take it back as if the host had never heard of it.
 */
import { createHash } from 'node:crypto';
import type { Assignment, AssignmentsResponse, RunRequest, RunSpec } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import type { OperationArgs, OperationStatus } from '../operations/operations.ts';
import { arrivingDisks } from '../vms/migration-transfers.ts';
import type { VmRecord } from '../vms/vm-query.ts';
import { remainsOf } from '../vms/vm-remains.ts';

/** For a request whose operation says nothing of a timeout. */
export const DEFAULT_TIMEOUT_SECONDS = { stop: 60, hibernate: 300 } as const;

/** The assignments of a host: at once when they differ from `known`, else when they do or after `seconds`. */
export async function waitForAssignments(
  control: Control,
  hostId: string,
  options: { known: string | null; seconds: number; signal: AbortSignal },
): Promise<AssignmentsResponse> {
  const watch = control.wake.watch([hostTopic(hostId)]);
  try {
    for (const deadline = performance.now() + options.seconds * 1_000; ; ) {
      const assignments = await readAssignments(control, hostId);
      const left = deadline - performance.now();
      if (assignments.revision !== options.known || left <= 0 || options.signal.aborted) return assignments;
      await watch.next(left, options.signal);
    }
  } finally {
    watch.close();
  }
}

/** Reads, marks what is new as handed over, and reads again if something was taken back in between. */
async function readAssignments(control: Control, hostId: string): Promise<AssignmentsResponse> {
  for (;;) {
    const { vms: assigned, pending } = await read(control, hostId);
    // Behind them, since a VM may leave the host at this moment.
    const [remains, arriving] = [await remainsOf(control, hostId), await arrivingDisks(control, hostId)];
    const vms = [...assigned, ...remains, ...arriving];
    if (await handOver(control, pending)) {
      const revision = createHash('sha256').update(JSON.stringify(vms)).digest('base64url');
      return { revision, vms };
    }
  }
}

interface Row extends Pick<VmRecord, 'name' | 'vcpus' | 'disks' | 'onGuest' | 'generation' | 'runId'> {
  id: string;
  memoryMiB: number;
  psci: RunSpec['psci'] | null;
  allowMissingRegisters: boolean;
  requireIdRegisters: boolean;
  systemSuspend: boolean;
  firmware: RunSpec['firmware'];
  kernel: string;
  initramfs: string | null;
  imageCmdline: string;
  cmdline: string;
  nics: RunSpec['nics'];
  vsockCid: number | null;
  restore: RunSpec['restore'];
  /** The migration that the host is to bring its disks for. */
  giving: string | null;
  operations: {
    id: string;
    kind: RunRequest['kind'] | 'start' | 'delete' | 'migrate';
    runId: string | null;
    status: OperationStatus;
    args: OperationArgs;
    intentId: string | null;
    traceparent: string | null;
  }[];
}

/** One statement, so one snapshot: a run is never seen without its operations. */
async function read(control: Control, hostId: string): Promise<{ vms: Assignment[]; pending: string[] }> {
  const { rows } = await control.pool.query<Row>({
    name: 'assignments',
    text: `SELECT v.id, v.name, v.vcpus, v.memory_mib AS "memoryMiB", v.disks, v.on_guest AS "onGuest", v.generation,
             v.run_id AS "runId", v.psci_effective AS psci, v.firmware_run AS firmware,
             v.psci_allow_missing_registers AS "allowMissingRegisters",
             v.hibernation IS NOT DISTINCT FROM 'yes' AS "requireIdRegisters",
             v.psci_system_suspend AS "systemSuspend", v.vsock_cid AS "vsockCid", v.cmdline, i.cmdline AS "imageCmdline",
             i.kernel_digest AS kernel, i.initramfs_digest AS initramfs, COALESCE(o.operations, '[]') AS operations,
             COALESCE(c.nics, '[]') AS nics,
             CASE WHEN v.restoring THEN jsonb_build_object('snapshot', s.blob_digest,
               'skipAbsentRegisters', v.skip_absent_registers,
               'once', v.moving_snapshot_id IS NOT NULL) END AS restore,
             (SELECT m.operation_id FROM migrations m WHERE m.vm_id = v.id AND m.state = 'giving') AS giving
           FROM vms v JOIN images i ON i.id = v.image_id
           LEFT JOIN snapshots s ON s.id = COALESCE(v.moving_snapshot_id, v.snapshot_id)
           LEFT JOIN LATERAL (
             SELECT jsonb_agg(jsonb_build_object('id', o.id, 'kind', o.kind, 'runId', o.run_id, 'status', o.status,
               'args', o.args, 'intentId', n.id, 'traceparent', o.traceparent) ORDER BY o.id) AS operations
             FROM operations o LEFT JOIN intents n ON n.operation_id = o.id
             WHERE o.vm_id = v.id AND (o.status IN ('pending', 'running') OR (o.kind = 'start' AND o.run_id = v.run_id))
           ) o ON true
           LEFT JOIN LATERAL (
             SELECT jsonb_agg(jsonb_build_object('name', n.name, 'mac', n.mac,
               'network', jsonb_build_object('id', w.id, 'name', w.name, 'cidr', w.cidr, 'outside', w.outside),
               'address', host(w.cidr::inet + n.host_number)) ORDER BY n.position) AS nics
             FROM nics n JOIN networks w ON w.id = n.network_id WHERE n.vm_id = v.id
           ) c ON true
           WHERE v.host_id = $1 ORDER BY v.id`,
    values: [hostId],
  });
  const pending = rows.flatMap(({ operations }) =>
    operations
      // A start that waits for room has no run yet, and no host is told of it.
      .filter(({ status, kind, runId }) => status === 'pending' && (kind === 'delete' || runId !== null))
      .map(({ id }) => id),
  );
  return { vms: rows.map(toAssignment), pending };
}

function toAssignment(row: Row): Assignment {
  return {
    vmId: row.id,
    generation: row.generation,
    run: row.runId === null ? null : toRun(row, row.runId),
    requests: row.operations.flatMap((operation) => toRequest(operation, row.runId)),
    deleteOperationId: row.operations.find(({ kind }) => kind === 'delete')?.id ?? null,
    ...traceparentsOf(row.operations),
    ...(row.giving === null ? {} : { transfer: { operationId: row.giving, digest: null, disks: row.disks } }),
  };
}

function traceparentsOf(operations: Row['operations']): Pick<Assignment, 'traceparents'> {
  const traced = operations.flatMap(({ id, traceparent }) =>
    traceparent === null ? [] : [[id, traceparent]],
  );
  return traced.length === 0 ? {} : { traceparents: Object.fromEntries(traced) };
}

function toRun(row: Row, runId: string): RunSpec {
  const start = row.operations.find((operation) => operation.kind === 'start' && operation.runId === runId);
  if (start === undefined || row.psci === null) throw new Error(`Run ${runId} has no start or no pin`);
  const { name, vcpus, memoryMiB, kernel, initramfs, disks, nics, vsockCid, onGuest, psci } = row;
  const { restore, firmware, allowMissingRegisters, requireIdRegisters, systemSuspend } = row;
  return {
    vmId: row.id,
    runId,
    operationId: start.id,
    name,
    vcpus,
    memoryMiB,
    kernel,
    initramfs,
    cmdline: [row.imageCmdline, row.cmdline].filter((part) => part !== '').join(' '),
    disks: disks.map(({ name, sizeMiB, readOnly }) => ({ name, sizeMiB, readOnly })),
    nics,
    vsockCid,
    psci,
    systemSuspend,
    firmware,
    allowMissingRegisters,
    requireIdRegisters,
    onGuest: { poweroff: onGuest.poweroff, reset: onGuest.reset, crash: onGuest.crash },
    restore,
  };
}

function toRequest(operation: Row['operations'][number], runId: string | null): RunRequest[] {
  const { id, kind, args, intentId } = operation;
  if (kind === 'start' || kind === 'delete' || kind === 'migrate') return [];
  if (intentId === null || operation.runId !== runId) return [];
  const asks = kind === 'stop' || kind === 'hibernate';
  return [
    {
      operationId: id,
      intentId,
      kind,
      timeoutSeconds: asks ? (args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS[kind]) : null,
      force: args.force ?? false,
    },
  ];
}

/** False when one of them is pending no more: it was cancelled at this moment. */
async function handOver(control: Control, pending: readonly string[]): Promise<boolean> {
  if (pending.length === 0) return true;
  const { rows } = await control.pool.query<{ id: string }>(
    `WITH fresh AS (
       SELECT id FROM operations WHERE id = ANY($1::uuid[]) AND status = 'pending' ORDER BY id FOR UPDATE)
     UPDATE operations SET status = 'running' FROM fresh WHERE operations.id = fresh.id RETURNING operations.id`,
    [pending],
  );
  control.wake.notify(...rows.map(({ id }) => operationTopic(id)));
  return rows.length === pending.length;
}

/** Whether a VM of the host boots the blob, or goes on from it. */
export async function hostMayRead(control: Control, hostId: string, digest: string): Promise<boolean> {
  const { rows } = await control.pool.query({
    name: 'host-may-read',
    text: `SELECT 1 FROM vms v JOIN images i ON i.id = v.image_id
           LEFT JOIN snapshots s ON s.id = COALESCE(v.moving_snapshot_id, v.snapshot_id) AND v.restoring
           WHERE v.host_id = $1 AND (i.kernel_digest = $2 OR i.initramfs_digest = $2 OR s.blob_digest = $2)
           UNION ALL SELECT 1 FROM migrations WHERE target_host_id = $1 AND digest = $2 AND state = 'taking' LIMIT 1`,
    values: [hostId, digest],
  });
  return rows.length > 0;
}
