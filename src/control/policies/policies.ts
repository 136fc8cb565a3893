/**
 * Fleet policies: which pin the VMs get that inherit theirs.
 *
 * What a policy says is written down as revisions, which never change and outlive it. Policies change one after the
 * other, so that no two together leave it open which of them decides for some VM.
 */
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { type FleetPolicy, tieOf } from '../../psci/fleet-policy.ts';
import { isInsecure, isPsciVersion, SECURITY_FLOOR } from '../../psci/versions.ts';
import type { Control } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import type { Executor } from '../database/database.ts';
import { readSnapshot, transact } from '../database/transact.ts';
import { readFleetHosts, readFleetPolicies, readSelectedVms } from '../fleet/fleet-pins.ts';
import { type Labels, mergeLabels } from '../labels.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { type PolicyChange, type PolicyImpact, policyImpact } from './policy-impact.ts';
import { readActivePolicies } from './policy-query.ts';

/** What a policy says. */
export type PolicyContent = Omit<FleetPolicy, 'id' | 'revision' | 'selector'> & { readonly selector: Labels };

export interface PolicyPatch extends Partial<Omit<PolicyContent, 'selector'>> {
  /** A merge patch (RFC 7396): null removes a label. */
  selector?: Record<string, string | null>;
}

export interface PolicyRevision extends FleetPolicy {
  readonly selector: Labels;
  /** Who made this revision, and when. */
  readonly changedBy: string;
  readonly changedAt: Date;
}

export interface PolicyRecord extends PolicyRevision {
  readonly createdAt: Date;
  /** How many VMs it selects. */
  readonly vms: number;
}

type RevisionCheck = (revision: number) => void;

/** Throws PSCI_VERSION_INSECURE, PSCI_POLICY_NAME_TAKEN or PSCI_POLICY_TIE. */
export async function createPolicy(
  control: Control,
  input: PolicyContent,
  requestedBy: string,
): Promise<PolicyRecord> {
  return transact(control, async (tx) => {
    const after = newPolicy(await lockPolicies(tx), input);
    await tx.psciPolicy.create({ data: { ...after, selector: { ...after.selector } } });
    await addRevision(tx, after, requestedBy);
    return present(tx, after.id);
  });
}

/** Makes a new revision; one that says the same makes none. `check` sees the newest and may throw. */
export async function changePolicy(
  control: Control,
  policyId: string,
  patch: PolicyPatch,
  { check, requestedBy }: { check: RevisionCheck; requestedBy: string },
): Promise<PolicyRecord> {
  return transact(control, async (tx) => {
    const policies = await lockPolicies(tx);
    const { before, after } = changedPolicy(policies, policyId, patch, check);
    if (after.revision !== before.revision) {
      await tx.psciPolicy.update({
        where: { id: policyId },
        data: { ...after, selector: { ...after.selector } },
      });
      await addRevision(tx, after, requestedBy);
    }
    return present(tx, policyId);
  });
}

/** Its revisions stay, since boots name them. */
export async function deletePolicy(control: Control, policyId: string, check: RevisionCheck): Promise<void> {
  await transact(control, async (tx) => {
    check(find(await lockPolicies(tx), policyId).revision);
    await tx.psciPolicy.delete({ where: { id: policyId } });
  });
}

export type PolicyRequest =
  | { readonly kind: 'create'; readonly input: PolicyContent }
  | { readonly kind: 'change'; readonly policyId: string; readonly patch: PolicyPatch }
  | { readonly kind: 'delete'; readonly policyId: string };

/** What a request would do to the fleet as it is now. Refuses what the request itself would be refused for. */
export async function dryRunPolicy(
  control: Control,
  request: PolicyRequest,
  check: RevisionCheck,
): Promise<{ change: PolicyChange; impact: PolicyImpact }> {
  return readSnapshot(control, async (client) => {
    const policies = await readFleetPolicies(client);
    const change = plan(policies, request, check);
    const concerned = [change.before, change.after].filter((policy) => policy !== null);
    const vms = await readSelectedVms(
      client,
      concerned.map(({ selector }) => selector),
    );
    const hosts = await readFleetHosts(client);
    return { change, impact: policyImpact({ vms, hosts, policies }, change) };
  });
}

function plan(policies: readonly FleetPolicy[], request: PolicyRequest, check: RevisionCheck): PolicyChange {
  switch (request.kind) {
    case 'create':
      return { before: null, after: newPolicy(policies, request.input) };
    case 'change':
      return changedPolicy(policies, request.policyId, request.patch, check);
    case 'delete': {
      const before = find(policies, request.policyId);
      check(before.revision);
      return { before, after: null };
    }
  }
}

function newPolicy(policies: readonly FleetPolicy[], input: PolicyContent): FleetPolicy {
  const policy = { ...input, id: uuidv7(), revision: 1 };
  checkPolicyContent(policy, policies);
  return policy;
}

