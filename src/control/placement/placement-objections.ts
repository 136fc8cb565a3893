/**
 * Hosts and VMs as placement sees them, and what keeps a VM off a host. Pure.
 *
 * A host's objections are asked for in one order, the firmware last, so that "no host accepts the version" is said
 * exactly when nothing but the firmware stands in the way.
 */
import { answersAlike, type FingerprintDigests, type KnownFingerprint } from '../../psci/fingerprint.ts';
import { type FirmwareRegisters, objectionsTo } from '../../psci/firmware.ts';
import type { Pin } from '../../psci/policy.ts';
import type { PsciVersion } from '../../psci/versions.ts';

export interface PlacementHost {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly psciAccepted: readonly PsciVersion[];
  readonly psciDefault: PsciVersion;
  /** What its firmware registers start with; null while its agent does not say. */
  readonly psciRegisters: FirmwareRegisters | null;
  /** Whether a guest can be given SYSTEM_SUSPEND there; null while its agent does not say. */
  readonly psciSuspends: boolean | null;
  /** What it answers to PSCI calls; null while that is not measured. */
  readonly fingerprint: FingerprintDigests | null;
  readonly capacityVcpus: number;
  readonly capacityMemoryMiB: number;
  /** Summed over the VMs that have a run there. */
  readonly usedVcpus: number;
  readonly usedMemoryMiB: number;
  readonly cordoned: boolean;
  readonly leaseActive: boolean;
  /** Its agent makes disks of another host's; null while it does not say. */
  readonly movesDisks?: boolean | null;
}

export interface PlacementVm {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly hostSelector: Readonly<Record<string, string>>;
  /** The host that has the VM's disks, once it was placed. */
  readonly boundTo: string | null;
  /** Those recorded with the VM, which its next boot must have; null before its first. */
  readonly registers: FirmwareRegisters | null;
  /** Registers that a host lacks may be left out where they were as a kernel starts them. */
  readonly psciAllowMissing: boolean;
  /** Its guest is to have SYSTEM_SUSPEND. */
  readonly psciSystemSuspend: boolean;
  /** What its guest, which goes on, knows of PSCI calls; null where it boots anew, or nobody has measured that. */
  readonly fingerprint: KnownFingerprint | null;
  /** Hosts with something of the VM that is to go first. */
  readonly remainsOn?: readonly string[];
  /** Of a VM that moves. */
  readonly move?: Move | null;
}

export interface Move {
  /** The host that it leaves; null when it has left it already. */
  readonly from: string | null;
  /** The host that was asked for; null: any. */
  readonly to: string | null;
  /** It is off, and its disks go with it. */
  readonly withDisks: boolean;
}

/** The pin the VM would have on a host; it may depend on what the host accepts. Null: the host has none to offer. */
export type PinOn = (host: PlacementHost) => Pin | null;

export const OBJECTIONS = [
  'elsewhere',
  'present',
  'notAsked',
  'remains',
  'silent',
  'cordoned',
  'selector',
  'noDisks',
  'memory',
  'vcpus',
  'psci',
  'suspend',
  'firmware',
  'fingerprint',
] as const;
export type Objection = (typeof OBJECTIONS)[number];

/** The first of OBJECTIONS that the host has; null when it can take the VM. */
export function objectionTo(vm: PlacementVm, host: PlacementHost, pinOn: PinOn): Objection | null {
  return OBJECTIONS.find((objection) => HAS[objection](vm, host, pinOn)) ?? null;
}

/** Every objection of the host, in their order. */
export function objectionsOf(vm: PlacementVm, host: PlacementHost, pinOn: PinOn): Objection[] {
  return OBJECTIONS.filter((objection) => HAS[objection](vm, host, pinOn));
}

const HAS: Readonly<Record<Objection, (vm: PlacementVm, host: PlacementHost, pinOn: PinOn) => boolean>> = {
  elsewhere: (vm, host) => vm.boundTo !== null && vm.boundTo !== host.id,
  present: (vm, host) => vm.move?.from === host.id,
  notAsked: (vm, host) => vm.move?.to != null && vm.move.to !== host.id,
  remains: (vm, host) => vm.remainsOn?.includes(host.id) ?? false,
  silent: (_, host) => !host.leaseActive,
  cordoned: (_, host) => host.cordoned,
  selector: (vm, host) => !matchesSelector(host.labels, vm.hostSelector),
  noDisks: (vm, host) => vm.move?.withDisks === true && host.movesDisks !== true,
  memory: (vm, host) => memoryLeft(host) < vm.memoryMiB,
  vcpus: (vm, host) => vcpusLeft(host) < vm.vcpus,
  psci: (_, host, pinOn) => {
    const pin = pinOn(host);
    return pin === null || !host.psciAccepted.includes(pin.version);
  },
  suspend: (vm, host) => vm.psciSystemSuspend && host.psciSuspends === false,
  firmware: (vm, host) => registerObjections(vm, host).length > 0,
  fingerprint: (vm, host, pinOn) => {
    const pin = vm.fingerprint === null ? null : pinOn(host);
    return pin !== null && answersAlike(vm.fingerprint, host.fingerprint, pin.version) === false;
  },
};

export function registerObjections(vm: PlacementVm, { psciRegisters }: PlacementHost) {
  if (vm.registers === null || psciRegisters === null) return [];
  return objectionsTo(vm.registers, psciRegisters, vm.psciAllowMissing);
}

function matchesSelector(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

export function memoryLeft(host: PlacementHost): number {
  return host.capacityMemoryMiB - host.usedMemoryMiB;
}

export function vcpusLeft(host: PlacementHost): number {
  return host.capacityVcpus - host.usedVcpus;
}
