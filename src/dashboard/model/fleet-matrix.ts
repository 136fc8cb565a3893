/** How many VMs have which PSCI version on which host kernel. Pure. */
import type { Host, PsciVersion, Vm } from '../data/types.ts';

type PlacedVm = Pick<Vm, 'hostId'> & { psci: Pick<Vm['psci'], 'effective'> };

/** `uname -r` without what a distribution adds: `6.12` of `6.12.43+deb13-arm64`. */
export function kernelSeries(release: string): string {
  return /^\d+\.\d+/.exec(release)?.[0] ?? release;
}

export interface Cell {
  vms: number;
  /** False when no host with this kernel accepts the version: a VM with this pin cannot run there. */
  accepted: boolean;
}

export interface Matrix {
  /** Kernel series, oldest first. */
  kernels: readonly string[];
  hostsOf: ReadonlyMap<string, number>;
  rows: readonly {
    version: PsciVersion;
    cells: ReadonlyMap<string, Cell>;
    /** VMs that no host has yet. */
    unplaced: number;
  }[];
  /** VMs whose pin is not known before their first boot. */
  undecided: number;
}

const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

export function fleetMatrix(
  vms: readonly PlacedVm[],
  hosts: readonly Pick<Host, 'id' | 'kernel' | 'psci'>[],
): Matrix {
  const kernelOf = new Map(hosts.map((host) => [host.id, kernelSeries(host.kernel)]));
  const kernels = [...new Set(kernelOf.values())].sort(inOrder);
  const hostsOf = new Map(
    kernels.map((kernel) => [kernel, hosts.filter((host) => kernelOf.get(host.id) === kernel).length]),
  );
  const versions = new Set<PsciVersion>();
  for (const host of hosts) for (const version of host.psci.accepted) versions.add(version);
  for (const { psci } of vms) if (psci.effective !== null) versions.add(psci.effective);
  const rows = [...versions].sort(inOrder).map((version) => {
    const pinned = vms.filter((vm) => vm.psci.effective === version);
    const cells = new Map(
      kernels.map((kernel) => [
        kernel,
        {
          vms: pinned.filter((vm) => vm.hostId !== null && kernelOf.get(vm.hostId) === kernel).length,
          accepted: hosts.some(
            (host) => kernelOf.get(host.id) === kernel && host.psci.accepted.includes(version),
          ),
        },
      ]),
    );
    return { version, cells, unplaced: pinned.filter((vm) => vm.hostId === null).length };
  });
  return { kernels, hostsOf, rows, undecided: vms.filter((vm) => vm.psci.effective === null).length };
}