function changedPolicy(
  policies: readonly FleetPolicy[],
  policyId: string,
  { selector, ...patch }: PolicyPatch,
  check: RevisionCheck,
): { before: FleetPolicy; after: FleetPolicy } {
  const before = find(policies, policyId);
  check(before.revision);
  const said = { ...before, ...patch, selector: mergeLabels({ ...before.selector }, selector) };
  if (isDeepStrictEqual(said, before)) return { before, after: before };
  const after = { ...said, revision: before.revision + 1 };
  checkPolicyContent(after, policies);
  return { before, after };
}

function checkPolicyContent(policy: FleetPolicy, policies: readonly FleetPolicy[]): void {
  const { id, name, version } = policy;
  if (isPsciVersion(version) && isInsecure(version)) {
    throw new Refusal(
      'PSCI_VERSION_INSECURE',
      `No policy gives PSCI ${version}, which hides the SMCCC 1.1 mitigations from guests. Use ${SECURITY_FLOOR} or ` +
        'newer; a VM that needs an older one says so itself ("pinned" with "allowInsecure").',
      { pointer: '/version' },
    );
  }
  if (policies.some((other) => other.id !== id && other.name === name)) {
    throw new Refusal('PSCI_POLICY_NAME_TAKEN', `There is a policy "${name}" already; choose another name.`, {
      pointer: '/name',
    });
  }
  const tie = tieOf(policy, policies);
  if (tie !== null) {
    throw new Refusal(
      'PSCI_POLICY_TIE',
      `The policy "${tie.name}" (/v1/psci-policies/${tie.id}) has the priority ${tie.priority} too, and a VM could be ` +
        'selected by both. Give another priority, or selectors that ask one label for different values.',
      { pointer: '/priority' },
    );
  }
}

/** Every policy in force; from here to the commit nobody else changes one. */
async function lockPolicies(tx: Executor): Promise<FleetPolicy[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.policies})`;
  return readActivePolicies(tx);
}

async function addRevision(tx: Executor, policy: FleetPolicy, changedBy: string): Promise<void> {
  const { id: policyId, selector, ...rest } = policy;
  await tx.psciPolicyRevision.create({ data: { ...rest, policyId, selector: { ...selector }, changedBy } });
}

function find(policies: readonly FleetPolicy[], policyId: string): FleetPolicy {
  const policy = policies.find(({ id }) => id === policyId);
  if (policy === undefined) throw notFound(policyId);
  return policy;
}

function notFound(policyId: string): Refusal {
  return new Refusal('PSCI_POLICY_NOT_FOUND', `There is no policy ${policyId}.`);
}

const REVISION = Prisma.sql`r.policy_id AS id, r.revision, r.name, r.selector, r.priority, r.version, r.enforcement,
  r.changed_by AS "changedBy", r.changed_at AS "changedAt"`;

const SELECT = Prisma.sql`
  SELECT ${REVISION}, p.created_at AS "createdAt",
    (SELECT count(*)::int FROM vms v WHERE v.labels @> r.selector) AS vms
  FROM psci_policies p JOIN psci_policy_revisions r ON r.policy_id = p.id AND r.revision = p.revision`;

export async function getPolicy(control: Control, policyId: string): Promise<PolicyRecord> {
  return present(control.db, policyId);
}

async function present(db: Executor, policyId: string): Promise<PolicyRecord> {
  const rows = await db.$queryRaw<PolicyRecord[]>`${SELECT} WHERE p.id = ${policyId}::uuid`;
  const [policy] = rows;
  if (policy === undefined) throw notFound(policyId);
  return policy;
}

/** In the order of creation, which is that of the ids (UUIDv7). */
export async function listPolicies(
  control: Control,
  page: { afterId: string | null; limit: number },
): Promise<PolicyRecord[]> {
  const after = page.afterId === null ? Prisma.empty : Prisma.sql`WHERE p.id > ${page.afterId}::uuid`;
  return control.db.$queryRaw<PolicyRecord[]>`${SELECT} ${after} ORDER BY p.id LIMIT ${page.limit}`;
}

/** Newest first; those of a deleted policy too. Throws PSCI_POLICY_NOT_FOUND for one that never was. */
export async function listPolicyRevisions(
  control: Control,
  policyId: string,
  page: { before: bigint | null; limit: number },
): Promise<(PolicyRevision & { position: bigint })[]> {
  const before = page.before === null ? Prisma.empty : Prisma.sql`AND r.revision < ${page.before}`;
  const rows = await control.db.$queryRaw<PolicyRevision[]>`
    SELECT ${REVISION} FROM psci_policy_revisions r WHERE r.policy_id = ${policyId}::uuid ${before}
    ORDER BY r.revision DESC LIMIT ${page.limit}`;
  if (rows.length === 0 && page.before === null) throw notFound(policyId);
  return rows.map((row) => ({ ...row, position: BigInt(row.revision) }));
}
