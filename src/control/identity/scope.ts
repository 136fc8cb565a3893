/**
 * How far a token reaches. Its scope is labels; it reaches the VMs that have them all, with what belongs to those:
 * events, operations, snapshots, consoles. What belongs to a deleted VM goes by the labels it had in the end. A VM out of
 * reach is answered as one that does not exist.
 */
import type { Control } from '../control.ts';
import type { Labels, LabelsPatch } from '../labels.ts';
import { Refusal } from '../refusals.ts';

export function isScoped(scope: Labels): boolean {
  return Object.keys(scope).length > 0;
}

/** Whether a VM with `labels` is within reach. */
export function covers(scope: Labels, labels: Labels): boolean {
  return Object.entries(scope).every(([key, value]) => labels[key] === value);
}

/** For people: `team: a, zone: b`. */
export function scopeText(scope: Labels): string {
  return Object.entries(scope)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}

/** That the VM `vmId`, a column or a parameter, has the labels of `scope`, a parameter, or had when it was deleted. */
export function reachedSql(vmId: string, scope: string): string {
  return (
    `(EXISTS (SELECT FROM vms r WHERE r.id = ${vmId} AND r.labels @> ${scope}::jsonb) OR ` +
    `EXISTS (SELECT FROM former_vms r WHERE r.id = ${vmId} AND r.labels @> ${scope}::jsonb))`
  );
}

/** Asked at every request of a token with a scope. */
export async function reachesVm(control: Control, scope: Labels, vmId: string): Promise<boolean> {
  const { rows } = await control.pool.query<{ reached: boolean }>({
    name: 'reaches-vm',
    text: `SELECT ${reachedSql('$1::uuid', '$2')} AS reached`,
    values: [vmId, JSON.stringify(scope)],
  });
  return rows[0]?.reached === true;
}

export async function reachesOperation(
  control: Control,
  scope: Labels,
  operationId: string,
): Promise<boolean> {
  const { rows } = await control.pool.query({
    name: 'reaches-operation',
    text: `SELECT FROM operations o WHERE o.id = $1::uuid AND ${reachedSql('o.vm_id', '$2')}`,
    values: [operationId, JSON.stringify(scope)],
  });
  return rows.length > 0;
}

/** Throws SNAPSHOT_UNKNOWN where a new VM would be made of a guest out of reach. */
export async function refuseForeignSnapshot(
  control: Control,
  scope: Labels,
  snapshotId: string,
): Promise<void> {
  const { rows } = await control.pool.query({
    name: 'reaches-snapshot',
    text: `SELECT FROM snapshots s WHERE s.id = $1::uuid AND ${reachedSql('s.vm_id', '$2')}`,
    values: [snapshotId, JSON.stringify(scope)],
  });
  if (rows.length > 0) return;
  throw new Refusal('SNAPSHOT_UNKNOWN', `There is no snapshot ${snapshotId}.`, { pointer: '/snapshotId' });
}

/** Throws FORBIDDEN where a VM with `labels` would be out of its maker's reach. */
export function refuseOutside(scope: Labels, labels: Labels): void {
  if (covers(scope, labels)) return;
  throw new Refusal(
    'FORBIDDEN',
    `The token reaches VMs with the labels ${scopeText(scope)} only; give the VM these labels.`,
    { pointer: '/labels' },
  );
}

/** Throws FORBIDDEN where a change of labels would take a VM out of the reach of whoever makes it. */
export function refuseLeaving(scope: Labels, patch: LabelsPatch | undefined): void {
  if (patch === undefined || !isScoped(scope)) return;
  // A key that the patch does not name stays as it is.
  const kept = Object.entries(scope).filter(
    ([key, value]) => patch !== null && (!Object.hasOwn(patch, key) || patch[key] === value),
  );
  if (kept.length === Object.keys(scope).length) return;
  throw new Refusal(
    'FORBIDDEN',
    `The token reaches VMs with the labels ${scopeText(scope)} only; the VM must keep them.`,
    { pointer: '/labels' },
  );
}
