/**
 * What a change of hosts' kernels would show to their VMs. Pure; preflights.ts reads the fleet and asks here.
 *
 * A VM's next boot is looked at as its host would be with the target's kernel: under which pin, whether that is accepted,
 * and what its guest would be told that it is not told now.
 *
 *   keeps         the same version, answered the same as far as that was measured
 *   seesChange    it starts, and its guest is shown another version or other answers
 *   cannotStart   its next boot is a cold one and cannot be had there
 *   cannotResume  its guest hibernated, or may have, or goes on from a snapshot, and cannot go on there
 */
import {
  FIRMWARE_REGISTERS,
  type FirmwareRegister,
  type FirmwareRegisters,
  objectionsTo,
} from '../../psci/firmware.ts';
import type { FleetPolicy } from '../../psci/fleet-policy.ts';
import { keepsPin } from '../../psci/policy.ts';
import { comparePsciVersions, type PsciVersion } from '../../psci/versions.ts';
import { type FleetHost, type FleetVm, nextPin } from '../fleet/fleet-pins.ts';
import type { FingerprintRecord } from '../hosts/fingerprints.ts';
import type { RefusalCode } from '../refusals.ts';
import { pinQuestion } from './pin.ts';
import { type Differences, type Knowing, SeenDifferences } from './preflight-differences.ts';

