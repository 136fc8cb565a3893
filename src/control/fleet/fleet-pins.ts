/**
 * The whole fleet as far as pins go, read in one go: for questions about all VMs at once, which are then decided by the
 * same pure functions as a single VM's start. A row has only what those need, so that tens of thousands fit a request.
 */
import type pg from 'pg';
import type { FirmwareRegisters } from '../../psci/firmware.ts';
import { type FleetPolicy, selects } from '../../psci/fleet-policy.ts';
import { type PinAnswer, resolvePin } from '../../psci/policy.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { Labels } from '../labels.ts';
import { pinQuestion } from '../policies/pin.ts';
import { POLICIES_IN_FORCE } from '../policies/policy-query.ts';
import type { VmRecord } from '../vms/vm-query.ts';

export interface FleetVm
  extends Pick<
    VmRecord,
    | 'id'
    | 'name'
    | 'labels'
    | 'hostSelector'
    | 'hostId'
    | 'psciPolicy'
    | 'psciVersion'
    | 'psciAllowInsecure'
    | 'psciEffective'
    | 'psciSource'
    | 'psciPolicyRevision'
    | 'hibernation'
    | 'restoring'
  > {
  /** Whether it has disks, and so can start on its host alone. */
  hasDisks: boolean;
}

export interface FleetHost {
  id: string;
  name: string;
  labels: Labels;
  kernel: string;
  psciAccepted: PsciVersion[];
  psciDefault: PsciVersion;
  psciRegisters: FirmwareRegisters | null;
  psciSuspends: boolean | null;
  /** Declared lost: it takes no VM. */
  lost: boolean;
}

/** Of `vms v`, as FleetVm. */
export const FLEET_VM_COLUMNS = `v.id, v.name, v.labels, v.host_selector AS "hostSelector", v.host_id AS "hostId",
  v.disks <> '[]' AS "hasDisks", v.psci_policy AS "psciPolicy", v.psci_version AS "psciVersion",
  v.psci_allow_insecure AS "psciAllowInsecure", v.psci_effective AS "psciEffective", v.psci_source AS "psciSource",
  v.psci_policy_revision AS "psciPolicyRevision", v.hibernation, v.restoring`;

/** Every VM; in the order of ids. */
export async function readFleetVms(client: pg.PoolClient): Promise<FleetVm[]> {
  const { rows } = await client.query<FleetVm>(`SELECT ${FLEET_VM_COLUMNS} FROM vms v ORDER BY v.id`);
  return rows;
}

/** Those that one of the selectors selects. */
export async function readSelectedVms(
  client: pg.PoolClient,
  selectors: readonly object[],
): Promise<FleetVm[]> {
  const { rows } = await client.query<FleetVm>(
    `SELECT ${FLEET_VM_COLUMNS} FROM vms v WHERE v.labels @> ANY($1::jsonb[]) ORDER BY v.id`,
    [selectors.map((selector) => JSON.stringify(selector))],
  );
  return rows;
}

export async function readFleetHosts(client: pg.PoolClient): Promise<FleetHost[]> {
  const { rows } = await client.query<FleetHost>(
    `SELECT id, name, labels, kernel, psci_accepted AS "psciAccepted", psci_default AS "psciDefault",
       psci_registers AS "psciRegisters", psci_suspends AS "psciSuspends", lost_at IS NOT NULL AS lost
     FROM hosts ORDER BY id`,
  );
  return rows;
}

export async function readFleetPolicies(client: pg.PoolClient): Promise<FleetPolicy[]> {
  const { rows } = await client.query<FleetPolicy>(POLICIES_IN_FORCE);
  return rows;
}

/**
 * The pin of a VM's next boot on a host, or on one that is not chosen yet. `cold`: as if its guest were off and had not
 * hibernated.
 */
export function nextPin(
  vm: FleetVm,
  policies: readonly FleetPolicy[],
  host: FleetHost | null,
  { cold = false }: { cold?: boolean } = {},
): PinAnswer {
  const fleetPolicies =
    vm.psciPolicy === 'inherit' ? policies.filter(({ selector }) => selects(selector, vm.labels)) : [];
  const question = pinQuestion({ ...vm, fleetPolicies }, host);
  return resolvePin(cold ? { ...question, hibernation: 'no' } : question);
}
