/**
 * Starting a VM: the pin is resolved, a host chosen, its room reserved and the run named in one transaction. Two starts,
 * on whichever replicas, take the placement lock one after the other, so no host is ever given more than it has.
 */
import { v7 as uuidv7 } from 'uuid';
import type { FirmwareAbi, FirmwareRegisters } from '../psci/firmware.ts';
import { resolvePin } from '../psci/policy.ts';
import type { PsciVersion } from '../psci/versions.ts';
import type { Executor } from './database.ts';
import { addOperation, type OperationRecord, placeOperation } from './operations.ts';
import { pinFor, pinQuestion } from './pin.ts';
import { choosePlace, type Place, type PlacementHost } from './placement.ts';
import { Prisma } from './prisma/client.ts';
import type { Refusal } from './refusals.ts';
import type { VmRecord } from './vm-query.ts';

/** pg_advisory_xact_lock key: "hold" + 1; held from the reading of the hosts' room to the commit. */
const PLACEMENT_LOCK = 0x686f6c65;

interface HostRow {
  id: string;
  name: string;
  labels: Record<string, string>;
  psciAccepted: PsciVersion[];
  psciDefault: PsciVersion;
  psciRegisters: FirmwareRegisters | null;
  psciSuspends: boolean | null;
  capacityVcpus: number;
  capacityMemoryMiB: number;
  usedVcpus: number;
  usedMemoryMiB: number;
  cordoned: boolean;
  leaseActive: boolean;
}

/** Every host with the room it has left. Exact only under the placement lock. */
async function readHosts(tx: Executor): Promise<PlacementHost[]> {
  return tx.$queryRaw<HostRow[]>`
    SELECT h.id, h.name, h.labels, h.psci_accepted AS "psciAccepted", h.psci_default AS "psciDefault",
      h.psci_registers AS "psciRegisters", h.psci_suspends AS "psciSuspends",
      h.capacity_vcpus AS "capacityVcpus", h.capacity_memory_mib AS "capacityMemoryMiB",
      COALESCE(used.vcpus, 0)::int AS "usedVcpus", COALESCE(used.memory, 0)::int AS "usedMemoryMiB",
      h.cordoned, h.lease_expires_at > now() AS "leaseActive"
    FROM hosts h
    LEFT JOIN (
      SELECT host_id, sum(vcpus) AS vcpus, sum(memory_mib) AS memory FROM vms WHERE run_id IS NOT NULL GROUP BY host_id
    ) used ON used.host_id = h.id`;
}

/** A place for the VM, reserved until the transaction ends, or why there is none. Begin with the VM's row locked. */
async function reservePlace(tx: Executor, vm: VmRecord, freshDisks: boolean): Promise<Place | Refusal> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PLACEMENT_LOCK})`;
  const hosts = await readHosts(tx);
  const boundTo = vm.disks.length > 0 && !freshDisks ? vm.hostId : null;
  const registers = firmwareOfRun(vm)?.registers ?? null;
  const wanted = { ...vm, boundTo, registers };
  const { place, refusal } = choosePlace(wanted, hosts, (host) => pinFor(vm, host));
  return place ?? refusal;
}

function json(firmware: FirmwareAbi | null) {
  return firmware === null ? Prisma.DbNull : { ...firmware };
}

/** The interface that the next run must have: a guest that may have hibernated knows what its last run had. */
function firmwareOfRun(vm: Pick<VmRecord, 'firmware' | 'firmwareRun' | 'hibernation'>): FirmwareAbi | null {
  const resumes = vm.hibernation === 'yes' || vm.hibernation === 'unknown';
  return resumes ? (vm.firmwareRun ?? vm.firmware) : vm.firmware;
}

/**
 * Starts a VM that may be started (see vm-actions.ts), under `operation` when a start is open already. Returns the
 * refusal, with nothing written, when no host can take it. `freshDisks`: with blank ones, those it had being lost.
 */
export async function startVm(
  tx: Executor,
  found: VmRecord,
  by: { requestedBy: string; operationId: string | null; freshDisks?: boolean },
): Promise<OperationRecord | Refusal> {
  const { freshDisks = false } = by;
  // A guest that hibernated did so to a disk.
  const vm: VmRecord = freshDisks ? { ...found, hibernation: 'no' } : found;
  const place = await reservePlace(tx, vm, freshDisks);
  if (place instanceof Error) return place;
  const runId = uuidv7();
  const { host, pin } = place;
  const { why } = resolvePin(pinQuestion(vm, host));
  const repinned =
    pin.version !== vm.psciEffective ||
    pin.source !== vm.psciSource ||
    pin.policyRevision !== vm.psciPolicyRevision;
  await tx.vm.update({
    where: { id: vm.id },
    data: {
      hostId: host.id,
      runId,
      observedSequence: 0,
      phase: 'starting',
      reason: null,
      powerState: 'running',
      hibernation: vm.hibernation,
      firmwareRun: json(firmwareOfRun(vm)),
      psciEffective: pin.version,
      psciSource: pin.source,
      psciPolicyRevision: pin.policyRevision,
      psciWhy: why,
      ...(repinned ? { psciPinnedAt: new Date() } : {}),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
  if (by.operationId === null) {
    return addOperation(tx, {
      kind: 'start',
      vmId: vm.id,
      hostId: host.id,
      runId,
      args: { pin: { ...pin, why } },
      requestedBy: by.requestedBy,
    });
  }
  return placeOperation(tx, by.operationId, { hostId: host.id, runId, pin: { ...pin, why } });
}
