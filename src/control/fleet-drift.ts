/** How the fleet's pins stand: what VMs have, and what is about to change or could easily be lost. Pure. */
import type { FleetPolicy } from '../psci/fleet-policy.ts';
import type { PsciVersion } from '../psci/versions.ts';
import { type FleetHost, type FleetVm, nextPin } from './fleet-pins.ts';

export interface PinCounts {
  /** By the pin of the current or next boot; `unresolved` where only a host can tell. */
  readonly byVersion: Record<string, number>;
  /** Whose pin is another than their policy would give at a cold boot on their present host. */
  readonly drifted: number;
  /** Who take the newest version of their host at each cold boot, by themselves or by a fleet policy. */
  readonly latest: number;
  /** Whose pin fewer than two hosts accept, of those that are not lost. */
  readonly thinlyAccepted: number;
}

export function countPins(
  vms: readonly FleetVm[],
  hosts: readonly FleetHost[],
  policies: readonly FleetPolicy[],
): PinCounts {
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
  const byVersion: Record<string, number> = {};
  let [drifted, latest, thinlyAccepted] = [0, 0, 0];
  for (const vm of vms) {
    const host = vm.hostId === null ? null : (byId.get(vm.hostId) ?? null);
    const { pin, candidates } = nextPin(vm, policies, host, { cold: true });
    const version = vm.psciEffective ?? nextPin(vm, policies, null).pin?.version ?? null;
    const key = version ?? 'unresolved';
    byVersion[key] = (byVersion[key] ?? 0) + 1;
    if (vm.psciEffective !== null && pin !== null && pin.version !== vm.psciEffective) drifted += 1;
    if (candidates.some(({ won, source }) => won && following.has(source))) latest += 1;
    if (version !== null && (accepting.get(version) ?? 0) < 2) thinlyAccepted += 1;
  }
  return { byVersion, drifted, latest, thinlyAccepted };
}
