/**
 * Why no host can take a VM, with every host counted once under its first objection, and what would help: what stands
 * alone in the way of a host is what somebody could do something about.
 */
import type { PsciVersion } from '../../psci/versions.ts';
import { Refusal, type RefusalCode } from '../refusals.ts';
import {
  memoryLeft,
  OBJECTIONS,
  type Objection,
  objectionsOf,
  type PinOn,
  type PlacementHost,
  type PlacementVm,
  registerObjections,
  vcpusLeft,
} from './placement-objections.ts';

/** What is said when nothing but a VM's firmware stands in the way on some host. */
const FIRMWARE_CODES = [
  ['psci', 'PSCI_VERSION_NOT_SUPPORTED'],
  ['suspend', 'FIRMWARE_FEATURE_MISSING'],
  ['firmware', 'FIRMWARE_REGISTER_MISSING'],
  ['fingerprint', 'FINGERPRINT_MISMATCH'],
] as const satisfies readonly (readonly [Objection, RefusalCode])[];

/** Hosts that are named; more are counted. */
const MOST_NAMES = 3;

/** What a client is told besides the sentence. */
export interface PlacementProblem {
  readonly hosts: number;
  /** Each host once, under its first objection. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly help: readonly string[];
}

interface Judged {
  readonly host: PlacementHost;
  /** At least one, in their order. */
  readonly objections: readonly Objection[];
}

/** For hosts none of which can take the VM. */
export function refusePlace(vm: PlacementVm, hosts: readonly PlacementHost[], pinOn: PinOn): Refusal {
  if (hosts.length === 0) {
    const help = ['enrol a host (POST /v1/enrolment-tokens)'];
    const placement = { hosts: 0, reasons: {}, help };
    return new Refusal('NO_HOST_AVAILABLE', `VM ${vm.name} cannot ${verb(vm)}: no host is enrolled yet.`, {
      placement,
    });
  }
  const judged = hosts.map((host) => ({ host, objections: objectionsOf(vm, host, pinOn) }));
  const counts = OBJECTIONS.map((objection) => ({
    objection,
    count: judged.filter(({ objections }) => objections[0] === objection).length,
  })).filter(({ count }) => count > 0);
  const versions = [...new Set(hosts.map((host) => pinOn(host)?.version ?? null))];
  const version = versions.length === 1 ? (versions[0] ?? null) : null;
  const because = counts.map(({ objection, count }) => `${count} ${describe(objection, count, vm, version)}`);
  const blamed = FIRMWARE_CODES.find(([objection]) => counts.some((count) => count.objection === objection));
  const code = blamed?.[1] ?? 'NO_HOST_AVAILABLE';
  const hostsWord = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
  const registers = code === 'FIRMWARE_REGISTER_MISSING' ? registerAdvice(vm, judged) : '';
  const help = whatWouldHelp(vm, judged, version);
  const reasons = Object.fromEntries(counts.map(({ objection, count }) => [objection, count]));
  return new Refusal(
    code,
    `VM ${vm.name} cannot ${verb(vm)}: of ${hostsWord}, ${because.join(', ')}.${registers} What would help: ${help.join('; or ')}.`,
    { placement: { hosts: hosts.length, reasons, help } },
  );
}

function verb({ move }: PlacementVm): string {
  return move == null ? 'start' : 'move';
}

function describe(objection: Objection, count: number, vm: PlacementVm, version: PsciVersion | null): string {
  const one = count === 1;
  switch (objection) {
    case 'elsewhere':
      return `${one ? 'does' : 'do'} not have its disks`;
    case 'present':
      return `${one ? 'is' : 'are'} where it is`;
    case 'notAsked':
      return `${one ? 'is' : 'are'} not the one that was asked for`;
    case 'remains':
      return `${one ? 'has' : 'have'} something left of it, or refused it`;
    case 'noDisks':
      return `cannot take its disks, having ${one ? 'an agent' : 'agents'} of an earlier release`;
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
    case 'fingerprint':
      return `${one ? 'answers' : 'answer'} PSCI calls otherwise than its guest knows`;
  }
}

