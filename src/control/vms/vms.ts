/** VMs: what clients ask for. Creating and deleting; changing is in vm-patch.ts, acting in vm-act.ts. */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { type Executor, isUniqueViolation } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { hostTopic, operationTopic } from '../events/topics.ts';
import {
  addOperation,
  endOperation,
  findOpenOperation,
  type OperationProblem,
  type OperationRecord,
  operationProblem,
} from '../operations/operations.ts';
import { checkPolicy, type PsciRequest } from '../policies/pin.ts';
import { Refusal } from '../refusals.ts';
import { reserveNics } from './nics.ts';
import {
  checkSnapshotPin,
  lockSnapshot,
  type RequestedShape,
  type SnapshotRecord,
  snapshotShape,
  type VmShape,
} from './snapshots.ts';
import { refusalOf } from './vm-actions.ts';
import { findVm, lockVm, type VersionedVm, type VmRecord } from './vm-query.ts';
import { startVm } from './vm-start.ts';

/** What a client asks for; `powerState` `running` also starts the VM, now or as soon as a host can take it. */
export interface NewVm
  extends RequestedShape,
    Pick<VmRecord, 'name' | 'labels' | 'onGuest' | 'onDrain' | 'hostSelector' | 'powerState'> {
  psci: PsciRequest;
  /** The snapshot it goes on from at its first start; then the shape comes from there. */
  snapshotId: string | null;
  /** Whether it may go on without registers that a host lacks, where they were at their default. */
  skipAbsentRegisters: boolean;
}

/** Sees the revision before a change, under the row's lock, and throws when the caller expects another. */
export type RevisionCheck = (revision: number) => void;

export interface CreatedVm {
  vm: VmRecord;
  /** When the VM is to run: the operation that starts it. */
  operationId: string | null;
}

