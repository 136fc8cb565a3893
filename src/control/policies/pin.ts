/**
 * How a VM comes to its pin. A policy resolves to a concrete version at a cold boot, on the host that was chosen, and
 * stays as it is for every other boot: a guest that hibernated, or may have, comes back to what it knew.
 */
import { type Pin, type PinQuestion, resolvePin, type VmPolicy } from '../../psci/policy.ts';
import { canPowerOff, detectsHibernation, isInsecure, type PsciVersion } from '../../psci/versions.ts';
import { Refusal } from '../refusals.ts';
import type { VmRecord } from '../vms/vm-query.ts';

/** What a client asks for. */
export interface PsciRequest {
  policy?: VmPolicy;
  version?: PsciVersion | null;
  allowInsecure?: boolean;
  allowMissingRegisters?: boolean;
  systemSuspend?: boolean;
}

export interface PsciPolicy {
  psciPolicy: VmPolicy;
  psciVersion: PsciVersion | null;
  psciAllowInsecure: boolean;
  psciAllowMissing: boolean;
  psciSystemSuspend: boolean;
}

type Pinned = Pick<
  VmRecord,
  | 'psciPolicy'
  | 'psciVersion'
  | 'psciAllowInsecure'
  | 'psciEffective'
  | 'psciSource'
  | 'psciPolicyRevision'
  | 'fleetPolicies'
  | 'hibernation'
  | 'restoring'
>;

interface PinnedHost {
  readonly psciAccepted: readonly PsciVersion[];
  readonly psciDefault: PsciVersion;
}

const VERSION = { pointer: '/psci/version' };

/** A version alone means `pinned`. Throws PSCI_VERSION_REQUIRED, PSCI_VERSION_NOT_ALLOWED or PSCI_VERSION_INSECURE. */
export function checkPolicy(request: PsciRequest): PsciPolicy {
  const version = request.version ?? null;
  const policy = request.policy ?? (version === null ? 'inherit' : 'pinned');
  const allowInsecure = request.allowInsecure ?? false;
  if (policy === 'pinned' && version === null) {
    throw new Refusal(
      'PSCI_VERSION_REQUIRED',
      'The policy "pinned" needs a "version", for example "1.1".',
      VERSION,
    );
  }
  if (policy !== 'pinned' && version !== null) {
    throw new Refusal(
      'PSCI_VERSION_NOT_ALLOWED',
      `The policy "${policy}" chooses the version itself. Leave "version" out, or use the policy "pinned".`,
      VERSION,
    );
  }
  if (version !== null && isInsecure(version) && !allowInsecure) {
    throw new Refusal(
      'PSCI_VERSION_INSECURE',
      `PSCI ${version} hides the SMCCC 1.1 mitigations from guests. Use 1.0 or newer, or set "allowInsecure" to true.`,
      VERSION,
    );
  }
  const psciAllowMissing = request.allowMissingRegisters ?? false;
  const psciSystemSuspend = request.systemSuspend ?? false;
  const allowed = { psciAllowInsecure: allowInsecure, psciAllowMissing, psciSystemSuspend };
  return { psciPolicy: policy, psciVersion: version, ...allowed };
}

/** Merges a patch (RFC 7396) into a policy; changing away from `pinned` drops the version. */
export function patchPolicy(vm: PsciPolicy, patch: PsciRequest): PsciPolicy {
  const policy = patch.policy ?? (patch.version == null ? vm.psciPolicy : 'pinned');
  const version =
    patch.version === undefined && policy === 'pinned' ? vm.psciVersion : (patch.version ?? null);
  return checkPolicy({
    policy,
    version,
    allowInsecure: patch.allowInsecure ?? vm.psciAllowInsecure,
    allowMissingRegisters: patch.allowMissingRegisters ?? vm.psciAllowMissing,
    systemSuspend: patch.systemSuspend ?? vm.psciSystemSuspend,
  });
}

/** What psci/policy.ts is asked about the VM's next boot on a host, or on one that is not chosen yet. */
export function pinQuestion(vm: Pinned, host: PinnedHost | null): PinQuestion {
  return {
    policy: vm.psciPolicy,
    version: vm.psciVersion,
    allowInsecure: vm.psciAllowInsecure,
    recorded: recordedPin(vm),
    // A guest that goes on from a snapshot keeps what it knew as one that hibernated does.
    hibernation: vm.restoring ? 'saved' : vm.hibernation,
    fleetPolicies: vm.fleetPolicies,
    host: host === null ? null : { accepted: host.psciAccepted, default: host.psciDefault },
  };
}

