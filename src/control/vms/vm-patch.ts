/** Changing a VM: a merge patch (RFC 7396) over its specification, its policy and its power state, all or nothing. */
import { isDeepStrictEqual } from 'node:util';
import type { OnGuest } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { type LabelsPatch, mergeLabels } from '../labels.ts';
import { NO_PIN, type PsciPolicy, type PsciRequest, patchPolicy, pinLock } from '../policies/pin.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { type Acted, act } from './vm-act.ts';
import { findVm, lockVm, type VmRecord } from './vm-query.ts';
import { checkOnDrain, checkSize, type RevisionCheck } from './vms.ts';

/** `null` asks for the default; in `labels` and `hostSelector` it removes the key. */
export interface VmPatch {
  labels?: LabelsPatch;
  hostSelector?: LabelsPatch;
  vcpus?: number;
  memoryMiB?: number;
  cmdline?: string | null;
  onGuest?: Partial<OnGuest>;
  onDrain?: VmRecord['onDrain'];
  psci?: PsciRequest;
  powerState?: 'running' | 'stopped';
  /** Part of a VM for good; the same value may be sent again. */
  name?: unknown;
  imageId?: unknown;
  disks?: unknown;
  nics?: unknown;
  vsock?: unknown;
}

const IMMUTABLE = ['name', 'imageId', 'disks', 'nics', 'vsock'] as const;
/** What the guest was made of: fixed while it has a run, and what a hibernated one expects to find again. */
const HARDWARE = ['vcpus', 'memoryMiB', 'cmdline'] as const;

/** What the audit says of `allowInsecure`. */
export const INSECURE_OVERRIDE = 'allowed insecure PSCI versions (allowInsecure)';
/** What it says of `allowMissingRegisters`. */
export const MISSING_OVERRIDE = 'allowed firmware registers to be left out (allowMissingRegisters)';

export interface PatchOptions {
  check: RevisionCheck;
  /** Overrides the locks of a VM without a run. */
  force: boolean;
  requestedBy: string;
  /** How long a guest has when the patch stops it, in seconds. */
  stopTimeoutSeconds: number;
}

export interface Patched {
  vm: VmRecord;
  /** When the power state changed: the operation that makes it so. */
  operationId: string | null;
  /** What was overridden, for the audit; null when nothing was. */
  override: string | null;
}

