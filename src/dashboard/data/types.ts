/** The API's resources by short names. */
import type { Schemas } from '../../client/client.ts';

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