/** The pin of the VM's next boot on a host, or null when it can have none there. */
export function pinFor(vm: Pinned, host: PinnedHost): Pin | null {
  return resolvePin(pinQuestion(vm, host)).pin;
}

/** What can be said of the pin now: of the current or last boot or, where no host decides, of the next. */
export function currentPin(vm: Pinned): Pin | null {
  return recordedPin(vm) ?? resolvePin(pinQuestion(vm, null)).pin;
}

function recordedPin({ psciEffective, psciSource, psciPolicyRevision }: Pinned): Pin | null {
  return psciEffective === null || psciSource === null
    ? null
    : { version: psciEffective, source: psciSource, policyRevision: psciPolicyRevision };
}

/** What a VM's row says of the pin of its current or last run. */
export interface PinColumns
  extends Pick<VmRecord, 'psciEffective' | 'psciSource' | 'psciPolicyRevision' | 'psciWhy'> {
  /** RFC 3339. */
  psciPinnedAt: string | null;
}

export function pinColumns(vm: VmRecord): PinColumns {
  const { psciEffective, psciSource, psciPolicyRevision, psciWhy, psciPinnedAt } = vm;
  const at = psciPinnedAt?.toISOString() ?? null;
  return { psciEffective, psciSource, psciPolicyRevision, psciWhy, psciPinnedAt: at };
}

/** Of a VM whose pin is to be resolved anew: what the last boot had is in its events. */
export const NO_PIN: PinColumns = {
  psciEffective: null,
  psciSource: null,
  psciPolicyRevision: null,
  psciWhy: null,
  psciPinnedAt: null,
};

/** A run's pin as its start and its events keep it. */
export interface RecordedPin extends Pin {
  readonly why: string;
}

/** Why the pin cannot change now. `force` overrides all but a run: a machine's firmware never changes under a guest. */
export function pinLock(vm: Pick<VmRecord, 'name' | 'runId' | 'phase' | 'hibernation' | 'restoring'>): {
  refusal: Refusal;
  overridable: boolean;
} | null {
  const locked = (detail: string, overridable: boolean) => ({
    refusal: new Refusal('PSCI_PIN_LOCKED', detail),
    overridable,
  });
  if (vm.runId !== null) {
    return locked(
      `VM ${vm.name} is ${vm.phase}: its pin is fixed until its guest is off. Stop it first.`,
      false,
    );
  }
  if (vm.restoring) {
    return locked(
      `VM ${vm.name} goes on from a snapshot at its next start, with the firmware its guest knew. Start it and power it ` +
        'off first.',
      false,
    );
  }
  if (vm.hibernation === 'yes') {
    return locked(
      `VM ${vm.name} is hibernated: its guest resumes with what it knew of PSCI. Start it and power it off first, or ` +
        'give ?force=true when its hibernation may be lost.',
      true,
    );
  }
  if (vm.hibernation === 'unknown') {
    return locked(
      `VM ${vm.name} is off, and whether its guest hibernated is not known. Give ?force=true when it did not, or when ` +
        'its hibernation may be lost.',
      true,
    );
  }
  return null;
}

/** What a client should know before it asks a guest with such a pin to hibernate; null when there is nothing. */
export function hibernationNote(version: PsciVersion | null): string | null {
  if (version !== null && detectsHibernation(version)) return null;
  return (
    `The guest cannot say that it hibernates at PSCI ${version ?? 'an unknown version'} (SYSTEM_OFF2 is new in 1.3): ` +
    'it will be seen to power off, with hibernation "unknown", and keep its pin.'
  );
}

/** The same before a guest is asked to power off. */
export function powerOffNote(version: PsciVersion | null): string | null {
  if (version === null || canPowerOff(version)) return null;
  return (
    `The guest has no call to power off at PSCI ${version}: it can shut down and halt, but its VM goes on until it is ` +
    'killed. Stop it with "force": true, or kill it.'
  );
}
