/** The API's resources by short names. */
import type { Schemas } from '../../client/client.ts';
import type { paths } from '../../client/schema.d.ts';

export type Vm = Schemas['Vm'];
export type NewVm = Schemas['NewVm'];
export type VmPatch = Schemas['VmPatch'];
export type VmPsci = Schemas['VmPsci'];
export type Phase = Vm['phase'];
export type PsciPolicyName = Vm['psci']['policy'];
export type PsciVersion = Schemas['PsciVersionInfo']['version'];
export type PsciVersionInfo = Schemas['PsciVersionInfo'];
export type Host = Schemas['Host'];
export type FleetSummary = Schemas['FleetSummary'];
export type Image = Schemas['Image'];
export type Operation = Schemas['Operation'];
/** `Event` is the browser's. */
export type FleetEvent = Schemas['Event'];
export type EventKind = FleetEvent['kind'];
export type EventInitiator = FleetEvent['initiator'];
export type HostFingerprint = Schemas['HostFingerprint'];
export type FingerprintDifference = Schemas['FingerprintDifference'];
export type Drain = Schemas['Drain'];
export type Maintenance = Schemas['Maintenance'];
export type Policy = Schemas['PsciPolicy'];
export type PolicyRevision = Schemas['PsciPolicyRevision'];
export type PolicyDryRun = Schemas['PsciPolicyDryRun'];
export type NewPolicy = Pick<Policy, 'name' | 'selector' | 'version' | 'priority' | 'enforcement'>;
export type Rollout = Schemas['Rollout'];
export type RolloutVm = Schemas['RolloutVm'];
export type RolloutVmState = RolloutVm['state'];
export type RolloutEvent = Schemas['RolloutEvent'];
export type NewRollout = paths['/v1/rollouts']['post']['requestBody']['content']['application/json'];
export type Preflight = Schemas['Preflight'];
export type PreflightSummary = Schemas['PreflightSummary'];
export type NewPreflight = Preflight['request'];
export type Verdict = Preflight['vms'][number]['verdict'];
export type DriftedVm = Schemas['DriftedVm'];
export type DriftKind = paths['/v1/fleet/drift']['get']['parameters']['query']['kind'];
