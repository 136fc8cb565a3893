/** How the fleet's pins stand: what VMs have, and what is about to change or could easily be lost. Pure. */
import type { FleetPolicy } from '../../psci/fleet-policy.ts';
import type { PinSource } from '../../psci/policy.ts';
import { PSCI_VERSIONS, type PsciVersion } from '../../psci/versions.ts';
import { type FleetHost, type FleetVm, nextPin } from './fleet-pins.ts';

/**
 * `due`: another pin than the VM's policy would give at a cold boot on its present host. `latest`: takes the newest
 * version of its host at each cold boot, by itself or by a fleet policy. `thinlyAccepted`: fewer than two hosts accept
 * its pin, of those that are not lost.
 */
export const DRIFT_KINDS = ['due', 'latest', 'thinlyAccepted'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

export interface PinCell {
  /** Of the current or next boot; null where only a host can tell. */
  readonly psciVersion: PsciVersion | null;
  /** `uname -r` of the VM's host; null for VMs that are on none. */
  readonly kernel: string | null;
  readonly vms: number;
  /** Hosts with this kernel that accept the version, of those that are not lost. */
  readonly acceptingHosts: number;
}

export interface PinCounts {
  readonly byVersion: Record<string, number>;
  /** By version and kernel, both oldest first; a cell without VMs and without hosts is left out. */
  readonly matrix: readonly PinCell[];
  readonly drifted: number;
  readonly latest: number;
  readonly thinlyAccepted: number;
}

/** One VM that stands out. */
export interface DriftedVm {
  readonly id: string;
  readonly name: string;
  readonly hostId: string | null;
  readonly psciVersion: PsciVersion | null;
  /** What a cold boot on its present host would give; null where only a host can tell, or where it would be refused. */
  readonly next: { readonly version: PsciVersion; readonly source: PinSource } | null;
  readonly why: string;
  readonly acceptingHosts: number;
}

interface Standing extends DriftedVm {
  readonly kernel: string | null;
  readonly kinds: ReadonlySet<DriftKind>;
}

export function countPins(
  vms: readonly FleetVm[],
  hosts: readonly FleetHost[],
  policies: readonly FleetPolicy[],
): PinCounts {
  const standingOf = standings(hosts, policies);
  const byVersion: Record<string, number> = {};
  const counts: Record<DriftKind, number> = { due: 0, latest: 0, thinlyAccepted: 0 };
  const cells = new Cells(hosts);
  for (const vm of vms) {
    const { psciVersion, kernel, kinds } = standingOf(vm);
    const key = psciVersion ?? 'unresolved';
    byVersion[key] = (byVersion[key] ?? 0) + 1;
    cells.count(psciVersion, kernel);
    for (const kind of kinds) counts[kind] += 1;
  }
  const { due: drifted, latest, thinlyAccepted } = counts;
  return { byVersion, matrix: cells.inOrder(), drifted, latest, thinlyAccepted };
}

/** Those of one kind, in the order of `vms`. */
export function driftedVms(
  kind: DriftKind,
  vms: readonly FleetVm[],
  hosts: readonly FleetHost[],
  policies: readonly FleetPolicy[],
): DriftedVm[] {
  const standingOf = standings(hosts, policies);
  return vms.map(standingOf).filter(({ kinds }) => kinds.has(kind));
}

function standings(hosts: readonly FleetHost[], policies: readonly FleetPolicy[]): (vm: FleetVm) => Standing {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const following = new Set([
    'latest',
    ...policies.filter(({ version }) => version === 'latest').map(({ id }) => `policy:${id}`),
  ]);
  const accepting = new Map<PsciVersion, number>();
  for (const { lost, psciAccepted } of hosts) {
    if (lost) continue;
    for (const version of psciAccepted) accepting.set(version, (accepting.get(version) ?? 0) + 1);
  }
  return (vm) => {
    const host = vm.hostId === null ? null : (byId.get(vm.hostId) ?? null);
    const { pin, why, candidates } = nextPin(vm, policies, host, { cold: true });
    const psciVersion = vm.psciEffective ?? nextPin(vm, policies, null).pin?.version ?? null;
    const acceptingHosts = psciVersion === null ? 0 : (accepting.get(psciVersion) ?? 0);
    const kinds = new Set<DriftKind>();
    if (vm.psciEffective !== null && pin !== null && pin.version !== vm.psciEffective) kinds.add('due');
    if (candidates.some(({ won, source }) => won && following.has(source))) kinds.add('latest');
    if (psciVersion !== null && acceptingHosts < 2) kinds.add('thinlyAccepted');
    return {
      ...{ id: vm.id, name: vm.name, hostId: vm.hostId, psciVersion, why, acceptingHosts, kinds },
      next: pin === null ? null : { version: pin.version, source: pin.source },
      kernel: host?.kernel ?? null,
    };
  };
}

class Cells {
  readonly #cells = new Map<string, { -readonly [K in keyof PinCell]: PinCell[K] }>();

  constructor(hosts: readonly FleetHost[]) {
    for (const { lost, kernel, psciAccepted } of hosts) {
      if (lost) continue;
      for (const version of psciAccepted) this.#at(version, kernel).acceptingHosts += 1;
    }
  }

  count(psciVersion: PsciVersion | null, kernel: string | null): void {
    this.#at(psciVersion, kernel).vms += 1;
  }

  inOrder(): PinCell[] {
    const place = ({ psciVersion }: PinCell) =>
      psciVersion === null ? PSCI_VERSIONS.length : PSCI_VERSIONS.indexOf(psciVersion);
    return [...this.#cells.values()].sort((a, b) => place(a) - place(b) || byKernel(a.kernel, b.kernel));
  }

  #at(psciVersion: PsciVersion | null, kernel: string | null) {
    const key = `${psciVersion} ${kernel}`;
    const cell = this.#cells.get(key) ?? { psciVersion, kernel, vms: 0, acceptingHosts: 0 };
    this.#cells.set(key, cell);
    return cell;
  }
}

/** Null last. */
function byKernel(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.localeCompare(b, 'en', { numeric: true });
}
