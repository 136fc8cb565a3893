/**
 * Which host a run goes to. Pure: `reservePlace` in vm-start.ts reads the hosts under the placement lock and asks here.
 *
 * A host's objections are asked for in one order, the firmware last, so that "no host accepts the version" is said
 * exactly when nothing but the firmware stands in the way.
 */
import { type FirmwareRegisters, objectionsTo } from '../psci/firmware.ts';
import type { Pin } from '../psci/policy.ts';
import type { PsciVersion } from '../psci/versions.ts';
import { Refusal, type RefusalCode } from './refusals.ts';

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
  readonly capacityVcpus: number;
  readonly capacityMemoryMiB: number;
  /** Summed over the VMs that have a run there. */
  readonly usedVcpus: number;
  readonly usedMemoryMiB: number;
  readonly cordoned: boolean;
  readonly leaseActive: boolean;
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
}

/** The pin the VM would have on a host; it may depend on what the host accepts. Null: the host has none to offer. */
export type PinOn = (host: PlacementHost) => Pin | null;

const OBJECTIONS = [
  'elsewhere',
  'silent',
  'cordoned',
  'selector',
  'memory',
  'vcpus',
  'psci',
  'suspend',
  'firmware',
] as const;
type Objection = (typeof OBJECTIONS)[number];

/** What is said when nothing but a VM's firmware stands in the way on some host. */
const FIRMWARE_CODES = [
  ['psci', 'PSCI_VERSION_NOT_SUPPORTED'],
  ['suspend', 'FIRMWARE_FEATURE_MISSING'],
  ['firmware', 'FIRMWARE_REGISTER_MISSING'],
] as const satisfies readonly (readonly [Objection, RefusalCode])[];

export interface Place {
  readonly host: PlacementHost;
  readonly pin: Pin;
}

export type Choice =
  | { readonly place: Place; readonly refusal: null }
  | { readonly place: null; readonly refusal: Refusal };

/** The fitting host with the most memory left, so that load spreads; ties go to the lower id, so that it is exact. */
export function choosePlace(vm: PlacementVm, hosts: readonly PlacementHost[], pinOn: PinOn): Choice {
  const objections: Objection[] = [];
  const fitting: Place[] = [];
  for (const host of hosts) {
    const pin = pinOn(host);
    const objection = objectionOf(vm, host, pin);
    if (objection === null && pin !== null) fitting.push({ host, pin });
    else objections.push(objection ?? 'psci');
  }
  fitting.sort((a, b) => memoryLeft(b.host) - memoryLeft(a.host) || (a.host.id < b.host.id ? -1 : 1));
  const place = fitting[0];
  return place === undefined
    ? { place: null, refusal: refuse(vm, objections, hosts, pinOn) }
    : { place, refusal: null };
}

function objectionOf(vm: PlacementVm, host: PlacementHost, pin: Pin | null): Objection | null {
  if (vm.boundTo !== null && vm.boundTo !== host.id) return 'elsewhere';
  if (!host.leaseActive) return 'silent';
  if (host.cordoned) return 'cordoned';
  if (!matchesSelector(host.labels, vm.hostSelector)) return 'selector';
  if (memoryLeft(host) < vm.memoryMiB) return 'memory';
  if (host.capacityVcpus - host.usedVcpus < vm.vcpus) return 'vcpus';
  if (pin === null || !host.psciAccepted.includes(pin.version)) return 'psci';
  if (vm.psciSystemSuspend && host.psciSuspends === false) return 'suspend';
  return registerObjections(vm, host).length === 0 ? null : 'firmware';
}

function registerObjections(vm: PlacementVm, { psciRegisters }: PlacementHost) {
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

function memoryLeft(host: PlacementHost): number {
  return host.capacityMemoryMiB - host.usedMemoryMiB;
}

function refuse(
  vm: PlacementVm,
  objections: readonly Objection[],
  hosts: readonly PlacementHost[],
  pinOn: PinOn,
): Refusal {
  if (hosts.length === 0) {
    return new Refusal('NO_HOST_AVAILABLE', `VM ${vm.name} cannot start: no host is enrolled yet.`);
  }
  const counts = OBJECTIONS.map((objection) => ({
    objection,
    count: objections.filter((found) => found === objection).length,
  })).filter(({ count }) => count > 0);
  const versions = [...new Set(hosts.map((host) => pinOn(host)?.version ?? null))];
  const version = versions.length === 1 ? (versions[0] ?? null) : null;
  const because = counts.map(({ objection, count }) => `${count} ${describe(objection, count, vm, version)}`);
  const blamed = FIRMWARE_CODES.find(([objection]) => counts.some((count) => count.objection === objection));
  const code = blamed?.[1] ?? 'NO_HOST_AVAILABLE';
  const hostsWord = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
  const advice =
    code === 'FIRMWARE_REGISTER_MISSING'
      ? registerAdvice(
          vm,
          hosts.filter((_, i) => objections[i] === 'firmware'),
        )
      : '';
  return new Refusal(code, `VM ${vm.name} cannot start: of ${hostsWord}, ${because.join(', ')}.${advice}`);
}

function describe(objection: Objection, count: number, vm: PlacementVm, version: PsciVersion | null): string {
  const one = count === 1;
  switch (objection) {
    case 'elsewhere':
      return `${one ? 'does' : 'do'} not have its disks`;
    case 'silent':
      return `${one ? 'is' : 'are'} silent`;
    case 'cordoned':
      return `${one ? 'is' : 'are'} cordoned`;
    case 'selector':
      return `${one ? 'does' : 'do'} not match its host selector`;
    case 'memory':
      return `${one ? 'has' : 'have'} less than ${vm.memoryMiB} MiB left`;
    case 'vcpus':
      return `${one ? 'has' : 'have'} fewer than ${vm.vcpus} vCPUs left`;
    case 'psci':
      return `${one ? 'does' : 'do'} not accept ${version === null ? 'its PSCI version' : `PSCI ${version}`}`;
    case 'suspend':
      return 'cannot give a guest SYSTEM_SUSPEND';
    case 'firmware':
      return `${one ? 'does' : 'do'} not have its recorded firmware registers`;
  }
}

/** Names the registers, and the option where that is all that would be needed. */
function registerAdvice(vm: PlacementVm, hosts: readonly PlacementHost[]): string {
  const found = hosts.flatMap((host) => registerObjections(vm, host));
  const names = [...new Set(found.map(({ register }) => `${register} = ${vm.registers?.[register]}`))];
  const optional = hosts.some(
    (host) => registerObjections({ ...vm, psciAllowMissing: true }, host).length === 0,
  );
  return (
    ` Missing or refused: ${names.join(', ')}.` +
    (optional
      ? ' What is missing was as a kernel starts it; psci.allowMissingRegisters lets it be left out.'
      : '')
  );
}