/** Names the registers, and the option where that is all that would be needed. */
function registerAdvice(vm: PlacementVm, judged: readonly Judged[]): string {
  const hosts = judged.filter(({ objections }) => objections[0] === 'firmware').map(({ host }) => host);
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

/** What would make room for the VM on some host, each by itself; never empty. */
function whatWouldHelp(vm: PlacementVm, judged: readonly Judged[], version: PsciVersion | null): string[] {
  const only = (...allowed: Objection[]): PlacementHost[] =>
    judged
      .filter(({ objections }) => objections.every((objection) => allowed.includes(objection)))
      .map(({ host }) => host);
  const found: string[] = [];
  const suggest = (hosts: readonly PlacementHost[], words: (hosts: string) => string): void => {
    if (hosts.length > 0) found.push(words(names(hosts)));
  };
  suggest(only('cordoned'), (hosts) => `uncordon ${hosts}`);
  suggest(only('silent'), (hosts) => `bring the agent of ${hosts} back`);
  const [roomiest] = only('memory', 'vcpus').sort((a, b) => lack(vm, a) - lack(vm, b));
  if (roomiest !== undefined) found.push(room(vm, roomiest));
  suggest(only('selector'), (hosts) => `a hostSelector that ${hosts} would match`);
  suggest(only('psci'), (hosts) => `another PSCI version for the VM, which ${hosts} would take`);
  suggest(
    only('fingerprint'),
    (hosts) =>
      `anyFingerprint, to let its guest meet what ${hosts} would answer (GET /v1/hosts/{hostId}/fingerprint)`,
  );
  suggest(only('suspend'), (hosts) => `psci.systemSuspend off, which ${hosts} would take`);
  suggest(only('notAsked'), (hosts) => `no "hostId", or that of ${hosts}`);
  suggest(only('noDisks'), (hosts) => `a newer agent on ${hosts}, or to move the VM while it runs`);
  if (vm.boundTo === null && vm.move?.to == null) found.push(newHost(vm, version));
  if (found.length === 0 && vm.move?.to != null) return ['another "hostId"'];
  return found.length > 0 ? found : [atItsDisks(vm, judged, version)];
}

/** For a VM whose disks are on a host with more than one objection, or with one that nobody can lift. */
function atItsDisks(vm: PlacementVm, judged: readonly Judged[], version: PsciVersion | null): string {
  const there = judged.find(({ host }) => host.id === vm.boundTo);
  if (there === undefined) return 'the host that has its disks, which is not enrolled any more';
  const words = there.objections.map((objection) => describe(objection, 1, vm, version));
  return `a change to ${there.host.name}, which has its disks and ${words.join(' and ')}`;
}

/** What part of the VM the host has no room for, the larger of memory and vCPUs. */
function lack(vm: PlacementVm, host: PlacementHost): number {
  return Math.max(1 - memoryLeft(host) / vm.memoryMiB, 1 - vcpusLeft(host) / vm.vcpus);
}

function room(vm: PlacementVm, host: PlacementHost): string {
  const memory = vm.memoryMiB - memoryLeft(host);
  const vcpus = vm.vcpus - vcpusLeft(host);
  const parts = [...(memory > 0 ? [`${memory} MiB`] : []), ...(vcpus > 0 ? [countVcpus(vcpus)] : [])];
  return `${parts.join(' and ')} more on ${host.name}`;
}

function countVcpus(count: number): string {
  return count === 1 ? '1 vCPU' : `${count} vCPUs`;
}

function newHost({ vcpus, memoryMiB, hostSelector }: PlacementVm, version: PsciVersion | null): string {
  const labels = Object.entries(hostSelector).map(([key, value]) => `${key}=${value}`);
  const labelled = labels.length === 0 ? '' : ` labelled ${labels.join(', ')}`;
  const accepts = version === null ? '' : ` that accepts PSCI ${version}`;
  return `a host${labelled} with ${memoryMiB} MiB and ${countVcpus(vcpus)} left${accepts}`;
}

function names(hosts: readonly PlacementHost[]): string {
  const named = hosts.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = hosts.length - named.length;
  return more > 0 ? `${named.join(', ')} or one of ${more} more` : named.join(' or ');
}
