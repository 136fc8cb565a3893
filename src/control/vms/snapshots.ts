/**
 * Snapshots: guests as they were, in a blob each. Asked for here, saved by the VM's host, taken from it by
 * snapshot-intake.ts; a VM made from one is made in vms.ts with what `snapshotShape` says.
 */
import { v7 as uuidv7 } from 'uuid';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import { isInsecure, type PsciVersion } from '../../psci/versions.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic } from '../events/topics.ts';
import { addOperation, findOpenOperation, type OperationRecord } from '../operations/operations.ts';
import type { PsciPolicy } from '../policies/pin.ts';
import type { Snapshot as SnapshotRow } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import type { NewNic } from './nics.ts';
import { refusalOf } from './vm-actions.ts';
import { type Disk, lockVm } from './vm-query.ts';

/** A snapshot as it is read. */
export interface SnapshotRecord extends Omit<SnapshotRow, 'disks' | 'nics' | 'firmware' | 'sizeBytes'> {
  disks: Disk[];
  nics: { name: string; mac: string; network: string }[];
  firmware: FirmwareAbi;
  sizeBytes: number;
}

/** The columns hold what snapshot-intake.ts writes. */
function toRecord(row: SnapshotRow): SnapshotRecord {
  return { ...row, sizeBytes: Number(row.sizeBytes) } as unknown as SnapshotRecord;
}

/** Begins to save a VM that runs or is paused, or throws the refusal that vm-actions.ts has. Waits for nothing. */
export async function requestSnapshot(
  control: Control,
  vmId: string,
  {
    name,
    check,
    requestedBy,
  }: { name: string | null; check: (revision: number) => void; requestedBy: string },
): Promise<OperationRecord> {
  const operation = await transact(control, async (tx) => {
    const vm = await lockVm(tx, vmId);
    if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    check(vm.revision);
    const refusal = refusalOf('snapshot', { ...vm, open: await findOpenOperation(tx, vmId) });
    if (refusal !== null) throw refusal;
    const args = { snapshotId: uuidv7(), snapshotName: name };
    const { hostId, runId } = vm;
    const added = await addOperation(tx, { kind: 'snapshot', vmId, hostId, runId, args, requestedBy });
    await tx.vm.update({
      where: { id: vmId },
      data: { generation: { increment: 1 }, revision: { increment: 1 } },
    });
    return added;
  });
  if (operation.hostId !== null) control.wake.notify(hostTopic(operation.hostId));
  return operation;
}

/** In the order of the requests for them. Those of a VM that is deleted stay; throws VM_NOT_FOUND for one that never was. */
export async function listSnapshots(
  control: Control,
  vmId: string,
  page: { afterId: string | null; limit: number },
): Promise<SnapshotRecord[]> {
  const rows = await control.db.snapshot.findMany({
    where: { vmId, ...(page.afterId === null ? {} : { id: { gt: page.afterId } }) },
    orderBy: { id: 'asc' },
    take: page.limit,
  });
  if (
    rows.length === 0 &&
    page.afterId === null &&
    (await control.db.vm.count({ where: { id: vmId } })) === 0
  ) {
    throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
  }
  return rows.map(toRecord);
}

export async function getSnapshot(
  control: Control,
  vmId: string,
  snapshotId: string,
): Promise<SnapshotRecord> {
  const row = await control.db.snapshot.findFirst({ where: { id: snapshotId, vmId } });
  if (row === null) throw notFound(vmId, snapshotId);
  return toRecord(row);
}

/** Throws SNAPSHOT_NOT_FOUND, or SNAPSHOT_IN_USE while a VM is still to go on from it. Its blob goes when nobody else has it. */
export async function deleteSnapshot(control: Control, vmId: string, snapshotId: string): Promise<void> {
  await transact(control, async (tx) => {
    // Against a VM that is made from it at this moment, which holds the row (`lockSnapshot`).
    const rows = await tx.$queryRaw<{ digest: string }[]>`
      SELECT blob_digest AS digest FROM snapshots WHERE id = ${snapshotId}::uuid AND vm_id = ${vmId}::uuid FOR UPDATE`;
    const [found] = rows;
    if (found === undefined) throw notFound(vmId, snapshotId);
    const waiting = await tx.vm.count({
      where: {
        restoring: true,
        OR: [{ snapshotId, movingSnapshotId: null }, { movingSnapshotId: snapshotId }],
      },
    });
    if (waiting > 0) {
      throw new Refusal(
        'SNAPSHOT_IN_USE',
        `${waiting} VMs are still to go on from this snapshot: start or delete them first.`,
      );
    }
    if ((await tx.migration.count({ where: { snapshotId, state: 'saving' } })) > 0) {
      throw new Refusal(
        'SNAPSHOT_IN_USE',
        'A migration is to go on from this snapshot, and removes it then.',
      );
    }
    await removeSnapshot(tx, snapshotId, found.digest);
  });
}

/** Removes what a migration needs no more, unless another VM is to go on from it. */
export async function dropMovedSnapshot(tx: Executor, snapshotId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ digest: string }[]>`
    SELECT blob_digest AS digest FROM snapshots WHERE id = ${snapshotId}::uuid FOR UPDATE`;
  const [found] = rows;
  const waiting = await tx.vm.count({ where: { restoring: true, snapshotId, movingSnapshotId: null } });
  if (found !== undefined && waiting === 0) await removeSnapshot(tx, snapshotId, found.digest);
}

async function removeSnapshot(tx: Executor, snapshotId: string, digest: string): Promise<void> {
  await tx.snapshot.delete({ where: { id: snapshotId } });
  await removeUnusedBlob(tx, digest);
}

