import type { PolicyRecord, PolicyRevision } from '../../control/policies/policies.ts';
import type { HostLoss, PolicyChange, PolicyImpact, VmChange } from '../../control/policies/policy-impact.ts';
import type { FleetPolicy } from '../../psci/fleet-policy.ts';
import type { PsciPolicy, PsciPolicyDryRun, PsciPolicyRevision } from '../schemas/psci-policy.ts';

function presentContent({ name, selector, version, priority, enforcement, revision }: FleetPolicy) {
  return { name, selector: { ...selector }, version, priority, enforcement, revision };
}

export function presentPolicyRevision(policy: PolicyRevision): PsciPolicyRevision {
  const { id, changedBy, changedAt } = policy;
  return { id, ...presentContent(policy), changedBy, changedAt: changedAt.toISOString() };
}

export function presentPolicy(policy: PolicyRecord): PsciPolicy {
  const { vms, createdAt } = policy;
  return { ...presentPolicyRevision(policy), vms, createdAt: createdAt.toISOString() };
}

/** `page` is the part of the changing VMs that is asked for, `limit` how many hosts are. */
export function presentDryRun(
  { before, after }: PolicyChange,
  { vms, hosts }: PolicyImpact,
  page: { items: readonly VmChange[]; nextPageToken: string | null },
  limit: number,
): PsciPolicyDryRun {
  const { selected, changing, kept, unplaceable } = vms;
  return {
    dryRun: true,
    before: before === null ? null : presentContent(before),
    after: after === null ? null : presentContent(after),
    vms: {
      ...{ selected, changing, kept, unplaceable },
      items: page.items.map(({ id, ...change }) => ({ vmId: id, ...change })),
      nextPageToken: page.nextPageToken,
    },
    hosts: {
      affected: hosts.losses.length,
      versions: [...hosts.versions],
      items: hosts.losses.slice(0, limit).map(presentLoss),
    },
  };
}

function presentLoss({ id, versions, ...loss }: HostLoss) {
  return { hostId: id, ...loss, versions: [...versions] };
}
