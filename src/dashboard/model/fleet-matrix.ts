/** How many VMs have which PSCI version on which host kernel: the summary's counts, gathered by kernel series. Pure. */
import type { FleetSummary, PsciVersion } from '../data/types.ts';

/** `uname -r` without what a distribution adds: `6.12` of `6.12.43+deb13-arm64`. */
export function kernelSeries(release: string): string {
  return /^\d+\.\d+/.exec(release)?.[0] ?? release;
}

export interface Cell {
  vms: number;
  /** False when no host with this kernel accepts the version: a VM with this pin cannot run there. */
  accepted: boolean;
}

export interface MatrixRow {
  version: PsciVersion;
  cells: ReadonlyMap<string, Cell>;
  /** VMs that no host has yet. */
  unplaced: number;
}

export interface Matrix {
  /** Kernel series, oldest first. */
  kernels: readonly string[];
  hostsOf: ReadonlyMap<string, number>;
  /** Oldest version first. */
  rows: readonly MatrixRow[];
  /** VMs whose pin is not known before their first boot. */
  undecided: number;
}

const inOrder = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export function fleetMatrix(
  counted: FleetSummary['vms']['matrix'],
  byKernel: FleetSummary['hosts']['byKernel'],
): Matrix {
  const kernels = [...new Set(Object.keys(byKernel).map(kernelSeries))].sort(inOrder);
  const hostsOf = new Map(kernels.map((series) => [series, 0]));
  for (const [release, hosts] of Object.entries(byKernel)) {
    const series = kernelSeries(release);
    hostsOf.set(series, (hostsOf.get(series) ?? 0) + hosts);
  }
  const known = counted.flatMap(({ psciVersion }) => (psciVersion === null ? [] : [psciVersion]));
  const rows = [...new Set(known)].sort(inOrder).map((version) => {
    const ofVersion = counted.filter(({ psciVersion }) => psciVersion === version);
    const cells = new Map(
      kernels.map((series) => {
        const here = ofVersion.filter(({ kernel }) => kernel !== null && kernelSeries(kernel) === series);
        const vms = sum(here.map((cell) => cell.vms));
        return [series, { vms, accepted: here.some(({ acceptingHosts }) => acceptingHosts > 0) }];
      }),
    );
    const unplaced = sum(ofVersion.filter(({ kernel }) => kernel === null).map(({ vms }) => vms));
    return { version, cells, unplaced };
  });
  const undecided = sum(counted.filter(({ psciVersion }) => psciVersion === null).map(({ vms }) => vms));
  return { kernels, hostsOf, rows, undecided };
}