export const VERDICTS = ['keeps', 'seesChange', 'cannotStart', 'cannotResume'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A VM with what a start would take from it. */
export interface PreflightVm extends FleetVm, Knowing {
  hostId: string;
  /** What its next boot must have; null before its first. */
  registers: FirmwareRegisters | null;
  psciAllowMissing: boolean;
  /** What its next boot takes of its host, and what is left there, where that is too little for it; else null. */
  shortOf: { readonly needed: Room; readonly left: Room } | null;
}

export interface Room {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** What a host is to become. */
export interface TargetKernel {
  /** As the middle of a sentence. */
  readonly words: string;
  readonly accepted: readonly PsciVersion[];
  readonly default: PsciVersion;
  /** Null where nobody knows. */
  readonly registers: FirmwareRegisters | null;
  readonly suspends: boolean | null;
  readonly fingerprint: FingerprintRecord | null;
}

export interface VmVerdict {
  readonly vmId: string;
  readonly name: string;
  readonly hostId: string;
  readonly verdict: Verdict;
  /** What its guest has now, or would have at its next boot there; null where that cannot be told. */
  readonly from: PsciVersion | null;
  /** What it would have on the target; null when it would have none. */
  readonly to: PsciVersion | null;
  /** With which its start would be refused. */
  readonly code: RefusalCode | null;
  readonly reason: string;
  /** Which of the report's differences its guest would see. */
  readonly differences: string | null;
  /** Whether it has disks on its host and so can start nowhere else. */
  readonly bound: boolean;
}

export interface PreflightReport {
  readonly hosts: readonly { id: string; name: string; kernel: string; counts: Counts }[];
  readonly target: {
    readonly description: string;
    readonly accepted: readonly PsciVersion[];
    readonly default: PsciVersion;
    /** Digest of the fingerprint that was compared with; null when answers could not be compared. */
    readonly fingerprint: string | null;
  };
  readonly counts: Counts;
  readonly vms: readonly VmVerdict[];
  readonly differences: readonly Differences[];
}

export type Counts = Readonly<Record<Verdict, number>>;

export interface PreflightFleet {
  /** Those that are to change. */
  readonly hosts: readonly FleetHost[];
  /** Those on them. */
  readonly vms: readonly PreflightVm[];
  readonly policies: readonly FleetPolicy[];
}

export function preflight({ hosts, vms, policies }: PreflightFleet, target: TargetKernel): PreflightReport {
  const seen = new SeenDifferences();
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const verdicts = vms.flatMap((vm) => {
    const host = byId.get(vm.hostId);
    return host === undefined ? [] : judge(vm, { host, policies, target, seen });
  });
  const ofHost = Map.groupBy(verdicts, ({ hostId }) => hostId);
  return {
    hosts: hosts.map(({ id, name, kernel }) => ({ id, name, kernel, counts: count(ofHost.get(id) ?? []) })),
    target: {
      description: target.words,
      accepted: target.accepted,
      default: target.default,
      fingerprint: target.fingerprint?.digest ?? null,
    },
    counts: count(verdicts),
    vms: verdicts,
    differences: seen.all(),
  };
}

function count(verdicts: readonly VmVerdict[]): Counts {
  const counts = { keeps: 0, seesChange: 0, cannotStart: 0, cannotResume: 0 };
  for (const { verdict } of verdicts) counts[verdict] += 1;
  return counts;
}

interface Ground {
  readonly host: FleetHost;
  readonly policies: readonly FleetPolicy[];
  readonly target: TargetKernel;
  readonly seen: SeenDifferences;
}

/** The verdict is about the kernel; that there is no room is said besides, since it may have changed by then. */
function judge(vm: PreflightVm, ground: Ground): VmVerdict {
  const verdict = kernelVerdict(vm, ground);
  if (vm.shortOf === null) return verdict;
  const { needed, left } = vm.shortOf;
  const short = `it needs ${inWords(needed)}, and ${inWords(left)} are left`;
  return {
    ...verdict,
    reason: `${verdict.reason} With any kernel it does not fit on its host now: ${short}.`,
  };
}

function inWords({ vcpus, memoryMiB }: Room): string {
  return `${memoryMiB} MiB and ${vcpus} vCPUs`;
}

function kernelVerdict(vm: PreflightVm, ground: Ground): VmVerdict {
  const { host, policies, target, seen } = ground;
  const resumes = keepsPin(pinQuestion({ ...vm, fleetPolicies: [] }, host));
  const now = nextPin(vm, policies, host).pin?.version ?? null;
  const from = vm.psciEffective ?? now;
  const becoming = { ...host, psciAccepted: [...target.accepted], psciDefault: target.default };
  const answer = nextPin(vm, policies, becoming);
  const to = answer.pin?.version ?? null;
  const { id: vmId, name, hostId, hasDisks: bound } = vm;
  const base = { vmId, name, hostId, from, to, code: null, differences: null, bound };
  const stuck = resumes ? 'cannotResume' : 'cannotStart';
  if (to === null) return { ...base, verdict: stuck, code: 'PSCI_VERSION_NOT_SUPPORTED', reason: answer.why };
  const obstacle = obstacleOf(vm, to, target);
  if (obstacle !== null) {
    const reason = `${resumes ? `${answer.why} ` : ''}${obstacle.reason}${elsewhere(bound)}`;
    return { ...base, verdict: stuck, code: obstacle.code, reason };
  }
  if (from !== null && from !== to) {
    const cause =
      now === to
        ? `Its next boot has ${to} instead of ${from} with the present kernel too.`
        : `Its next boot would have ${to} instead of ${from}.`;
    const differences = seen.versions(from, to);
    return { ...base, verdict: 'seesChange', differences, reason: `${cause} ${answer.why}` };
  }
  const answers = seen.answers(vm, to, target.fingerprint);
  if (answers !== null) {
    const reason = `It keeps ${to}, but ${target.words} answers otherwise at ${to} than its guest knows.`;
    const seen = { ...base, differences: answers.id, reason };
    return resumes && answers.mismatch
      ? { ...seen, verdict: 'cannotResume', code: 'FINGERPRINT_MISMATCH' }
      : { ...seen, verdict: 'seesChange' };
  }
  return { ...base, verdict: 'keeps', reason: `It keeps ${to}. ${answer.why}` };
}

function elsewhere(bound: boolean): string {
  return bound ? ' Its disks keep it on this host.' : ' It has no disks and may start on another host.';
}

/** What keeps a VM from booting at a version on the target; null when nothing does. */
function obstacleOf(
  vm: PreflightVm,
  version: PsciVersion,
  target: TargetKernel,
): { code: RefusalCode; reason: string } | null {
  if (!target.accepted.includes(version)) {
    const newest = [...target.accepted].sort(comparePsciVersions).at(-1) ?? 'nothing';
    return {
      code: 'PSCI_VERSION_NOT_SUPPORTED',
      reason: `It needs ${version}, and ${target.words} accepts ${newest} at most.`,
    };
  }
  if (vm.psciSystemSuspend && target.suspends === false) {
    return {
      code: 'FIRMWARE_FEATURE_MISSING',
      reason: `Its guest is to have SYSTEM_SUSPEND, which ${target.words} cannot give.`,
    };
  }
  const lacking = lackingRegisters(vm, target);
  if (lacking.length === 0) return null;
  return {
    code: 'FIRMWARE_REGISTER_MISSING',
    reason: `It was recorded with ${lacking.join(', ')}, which ${target.words} does not have so.`,
  };
}

/** Levels follow from the CPU, which another kernel does not change: only that a register is there is asked of them. */
function lackingRegisters(
  { registers, psciAllowMissing }: PreflightVm,
  target: TargetKernel,
): FirmwareRegister[] {
  if (registers === null || target.registers === null) return [];
  return objectionsTo(registers, target.registers, psciAllowMissing)
    .filter(({ register, why }) => why === 'missing' || FIRMWARE_REGISTERS[register].kind === 'bitmap')
    .map(({ register }) => register);
}
