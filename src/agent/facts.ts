/** What the agent tells the fleet about its host. */
import { readFileSync } from 'node:fs';
import { availableParallelism, release } from 'node:os';
import type { PsciProbe } from '../kvm/probe.ts';
import type { HostFacts } from '../wire/agent.ts';
import { HOLDFAST_VERSION } from '../wire/version.ts';
import { hostBootId } from '../worker/identity.ts';

export interface CapacityRules {
  /** vCPUs offered per CPU: guests seldom use all of theirs at once. */
  readonly vcpuOvercommit: number;
  /** Memory kept for the host itself, in MiB. Guest memory is never promised twice. */
  readonly memoryReserveMiB: number;
}

export function hostFacts(psci: PsciProbe, rules: CapacityRules): HostFacts {
  return {
    agentVersion: HOLDFAST_VERSION,
    kernel: release(),
    bootId: hostBootId(),
    psci: {
      accepted: [...psci.accepted],
      default: psci.default,
      registers: psci.registers,
      systemSuspend: psci.systemSuspend,
    },
    capacity: capacity(availableParallelism(), readFileSync('/proc/meminfo', 'utf8'), rules),
    simulated: false,
    movesDisks: true,
  };
}

/** @param meminfo the text of /proc/meminfo */
export function capacity(cpus: number, meminfo: string, rules: CapacityRules): HostFacts['capacity'] {
  const totalKiB = Number(/^MemTotal:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? 0);
  return {
    vcpus: Math.max(1, Math.floor(cpus * rules.vcpuOvercommit)),
    memoryMiB: Math.max(1, Math.floor(totalKiB / 1024) - rules.memoryReserveMiB),
  };
}
