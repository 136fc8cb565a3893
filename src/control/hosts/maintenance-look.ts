/** One look at a maintenance: whether what it waits for has come. */
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import type { Task } from '../jobs/jobs.ts';
import { type StepSpan, stepInLastingTrace } from '../operations/lasting-trace.ts';
import { readFingerprints } from './fingerprints.ts';
import {
  completeMaintenance,
  getMaintenance,
  type HostKernel,
  lockMaintenance,
  type MaintenanceRecord,
  type MaintenanceStatus,
  OPEN_MAINTENANCES,
  readKernel,
  sendMaintenanceSpan,
} from './maintenance.ts';
import { findings, type NeedingVm } from './maintenance-findings.ts';

/** What it waits for, nobody tells: a host's heartbeats come every few seconds. */
const LOOK_SECONDS = 2;

interface Look {
  readonly open: boolean;
  readonly before: MaintenanceRecord;
  readonly after: MaintenanceRecord;
}

/** A look that finds what was waited for. */
function stepSpan({ before, after }: Look): StepSpan | null {
  if (after.status === before.status) return null;
  const attributes = { 'holdfast.maintenance_id': after.id, 'holdfast.host_id': after.hostId };
  return { name: `maintenance ${after.status}`, attributes };
}

export const maintenanceTask: Task = {
  name: 'maintenance',
  look: async (control, id) => {
    const { traceparent } = await getMaintenance(control.db, id);
    const look = async (tx: Executor): Promise<Look> => {
      const before = await lockMaintenance(tx, id);
      const open = await lookAt(tx, before);
      return { open, before, after: await getMaintenance(tx, id) };
    };
    const { open, before, after } = await stepInLastingTrace(
      traceparent,
      () => transact(control, look),
      stepSpan,
    );
    if (before.finishedAt === null) sendMaintenanceSpan(after);
    if (!open) control.wake.notify(hostTopic(after.hostId));
    return open ? LOOK_SECONDS : null;
  },
  setLookAt: async (tx, id, seconds) => {
    await tx.$executeRaw`
      UPDATE maintenances SET look_at = now() + make_interval(secs => ${seconds}::float8) WHERE id = ${id}::uuid`;
  },
  forgotten: async (control: Control, seconds) => {
    const rows = await control.db.$queryRaw<{ id: string }[]>`
      SELECT id FROM maintenances WHERE status = ANY(${OPEN_MAINTENANCES.filter((status) => status !== 'differs')})
        AND look_at < now() - make_interval(secs => ${seconds}::float8)`;
    return rows.map(({ id }) => id);
  },
};

/** Returns whether there is more to wait for that is not a person. */
async function lookAt(tx: Executor, found: MaintenanceRecord): Promise<boolean> {
  if (!OPEN_MAINTENANCES.includes(found.status) || found.status === 'differs') return false;
  const { hostId, before } = found;
  const drain = await tx.operation.findFirst({
    where: { hostId, kind: 'drain' },
    orderBy: { id: 'desc' },
    select: { id: true, status: true },
  });
  if (drain?.status === 'running') {
    await note(tx, found, 'draining', 'Its VMs are seen to; see the drain.', { drainId: drain.id });
    return true;
  }
  const now = await readKernel(tx, hostId);
  if (now.bootId === before.bootId) {
    const running = await tx.vm.count({ where: { hostId, runId: { not: null } } });
    if (running > 0) {
      await note(
        tx,
        found,
        'draining',
        `${running} VMs still run there: drain the host again, or stop them.`,
      );
    } else {
      await note(tx, found, 'awaitingReboot', 'Nothing runs there: boot the host with its new kernel.');
    }
    return true;
  }
  if (before.fingerprint !== null && now.fingerprint === null) {
    await note(tx, found, 'checking', 'Its agent measures what the new kernel answers.', {
      after: { ...now },
    });
    return true;
  }
  await judge(tx, found, now);
  return false;
}

async function judge(tx: Executor, found: MaintenanceRecord, now: HostKernel): Promise<void> {
  const digests = [found.before.fingerprint, now.fingerprint].filter((digest) => digest !== null);
  const stored = await readFingerprints(tx, digests);
  const bodyOf = (digest: string | null) => (digest === null ? null : (stored.get(digest)?.body ?? null));
  const vms = await tx.$queryRaw<NeedingVm[]>`
    SELECT v.name, COALESCE(v.psci_effective, v.psci_version) AS version FROM vms v
    WHERE COALESCE(v.psci_effective, v.psci_version) IS NOT NULL AND (v.host_id = ${found.hostId}::uuid
      OR v.id IN (SELECT vm_id FROM drain_vms WHERE drain_id = ${found.drainId}::uuid))
    ORDER BY v.name`;
  const said = findings(vms, now.accepted, bodyOf(found.before.fingerprint), bodyOf(now.fingerprint));
  const data = { after: { ...now }, findings: said, revision: { increment: 1 } };
  if (said.length === 0) {
    await tx.maintenance.update({ where: { id: found.id }, data });
    await completeMaintenance(tx, found, null);
    return;
  }
  const reason = 'What its VMs have is gone or answered otherwise. Acknowledge that to uncordon the host.';
  await tx.maintenance.update({ where: { id: found.id }, data: { ...data, status: 'differs', reason } });
}

/** Writes only what has changed, so that a wait spoils nobody's If-Match. */
async function note(
  tx: Executor,
  found: MaintenanceRecord,
  status: MaintenanceStatus,
  reason: string,
  more: {
    drainId?: string;
    after?: { bootId: string; kernel: string; accepted: string[]; fingerprint: string | null };
  } = {},
): Promise<void> {
  if (found.status === status && found.reason === reason) return;
  const data = { status, reason, ...more, revision: { increment: 1 } };
  await tx.maintenance.update({ where: { id: found.id }, data });
}
