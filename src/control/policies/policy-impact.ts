/**
 * What a change of fleet policies would do: the VMs whose next boot would have another version, and the hosts that could
 * no longer run them. Pure; policies.ts reads the fleet and asks here.
 */
import { type FleetPolicy, selects } from '../../psci/fleet-policy.ts';
import { keepsPin, type PinSource } from '../../psci/policy.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import { type FleetHost, type FleetVm, nextPin } from '../fleet/fleet-pins.ts';
import { pinQuestion } from './pin.ts';

export interface PolicyChange {
  readonly before: FleetPolicy | null;
  readonly after: FleetPolicy | null;
}

/** A version, or null where the host decides, with what it comes from. */
interface End {
  readonly version: PsciVersion | null;
  readonly source: PinSource | null;
}

export interface VmChange {
  readonly id: string;
  readonly name: string;
  readonly hostId: string | null;
  /** What its current or last boot has. */
  readonly effective: PsciVersion | null;
  readonly from: End;
  readonly to: End;
  readonly why: string;
  /** Hosts that it could start on by its disks and its selector and that accept `to`. */
  readonly acceptedBy: number;
}

export interface HostLoss {
  readonly id: string;
  readonly name: string;
  readonly kernel: string;
  /** What it does not accept. */
  readonly versions: readonly PsciVersion[];
  /** Changing VMs that it could run before, and after the change not. */
  readonly vms: number;
  /** Those among them that are there now, or were there last. */
  readonly placed: number;
}

export interface PolicyImpact {
  readonly vms: {
    /** Selected by the policy, before or after. */
    readonly selected: number;
    readonly changing: number;
    /** Would change, but for a guest that hibernated, or may have, or goes on from a snapshot: its next boot is not cold. */
    readonly kept: number;
    /** Of the changing ones those that no host they could start on accepts. */
    readonly unplaceable: number;
    /** In the order of ids. */
    readonly changes: readonly VmChange[];
  };
  readonly hosts: {
    /** By what VMs would change to. */
    readonly versions: readonly { version: PsciVersion; vms: number; accepting: number; refusing: number }[];
    /** Most VMs first. */
    readonly losses: readonly HostLoss[];
  };
}

export interface Fleet {
  readonly vms: readonly FleetVm[];
  readonly hosts: readonly FleetHost[];
  readonly policies: readonly FleetPolicy[];
}

/** `fleet.policies` are those in force now; `fleet.vms` at least those that the policy selects before or after. */
export function policyImpact({ vms, hosts, policies }: Fleet, { before, after }: PolicyChange): PolicyImpact {
  const others = policies.filter(({ id }) => id !== before?.id);
  const then = after === null ? others : [...others, after];
  const usable = hosts.filter(({ lost }) => !lost);
  const places = new Places(usable);
  const selectors = [before, after].flatMap((policy) => (policy === null ? [] : [policy.selector]));
  const changes: VmChange[] = [];
  let selected = 0;
  let kept = 0;
  for (const vm of vms) {
    if (!selectors.some((selector) => selects(selector, vm.labels))) continue;
    selected += 1;
    if (vm.psciPolicy !== 'inherit') continue;
    const host = places.find(vm.hostId);
    const from = nextPin(vm, policies, host, { cold: true }).pin;
    const answer = nextPin(vm, then, host, { cold: true });
    const to = answer.pin;
    if ((from?.version ?? null) === (to?.version ?? null)) continue;
    if (keepsPin(pinQuestion({ ...vm, fleetPolicies: [] }, host))) {
      kept += 1;
      continue;
    }
    const { id, name, hostId, psciEffective } = vm;
    changes.push({
      ...{ id, name, hostId, effective: psciEffective },
      from: { version: from?.version ?? null, source: from?.source ?? null },
      to: { version: to?.version ?? null, source: to?.source ?? null },
      why: answer.why,
      acceptedBy: places.move(vm, from?.version ?? null, to?.version ?? null),
    });
  }
  const unplaceable = changes.filter(({ acceptedBy }) => acceptedBy === 0).length;
  const versions = Map.groupBy(changes, ({ to }) => to.version);
  return {
    vms: { selected, changing: changes.length, kept, unplaceable, changes },
    hosts: {
      versions: [...versions].flatMap(([version, group]) => {
        if (version === null) return [];
        const accepting = usable.filter(({ psciAccepted }) => psciAccepted.includes(version)).length;
        return { version, vms: group.length, accepting, refusing: usable.length - accepting };
      }),
      losses: places.losses(),
    },
  };
}

