/**
 * Taking a saved guest from its host.
 *
 *   `saved` recorded ─▶ PUT of the file ─▶ pieces ─▶ one transaction: blob, snapshot, operation succeeded
 *
 * The host sends the file under the intent of the request until it is answered. An API that dies before the transaction
 * leaves pieces for the sweep and nothing else; one that dies after it finds the operation ended, and answers the same.
 */
import type pg from 'pg';
import type { SavedSnapshot } from '../../wire/event.ts';
import type { Control } from '../control.ts';
import { transact } from '../database/transact.ts';
import { operationTopic } from '../events/topics.ts';
import { waiterOf } from '../identity/requesters.ts';
import { storeBlob } from '../images/blobs.ts';
import { LOOK_SOON_SQL } from '../jobs/jobs.ts';
import {
  endOperation,
  type OperationArgs,
  type OperationStatus,
  operationProblem,
} from '../operations/operations.ts';
import { Refusal } from '../refusals.ts';

/** Memory and disks of a large guest, compressed. */
export const LARGEST_SNAPSHOT_BYTES = 64 * 1024 * 1024 * 1024;

interface Saved {
  operationId: string;
  status: OperationStatus;
  args: OperationArgs;
  requestedBy: string;
  vmId: string;
  runId: string;
  bootId: string;
  observedAt: Date;
  snapshot: SavedSnapshot;
}

/**
 * Stores what the host `hostId` saved for the request `intentId`, once however often it is sent.
 * Throws SNAPSHOT_NOT_WANTED when no open request stands behind it, for ever; DIGEST_MISMATCH or BODY_TOO_LARGE, and the
 * operation has failed; BODY_TRUNCATED, and it is to be sent again.
 */
export async function takeSnapshot(
  control: Control,
  hostId: string,
  intentId: string,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const saved = await findSaved(control, hostId, intentId);
  if (saved.status === 'succeeded') {
    // Read to its end, for a sender whose connection breaks does not hear the answer.
    for await (const _ of source);
    return;
  }
  try {
    await storeBlob(control, saved.snapshot.digest, source, {
      mostBytes: LARGEST_SNAPSHOT_BYTES,
      settle: async (client) => await settle(client, hostId, saved),
    });
  } catch (error) {
    if (error instanceof Refusal && (error.code === 'DIGEST_MISMATCH' || error.code === 'BODY_TOO_LARGE')) {
      const problem = operationProblem(
        'SNAPSHOT_DAMAGED',
        `The file that the host sent is not to be had: ${error.message}`,
      );
      await transact(control, (tx) =>
        endOperation(tx, saved.operationId, { status: 'failed', error: problem }, { withdraw: false }),
      );
      control.wake.notify(operationTopic(saved.operationId));
    }
    throw error;
  }
  control.wake.notify(operationTopic(saved.operationId));
}

async function findSaved(control: Control, hostId: string, intentId: string): Promise<Saved> {
  const { rows } = await control.pool.query<Saved>({
    name: 'saved-snapshot',
    text: `SELECT o.id AS "operationId", o.status, o.args, o.requested_by AS "requestedBy", e.vm_id AS "vmId",
             e.run_id AS "runId", e.boot_id AS "bootId", e.observed_at AS "observedAt", e.snapshot
           FROM intents n JOIN operations o ON o.id = n.operation_id JOIN events e ON e.id = n.event_id
           WHERE n.id = $1 AND o.kind = 'snapshot' AND e.host_id = $2 AND e.snapshot IS NOT NULL
             AND o.status IN ('pending', 'running', 'succeeded')`,
    values: [intentId, hostId],
  });
  const [saved] = rows;
  if (saved === undefined) throw notWanted();
  return saved;
}

function notWanted(): Refusal {
  return new Refusal(
    'SNAPSHOT_NOT_WANTED',
    'No open request for a snapshot of a VM of this host is behind this.',
  );
}

/** The snapshot and the end of its operation, in the transaction that makes the blob visible. */
async function settle(client: pg.PoolClient, hostId: string, saved: Saved): Promise<void> {
  const { operationId, args, requestedBy, vmId, runId, bootId, observedAt, snapshot } = saved;
  const locked = await client.query<{ status: OperationStatus }>(
    'SELECT status FROM operations WHERE id = $1 FOR UPDATE',
    [operationId],
  );
  const status = locked.rows[0]?.status;
  // Sent twice at once.
  if (status === 'succeeded') return;
  if (status !== 'running' && status !== 'pending') throw notWanted();
  const { digest, sizeBytes, pauseMilliseconds, vcpus, memoryMiB, disks, firmware, hostBootId } = snapshot;
  const { rowCount } = await client.query(
    `INSERT INTO snapshots (id, name, vm_id, vm_name, host_id, run_id, boot_id, image_id, cmdline, vcpus, memory_mib,
       disks, nics, vsock, psci_source, psci_policy_revision, firmware, host_boot_id, blob_digest, size_bytes,
       pause_milliseconds, requested_by, saved_at)
     SELECT $1, $2, v.id, v.name, $3, $4, $5, v.image_id, v.cmdline, $6, $7, $8, COALESCE(c.nics, '[]'),
       v.vsock_cid IS NOT NULL, v.psci_source, v.psci_policy_revision,
       $9, $16, $10, $11, $12, $13, $14
     FROM vms v LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('name', n.name, 'mac', n.mac, 'network', w.name) ORDER BY n.position) AS nics
       FROM nics n JOIN networks w ON w.id = n.network_id WHERE n.vm_id = v.id
     ) c ON true
     WHERE v.id = $15`,
    [
      ...[args.snapshotId, args.snapshotName ?? null, hostId, runId, bootId, vcpus, memoryMiB],
      ...[JSON.stringify(disks), JSON.stringify(firmware), digest, sizeBytes, pauseMilliseconds, requestedBy],
      ...[observedAt, vmId, hostBootId ?? null],
    ],
  );
  if (rowCount !== 1) throw notWanted();
  await client.query(`UPDATE operations SET status = 'succeeded', finished_at = now() WHERE id = $1`, [
    operationId,
  ]);
  const waiter = waiterOf(requestedBy);
  if (waiter !== null) await client.query(LOOK_SOON_SQL, [waiter.task, waiter.id]);
}