/** Removes a blob that nothing names any more. */
export async function removeUnusedBlob(tx: Executor, digest: string): Promise<void> {
  const removed = await tx.$queryRaw<{ uploadId: string }[]>`
    DELETE FROM blobs b WHERE b.digest = ${digest}
      AND NOT EXISTS (SELECT FROM snapshots s WHERE s.blob_digest = b.digest)
      AND NOT EXISTS (SELECT FROM migrations m WHERE m.digest = b.digest AND m.state <> 'over')
      AND NOT EXISTS (SELECT FROM images i WHERE i.kernel_digest = b.digest OR i.initramfs_digest = b.digest)
    RETURNING b.upload_id AS "uploadId"`;
  for (const { uploadId } of removed) await tx.blobUpload.delete({ where: { id: uploadId } });
}

function notFound(vmId: string, snapshotId: string): Refusal {
  return new Refusal('SNAPSHOT_NOT_FOUND', `VM ${vmId} has no snapshot ${snapshotId}.`);
}

/** The snapshot a new VM is made from, kept from deletion until the transaction ends. Throws SNAPSHOT_UNKNOWN. */
export async function lockSnapshot(tx: Executor, snapshotId: string): Promise<SnapshotRecord> {
  await tx.$queryRaw`SELECT 1 FROM snapshots WHERE id = ${snapshotId}::uuid FOR SHARE`;
  const row = await tx.snapshot.findUnique({ where: { id: snapshotId } });
  if (row !== null) return toRecord(row);
  throw new Refusal('SNAPSHOT_UNKNOWN', `There is no snapshot ${snapshotId}.`, { pointer: '/snapshotId' });
}

/** What of a new VM its snapshot decides. Absent: as the snapshot has it. */
export interface RequestedShape {
  vcpus?: number;
  memoryMiB?: number;
  imageId?: string;
  cmdline?: string;
  disks?: readonly Disk[];
  nics?: readonly NewNic[];
  vsock?: boolean;
}

export interface VmShape {
  vcpus: number;
  memoryMiB: number;
  imageId: string;
  cmdline: string;
  disks: readonly Disk[];
  nics: readonly NewNic[];
  vsock: boolean;
}

/** The hardware of a VM made from a snapshot. Throws SNAPSHOT_MISMATCH for a request that contradicts it. */
export function snapshotShape(snapshot: SnapshotRecord, asked: RequestedShape): VmShape {
  for (const field of ['vcpus', 'memoryMiB', 'imageId', 'vsock'] as const) {
    if (asked[field] !== undefined && asked[field] !== snapshot[field]) {
      throw mismatch(field, String(snapshot[field]));
    }
  }
  const disk = ({ name, sizeMiB, readOnly }: Disk): string => `${name} ${sizeMiB} ${readOnly}`;
  if (asked.disks !== undefined && asked.disks.map(disk).join() !== snapshot.disks.map(disk).join()) {
    throw mismatch('disks', JSON.stringify(snapshot.disks));
  }
  const { vcpus, memoryMiB, imageId, disks, vsock } = snapshot;
  return {
    ...{ vcpus, memoryMiB, imageId, disks, vsock },
    cmdline: asked.cmdline ?? snapshot.cmdline,
    nics: nicsOf(snapshot, asked.nics),
  };
}

/** The guest knows its MACs. Another network may be named, since in one network no two NICs have the same MAC. */
function nicsOf(snapshot: SnapshotRecord, asked: readonly NewNic[] | undefined): readonly NewNic[] {
  if (asked === undefined) return snapshot.nics;
  const fits =
    asked.length === snapshot.nics.length &&
    asked.every(({ name, mac }, i) => {
      const has = snapshot.nics[i];
      return name === has?.name && (mac === null || mac === has.mac);
    });
  if (!fits) throw mismatch('nics', JSON.stringify(snapshot.nics));
  return asked.map((nic, i) => ({ ...nic, mac: snapshot.nics[i]?.mac ?? nic.mac }));
}

function mismatch(field: string, has: string): Refusal {
  return new Refusal(
    'SNAPSHOT_MISMATCH',
    `The snapshot's guest knows another machine: its "${field}" is ${has}. Leave the field out.`,
    { pointer: `/${field}` },
  );
}

/** Throws SNAPSHOT_PIN_FIXED when the request asks for another firmware than the guest knows, PSCI_VERSION_INSECURE. */
export function checkSnapshotPin(
  snapshot: SnapshotRecord,
  policy: PsciPolicy,
  asked: { systemSuspend?: boolean },
): void {
  const { psci, systemSuspend } = snapshot.firmware;
  if (policy.psciVersion !== null && policy.psciVersion !== psci) {
    throw new Refusal(
      'SNAPSHOT_PIN_FIXED',
      `The snapshot's guest knows PSCI ${psci} and goes on with it: leave "version" out, and change it when the guest is off.`,
      { pointer: '/psci/version' },
    );
  }
  if (asked.systemSuspend !== undefined && asked.systemSuspend !== systemSuspend) {
    throw new Refusal(
      'SNAPSHOT_PIN_FIXED',
      `The snapshot's guest ${systemSuspend ? 'has' : 'does not have'} SYSTEM_SUSPEND: leave "systemSuspend" out.`,
      { pointer: '/psci/systemSuspend' },
    );
  }
  if (isInsecure(psci as PsciVersion) && !policy.psciAllowInsecure) {
    throw new Refusal(
      'PSCI_VERSION_INSECURE',
      `The snapshot's guest has PSCI ${psci}, which hides the SMCCC 1.1 mitigations: set "allowInsecure" to true.`,
      { pointer: '/psci/allowInsecure' },
    );
  }
}
