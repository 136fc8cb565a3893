/**
 * Starting a VM: the pin is resolved, a host chosen, its room reserved and the run named in one transaction (see
 * reserve-place.ts), on whichever replica.
 */
import { v7 as uuidv7 } from 'uuid';
import type { FirmwareAbi } from '../../psci/firmware.ts';
import { resolvePin } from '../../psci/policy.ts';
import type { Executor } from '../database/database.ts';
import { addOperation, type OperationRecord, placeOperation } from '../operations/operations.ts';
import type { Place } from '../placement/placement.ts';
import type { Move, PinOn, PlacementVm } from '../placement/placement-objections.ts';
import { reservePlace } from '../placement/reserve-place.ts';
import { pinColumns, pinFor, pinQuestion } from '../policies/pin.ts';
import { Prisma } from '../prisma/client.ts';
import type { Refusal } from '../refusals.ts';
import {
  choiceOf,
  columnsOf,
  rolloutChange,
  rolloutChanged,
  rolloutRefused,
} from '../rollouts/rollout-boot.ts';
import type { VmRecord } from './vm-query.ts';
import { addRemains } from './vm-remains.ts';

export interface StartOptions {
  /** With blank disks, those it had being lost. */
  readonly freshDisks?: boolean;
  /** Also where PSCI calls are answered otherwise than a guest that goes on knows. */
  readonly anyFingerprint?: boolean;
  /** Of a VM that moves. */
  readonly move?: Move;
}

/** What is asked of placement for the VM's next run. */
export function placementOf(
  vm: VmRecord,
  { freshDisks = false, anyFingerprint = false, move }: StartOptions = {},
): { wanted: PlacementVm; pinOn: PinOn } {
  // Those of a VM that moves come with it.
  const bound = vm.disks.length > 0 && !freshDisks && vm.movingSnapshotId === null && move === undefined;
  const boundTo = bound ? vm.hostId : null;
  const registers = firmwareOfRun(vm)?.registers ?? null;
  const fingerprint = goesOn(vm) && !anyFingerprint ? vm.fingerprint : null;
  return {
    wanted: { ...vm, boundTo, registers, fingerprint, move: move ?? null },
    pinOn: (host) => pinFor(vm, host),
  };
}

/** Its next run is not a boot, or may not be one: the guest knows its firmware already. */
function goesOn({ hibernation, restoring }: Pick<VmRecord, 'hibernation' | 'restoring'>): boolean {
  return restoring || hibernation === 'yes' || hibernation === 'unknown';
}

function json(firmware: FirmwareAbi | null) {
  return firmware === null ? Prisma.DbNull : { ...firmware };
}

/**
 * The interface that the next run must have. A guest that may have hibernated knows what its last run had; one that
 * boots finds out anew what its CPUs are.
 */
function firmwareOfRun(vm: Pick<VmRecord, 'firmware' | 'firmwareRun' | 'hibernation'>): FirmwareAbi | null {
  const resumes = vm.hibernation === 'yes' || vm.hibernation === 'unknown';
  if (resumes && vm.firmwareRun !== null) return vm.firmwareRun;
  if (vm.firmware === null) return null;
  const { idRegisters: _, ...boots } = vm.firmware;
  return boots;
}

function placeOf(tx: Executor, vm: VmRecord, options: StartOptions): Promise<Place | Refusal> {
  const { wanted, pinOn } = placementOf(vm, options);
  return reservePlace(tx, wanted, pinOn);
}

/**
 * Starts a VM that may be started (see vm-actions.ts), under `operation` when a start is open already. Returns the
 * refusal, with nothing written, when no host can take it.
 */
export async function startVm(
  tx: Executor,
  found: VmRecord,
  by: StartOptions & { requestedBy: string; operationId: string | null },
): Promise<OperationRecord | Refusal> {
  const { freshDisks = false } = by;
  // A guest that hibernated did so to a disk.
  const asked: VmRecord = freshDisks ? { ...found, hibernation: 'no' } : found;
  const change = await rolloutChange(tx, asked);
  const first = await placeOf(tx, change?.vm ?? asked, by);
  const refused = change !== null && first instanceof Error ? first : null;
  // A rollout must not keep a VM off that could run with what it had.
  const place = refused === null ? first : await placeOf(tx, asked, by);
  if (place instanceof Error) return refused ?? place;
  const vm = refused === null ? (change?.vm ?? asked) : asked;
  const changed = change !== null && refused === null;
  const runId = uuidv7();
  const { host, pin } = place;
  const { why } = resolvePin(pinQuestion(vm, host));
  const repinned =
    changed ||
    pin.version !== vm.psciEffective ||
    pin.source !== vm.psciSource ||
    pin.policyRevision !== vm.psciPolicyRevision;
  if (vm.hostId !== null && vm.hostId !== host.id) {
    // A guest that moves has left it. What a lost host has of the disks is not removed: somebody may want it.
    if (vm.movingSnapshotId !== null) await addRemains(tx, vm.id, vm.hostId, { toRemove: true });
    else if (freshDisks) await addRemains(tx, vm.id, vm.hostId, { toRemove: false });
  }
  // What it returns is not needed, and would be the whole row.
  await tx.vm.updateMany({
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
      ...(changed ? columnsOf(choiceOf(vm)) : {}),
      psciEffective: pin.version,
      psciSource: pin.source,
      psciPolicyRevision: pin.policyRevision,
      psciWhy: why,
      ...(repinned ? { psciPinnedAt: new Date() } : {}),
      generation: { increment: 1 },
      revision: { increment: 1 },
    },
  });
  const run = { hostId: host.id, runId };
  // What goes with the request that it starts under, which a rollout may just have changed.
  const args = { pin: { ...pin, why }, formerPin: pinColumns(vm) };
  const operation =
    by.operationId === null
      ? await addOperation(tx, { kind: 'start', vmId: vm.id, ...run, args, requestedBy: by.requestedBy })
      : await placeOperation(tx, by.operationId, { ...run, args });
  if (refused !== null && change !== null) await rolloutRefused(tx, change, { operation, refusal: refused });
  else if (change !== null) await rolloutChanged(tx, change, { operation, pin: pin.version });
  return operation;
}