/** Throws a `Refusal` and changes nothing when any part cannot be had. */
export async function patchVm(
  control: Control,
  vmId: string,
  patch: VmPatch,
  options: PatchOptions,
): Promise<Patched> {
  const { patched, topics } = await transact(control, async (tx) => {
    const vm = await lockVm(tx, vmId);
    if (vm === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    options.check(vm.revision);
    if (vm.deleting) throw new Refusal('VM_DELETING', `VM ${vm.name} is being deleted.`);
    for (const field of IMMUTABLE) checkSame(vm, field, patch[field]);

    const policy = patch.psci === undefined ? null : patchPolicy(vm, patch.psci);
    const changesPolicy = policy !== null && !isDeepStrictEqual(policy, policyOf(vm));
    // By force even to the same: what the guest knew of its machine, which it may have hibernated with, is given up.
    const givesUp = policy !== null && options.force && pinLock(vm)?.overridable === true;
    const repins =
      givesUp ||
      (policy !== null && (policy.psciPolicy !== vm.psciPolicy || policy.psciVersion !== vm.psciVersion));
    const suspends = policy !== null && policy.psciSystemSuspend !== vm.psciSystemSuspend;
    const hardware = changedHardware(vm, patch);
    const overrides = [
      ...(repins || suspends ? [unlockPin(vm, options.force)] : []),
      ...(hardware.length > 0 ? [unlockHardware(vm, hardware, options.force)] : []),
      ...(policy?.psciAllowInsecure === true && !vm.psciAllowInsecure ? [INSECURE_OVERRIDE] : []),
      ...(policy?.psciAllowMissing === true && !vm.psciAllowMissing ? [MISSING_OVERRIDE] : []),
    ].filter((override) => override !== null);
    const size = { vcpus: patch.vcpus ?? vm.vcpus, memoryMiB: patch.memoryMiB ?? vm.memoryMiB };
    if (hardware.includes('vcpus') || hardware.includes('memoryMiB')) await checkSize(tx, size);

    const specification = {
      ...size,
      labels: mergeLabels(vm.labels, patch.labels),
      hostSelector: mergeLabels(vm.hostSelector, patch.hostSelector),
      cmdline: patch.cmdline === undefined ? vm.cmdline : (patch.cmdline ?? ''),
      onGuest: mergeOnGuest(vm, patch.onGuest),
      onDrain: patch.onDrain ?? vm.onDrain,
    };
    checkOnDrain(specification.onDrain, vm.disks);
    if (changesPolicy || repins || !isDeepStrictEqual(specification, specificationOf(vm))) {
      await tx.vm.update({
        where: { id: vmId },
        data: {
          ...specification,
          onGuest: { ...specification.onGuest },
          // The next boot resolves the new policy; what the last boot had is in its events.
          ...policy,
          ...(repins ? { ...NO_PIN, firmwareRun: Prisma.DbNull } : {}),
          generation: { increment: 1 },
          revision: { increment: 1 },
        },
      });
    }
    const acted = await changePower(tx, vmId, patch.powerState, options);
    const after = await findVm(tx, vmId);
    if (after === null) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    const override = overrides.length === 0 ? null : overrides.join('; ');
    return {
      patched: { vm: after, operationId: acted?.operation.id ?? null, override },
      topics: acted?.topics ?? [],
    };
  });
  control.wake.notify(...topics);
  return patched;
}

async function changePower(
  tx: Executor,
  vmId: string,
  powerState: VmPatch['powerState'],
  options: PatchOptions,
): Promise<Acted | null> {
  const vm = await findVm(tx, vmId);
  if (vm === null || powerState === undefined || powerState === vm.powerState) return null;
  const { requestedBy, stopTimeoutSeconds: timeoutSeconds } = options;
  return powerState === 'running'
    ? act(tx, vm, { action: 'start', requestedBy })
    : act(tx, vm, { action: 'stop', timeoutSeconds, force: false, requestedBy });
}

function checkSame(vm: VmRecord, field: (typeof IMMUTABLE)[number], value: unknown): void {
  if (value === undefined || isDeepStrictEqual(value, vm[field])) return;
  throw new Refusal('FIELD_IMMUTABLE', `"${field}" cannot change. Create another VM instead.`, {
    pointer: `/${field}`,
  });
}

function policyOf(vm: VmRecord): PsciPolicy {
  const { psciPolicy, psciVersion, psciAllowInsecure, psciAllowMissing, psciSystemSuspend } = vm;
  return { psciPolicy, psciVersion, psciAllowInsecure, psciAllowMissing, psciSystemSuspend };
}

/** What is overridden, or null when nothing stands in the way. Throws PSCI_PIN_LOCKED. */
function unlockPin(vm: VmRecord, force: boolean): string | null {
  const lock = pinLock(vm);
  if (lock === null) return null;
  if (!lock.overridable || !force) throw lock.refusal;
  return `changed the PSCI policy although hibernation is "${vm.hibernation}" (pin ${vm.psciEffective})`;
}

/** Like `unlockPin`, for the virtual hardware. Throws VM_RUNNING or VM_HIBERNATED. */
function unlockHardware(vm: VmRecord, fields: readonly string[], force: boolean): string | null {
  const names = fields.join(', ');
  if (vm.runId !== null) {
    throw new Refusal(
      'VM_RUNNING',
      `VM ${vm.name} is ${vm.phase}: ${names} can change only while it is off.`,
    );
  }
  if (vm.restoring && fields.some((field) => field !== 'onGuest' && field !== 'cmdline')) {
    throw new Refusal(
      'SNAPSHOT_MISMATCH',
      `VM ${vm.name} goes on from a snapshot at its next start and must be the machine that was saved; ${names} can ` +
        'change after that.',
    );
  }
  if (vm.hibernation !== 'yes' || !fields.some((field) => field !== 'onGuest')) return null;
  if (!force) {
    throw new Refusal(
      'VM_HIBERNATED',
      `VM ${vm.name} is hibernated and expects the machine it knew; ${names} cannot change. Start it and power it off ` +
        'first, or give ?force=true when its hibernation may be lost.',
    );
  }
  return `changed ${names} of a hibernated VM`;
}

function changedHardware(vm: VmRecord, patch: VmPatch): string[] {
  const changed: string[] = HARDWARE.filter((field) => {
    const value = patch[field];
    return value !== undefined && (value ?? '') !== vm[field];
  });
  const onGuest = mergeOnGuest(vm, patch.onGuest);
  return isDeepStrictEqual(onGuest, vm.onGuest) ? changed : [...changed, 'onGuest'];
}

function mergeOnGuest(vm: VmRecord, patch: Partial<OnGuest> | undefined): OnGuest {
  const { poweroff, reset, crash } = { ...vm.onGuest, ...patch };
  return { poweroff, reset, crash };
}

function specificationOf(vm: VmRecord) {
  const { vcpus, memoryMiB, labels, hostSelector, cmdline, onDrain } = vm;
  return { vcpus, memoryMiB, labels, hostSelector, cmdline, onDrain, onGuest: mergeOnGuest(vm, undefined) };
}