/** Hosts that VMs of one kind could start on before and after a change. */
interface Group {
  readonly accepting: number;
  readonly losing: ReadonlySet<string>;
}

/** Counts, per host, the VMs that it could run and then cannot. VMs that ask for the same are looked up once. */
class Places {
  readonly #hosts: ReadonlyMap<string, FleetHost>;
  readonly #groups = new Map<string, Group>();
  readonly #lost = new Map<string, { versions: Set<PsciVersion>; placed: number }>();
  /** VMs per group and what they would change to. */
  readonly #counts = new Map<Group, { version: PsciVersion; vms: number }>();

  constructor(hosts: readonly FleetHost[]) {
    this.#hosts = new Map(hosts.map((host) => [host.id, host]));
  }

  find(hostId: string | null): FleetHost | null {
    return hostId === null ? null : (this.#hosts.get(hostId) ?? null);
  }

  /** Counts a VM that changes; returns how many hosts accept what it changes to. */
  move(vm: FleetVm, from: PsciVersion | null, to: PsciVersion | null): number {
    const group = this.#group(vm, from, to);
    if (to === null) return group.accepting;
    const counted = this.#counts.get(group);
    this.#counts.set(group, { version: to, vms: (counted?.vms ?? 0) + 1 });
    if (vm.hostId !== null && group.losing.has(vm.hostId)) this.#loss(vm.hostId).placed += 1;
    return group.accepting;
  }

  losses(): HostLoss[] {
    const vms = new Map<string, number>();
    for (const [group, counted] of this.#counts) {
      for (const hostId of group.losing) {
        vms.set(hostId, (vms.get(hostId) ?? 0) + counted.vms);
        this.#loss(hostId).versions.add(counted.version);
      }
    }
    const found = [...vms].flatMap(([hostId, count]) => {
      const host = this.#hosts.get(hostId);
      if (host === undefined) return [];
      const { versions, placed } = this.#loss(hostId);
      const { id, name, kernel } = host;
      return { ...{ id, name, kernel }, versions: [...versions].sort(), vms: count, placed };
    });
    return found.sort((a, b) => b.placed - a.placed || b.vms - a.vms || (a.id < b.id ? -1 : 1));
  }

  #loss(hostId: string): { versions: Set<PsciVersion>; placed: number } {
    const known = this.#lost.get(hostId) ?? { versions: new Set(), placed: 0 };
    this.#lost.set(hostId, known);
    return known;
  }

  #group(vm: FleetVm, from: PsciVersion | null, to: PsciVersion | null): Group {
    const bound = vm.hasDisks ? vm.hostId : null;
    const key = JSON.stringify([bound, vm.hostSelector, from, to]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const host = this.find(bound);
    const candidates = bound === null ? [...this.#hosts.values()] : host === null ? [] : [host];
    const possible = candidates.filter(({ labels }) => selects(vm.hostSelector, labels));
    const accepts = (one: FleetHost, version: PsciVersion | null): boolean =>
      version === null || one.psciAccepted.includes(version);
    const group = {
      accepting: possible.filter((one) => accepts(one, to)).length,
      losing: new Set(possible.filter((one) => accepts(one, from) && !accepts(one, to)).map(({ id }) => id)),
    };
    this.#groups.set(key, group);
    return group;
  }
}