/** Throws a `Refusal` and writes nothing when something about `input` is wrong. */
export async function createVm(control: Control, input: NewVm, requestedBy: string): Promise<CreatedVm> {
  checkUnique(input.disks ?? [], 'DUPLICATE_DISK_NAME', 'disks');
  checkUnique(input.nics ?? [], 'DUPLICATE_NIC_NAME', 'nics');
  const policy = checkPolicy(input.psci);
  const id = uuidv7();
  const created = await transact(control, async (tx) => {
    const snapshot = input.snapshotId === null ? null : await lockSnapshot(tx, input.snapshotId);
    if (snapshot !== null) checkSnapshotPin(snapshot, policy, input.psci);
    const { disks, nics, vsock, ...shape } =
      snapshot === null ? wholeShape(input) : snapshotShape(snapshot, input);
    await checkSize(tx, shape);
    // Shared, so that the image is not deleted before this commits.
    const images = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM images WHERE id = ${shape.imageId}::uuid FOR KEY SHARE`;
    if (images.length === 0) {
      throw new Refusal(
        'IMAGE_UNKNOWN',
        `There is no image ${shape.imageId}. Create it with POST /v1/images first.`,
        { pointer: '/imageId' },
      );
    }
    const { name, labels, hostSelector, onDrain, powerState } = input;
    checkOnDrain(onDrain, disks);
    await tx.vm.create({
      data: {
        ...{ id, name, labels, hostSelector, onDrain },
        ...shape,
        disks: disks.map((disk) => ({ ...disk })),
        vsockCid: vsock ? await newVsockCid(tx) : null,
        onGuest: { ...input.onGuest },
        ...policy,
        ...(snapshot === null ? {} : continued(snapshot, input)),
      },
    });
    await reserveNics(tx, id, nics);
    const start = powerState === 'running' ? await startOrWait(tx, await present(tx, id), requestedBy) : null;
    return { vm: await present(tx, id), operationId: start?.id ?? null };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal('VM_NAME_TAKEN', `Another VM is named ${input.name}. Choose another name.`, {
      pointer: '/name',
    });
  });
  if (created.vm.hostId !== null) control.wake.notify(hostTopic(created.vm.hostId));
  return created;
}

/** An address that no VM of the fleet has had. */
async function newVsockCid(tx: Executor): Promise<number> {
  const [row] = await tx.$queryRaw<{ cid: number }[]>`SELECT nextval('vsock_cids')::integer AS cid`;
  if (row === undefined) throw new Error('The sequence of vsock addresses gave nothing');
  return row.cid;
}

/** A VM that boots needs its shape told. Throws VALIDATION_FAILED. */
function wholeShape(asked: NewVm): VmShape {
  const { vcpus, memoryMiB, imageId, cmdline = '', disks = [], nics = [], vsock = false } = asked;
  if (vcpus === undefined || memoryMiB === undefined || imageId === undefined) {
    const missing = Object.entries({ vcpus, memoryMiB, imageId }).find(([, value]) => value === undefined);
    const field = missing?.[0] ?? '';
    throw new Refusal('VALIDATION_FAILED', `"${field}" is needed, unless "snapshotId" tells it.`, {
      pointer: `/${field}`,
    });
  }
  return { vcpus, memoryMiB, imageId, cmdline, disks, nics, vsock };
}

/** The row of a VM whose guest goes on from a snapshot: the firmware it knew is its pin. */
function continued(snapshot: SnapshotRecord, { skipAbsentRegisters }: NewVm) {
  const firmware = { ...snapshot.firmware };
  return {
    snapshotId: snapshot.id,
    restoring: true,
    skipAbsentRegisters,
    psciEffective: firmware.psci,
    psciSource: snapshot.psciSource,
    psciPolicyRevision: snapshot.psciPolicyRevision,
    psciPinnedAt: new Date(),
    psciSystemSuspend: firmware.systemSuspend,
    firmware,
    firmwareRun: firmware,
    hostBootId: snapshot.hostBootId,
  };
}

/** Starts a VM that is off. Without room the start waits: `pending`, and pending-starts.ts tries again. */
export async function startOrWait(tx: Executor, vm: VmRecord, requestedBy: string): Promise<OperationRecord> {
  const started = await startVm(tx, vm, { requestedBy, operationId: null });
  if (!(started instanceof Error)) return started;
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      ...{ phase: 'pending', powerState: 'running', reason: reasonOf(started) },
      revision: { increment: 1 },
    },
  });
  return addOperation(tx, { kind: 'start', vmId: vm.id, hostId: null, runId: null, requestedBy });
}

/** A refusal as a VM's `reason`. */
export function reasonOf(refusal: Refusal): string {
  return `${refusal.code}: ${refusal.message}`;
}

/** The same for what a host reports. */
export function reasonOfProblem({ code, detail }: OperationProblem): string {
  return `${code}: ${detail}`;
}

export async function getVm(control: Control, vmId: string): Promise<VersionedVm> {
  return found((await control.reads.vm(vmId)) ?? null, vmId);
}

async function present(db: Executor, vmId: string): Promise<VmRecord> {
  return found(await findVm(db, vmId), vmId);
}

function found<T extends VmRecord>(vm: T | null, vmId: string): T {
  if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
  return vm;
}

/**
 * Deletes a VM that has no run. Its host removes its disks first, so that a name used again never meets old data; a VM
 * that was never placed is gone at once. Asking again answers with the same operation.
 */
export async function deleteVm(
  control: Control,
  vmId: string,
  options: { check: RevisionCheck; requestedBy: string },
): Promise<OperationRecord> {
  const { operation, topics } = await transact(control, async (tx) => {
    const vm = await lockVm(tx, vmId);
    if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    options.check(vm.revision);
    const open = await findOpenOperation(tx, vmId);
    if (vm.deleting && open !== null) return { operation: open, topics: [] };
    const refusal = refusalOf('delete', { ...vm, open });
    if (refusal !== null) throw refusal;
    if (open !== null) {
      const error = operationProblem('SUPERSEDED', 'The VM is deleted.');
      await endOperation(tx, open.id, { status: 'cancelled', error }, { withdraw: true });
    }
    const ended = open === null ? [] : [operationTopic(open.id)];
    const base = {
      kind: 'delete' as const,
      vmId,
      hostId: vm.hostId,
      runId: null,
      requestedBy: options.requestedBy,
    };
    // What a lost host has of it nobody can remove.
    if (vm.hostId === null || vm.hostLost) {
      await removeVm(tx, vmId);
      return { operation: await addOperation(tx, { ...base, status: 'succeeded' }), topics: ended };
    }
    await tx.vm.update({
      where: { id: vmId },
      data: { deleting: true, generation: { increment: 1 }, revision: { increment: 1 } },
    });
    return { operation: await addOperation(tx, base), topics: [...ended, hostTopic(vm.hostId)] };
  });
  control.wake.notify(...topics);
  return operation;
}

/** Removes the VM's row and its console. Its events and operations stay: they are the record of what happened. */
export async function removeVm(tx: Executor, vmId: string): Promise<void> {
  await tx.consoleChunk.deleteMany({ where: { vmId } });
  await tx.consoleInput.deleteMany({ where: { vmId } });
  // What hosts are to remove, they remove all the same.
  await tx.vmRemains.deleteMany({ where: { vmId, toRemove: false } });
  await tx.$executeRaw`
    INSERT INTO former_vms (id, name, labels) SELECT id, name, labels FROM vms WHERE id = ${vmId}::uuid`;
  await tx.vm.delete({ where: { id: vmId } });
}

/** Throws MEMORY_EXCEEDS_HOSTS or VCPUS_EXCEED_HOSTS for what no enrolled host could ever have; without hosts nothing is known. */
export async function checkSize(tx: Executor, size: { vcpus: number; memoryMiB: number }): Promise<void> {
  const { _max: most } = await tx.host.aggregate({ _max: { capacityMemory: true, capacityVcpus: true } });
  if (most.capacityMemory !== null && size.memoryMiB > most.capacityMemory) {
    throw new Refusal(
      'MEMORY_EXCEEDS_HOSTS',
      `No enrolled host has ${size.memoryMiB} MiB; the largest offers ${most.capacityMemory} MiB.`,
      { pointer: '/memoryMiB' },
    );
  }
  if (most.capacityVcpus !== null && size.vcpus > most.capacityVcpus) {
    throw new Refusal(
      'VCPUS_EXCEED_HOSTS',
      `No enrolled host has ${size.vcpus} vCPUs; the largest offers ${most.capacityVcpus}.`,
      { pointer: '/vcpus' },
    );
  }
}

/** Throws DISKS_STAY. */
export function checkOnDrain(onDrain: VmRecord['onDrain'], disks: readonly unknown[]): void {
  if (onDrain !== 'restart' || disks.length === 0) return;
  throw new Refusal(
    'DISKS_STAY',
    'A VM with disks stays on the host that has them; "onDrain" can be "stop" or "hibernate".',
    { pointer: '/onDrain' },
  );
}

function checkUnique(
  items: readonly { name: string }[],
  code: 'DUPLICATE_DISK_NAME' | 'DUPLICATE_NIC_NAME',
  member: string,
): void {
  const seen = new Set<string>();
  items.forEach(({ name }, index) => {
    if (seen.has(name)) {
      throw new Refusal(code, `Another one is named "${name}".`, { pointer: `/${member}/${index}/name` });
    }
    seen.add(name);
  });
}
