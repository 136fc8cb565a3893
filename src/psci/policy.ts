/**
 * Which version a VM is pinned to at a boot, and why.
 *
 * Candidates stand in a fixed order and the first that applies and has a version wins:
 *
 *   1. kept      the pin of the last boot, when the guest hibernated or may have
 *   2. vm        the VM's own version (policy `pinned`)
 *   3. sticky    the pin that a sticky VM got at its first boot; before that, its host's default
 *   4. latest    the newest version its host accepts (policy `latest`)
 *   5. policy    of the fleet's policies that select the VM, the one of the highest priority (policy `inherit`)
 *   6. default   the fleet's default (policy `inherit`)
 *
 * A winner below the security floor is refused unless the VM allows it; a lower one never takes its place silently.
 */
import { comparePsciVersions, FLEET_DEFAULT, isInsecure, type PsciVersion } from './versions.ts';

export type VmPolicy = 'inherit' | 'sticky' | 'latest' | 'pinned';

/** What a fleet policy gives the VMs it selects. */
export type FleetVersion = PsciVersion | 'sticky' | 'latest';

export type PinSource = 'vm' | 'default' | 'sticky' | 'latest' | `policy:${string}`;

export interface Pin {
  readonly version: PsciVersion;
  readonly source: PinSource;
}

export interface FleetPolicy {
  readonly id: string;
  readonly name: string;
  readonly version: FleetVersion;
  readonly priority: number;
  /** `audit`: listed, never applied. */
  readonly enforcement: 'enforce' | 'audit';
}

export interface PinQuestion {
  readonly policy: VmPolicy;
  /** With `pinned`. */
  readonly version: PsciVersion | null;
  /** Of the VM: 0.1 and 0.2 may be chosen. */
  readonly allowInsecure: boolean;
  /** What the last boot was pinned to; null before the first. */
  readonly recorded: Pin | null;
  /** Whether the guest hibernated when it last went off; null when it never ran. */
  readonly hibernation: 'yes' | 'no' | 'unknown' | null;
  /** Those that select the VM, in any order. */
  readonly fleetPolicies: readonly FleetPolicy[];
  /** The host it would boot on; null while none is chosen. */
  readonly host: { readonly accepted: readonly PsciVersion[]; readonly default: PsciVersion } | null;
}

export interface Candidate {
  readonly source: PinSource | 'kept';
  /** Null when it gives none now. */
  readonly version: PsciVersion | null;
  /** Whether it is the one. */
  readonly won: boolean;
  /** Why it won, gave way or does not apply. */
  readonly why: string;
}

export interface PinAnswer {
  /** Null when there is none, or when the one that won may not be used. */
  readonly pin: Pin | null;
  /** Why there is no pin; null when there is one. */
  readonly refusal: 'INSECURE' | 'HOST_UNKNOWN' | null;
  /** Every candidate in order of precedence. */
  readonly candidates: readonly Candidate[];
}

interface Claim {
  readonly source: PinSource | 'kept';
  /** What it would pin; null when it does not apply or waits for a host. */
  readonly pin: Pin | null;
  /** Applies, but cannot name a version before a host is chosen; nothing behind it may win. */
  readonly waits: boolean;
  readonly why: string;
}

/** The pin of the next boot, with every candidate that was looked at. */
export function resolvePin(question: PinQuestion): PinAnswer {
  const claims = allClaims(question);
  const winner = claims.find(({ pin, waits }) => pin !== null || waits);
  const candidates = claims.map((claim) => ({
    source: claim.source,
    version: claim.pin?.version ?? null,
    won: claim === winner,
    why:
      claim === winner || claim.pin === null
        ? claim.why
        : `${claim.why} A candidate of higher precedence won.`,
  }));
  const pin = winner?.pin ?? null;
  if (pin === null) return { pin: null, refusal: 'HOST_UNKNOWN', candidates };
  if (isInsecure(pin.version) && !question.allowInsecure)
    return { pin: null, refusal: 'INSECURE', candidates };
  return { pin, refusal: null, candidates };
}

/** Whether the next boot must have the pin of the last one. */
function keepsPin(question: Pick<PinQuestion, 'recorded' | 'hibernation'>): boolean {
  return question.recorded !== null && (question.hibernation === 'yes' || question.hibernation === 'unknown');
}

function allClaims(question: PinQuestion): Claim[] {
  const inherits = question.policy === 'inherit';
  return [
    kept(question),
    own(question),
    stickyClaim(question, question.policy === 'sticky', 'sticky'),
    latestClaim(question, question.policy === 'latest', 'latest'),
    ...[...question.fleetPolicies]
      .sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1))
      .map((policy) => fleetClaim(question, policy, inherits)),
    {
      source: 'default',
      pin: inherits ? { version: FLEET_DEFAULT, source: 'default' } : null,
      waits: false,
      why: inherits
        ? `The fleet's default is ${FLEET_DEFAULT}.`
        : `The VM's policy is "${question.policy}", not "inherit".`,
    },
  ];
}

function kept(question: PinQuestion): Claim {
  const keep = keepsPin(question);
  const why =
    question.recorded === null
      ? 'The VM has not run yet.'
      : question.hibernation === 'yes'
        ? `The guest hibernated under ${question.recorded.version} and resumes under it.`
        : question.hibernation === 'unknown'
          ? `Whether the guest hibernated under ${question.recorded.version} is not known, so it boots under it.`
          : 'The guest did not hibernate: its next boot is a cold one.';
  return { source: 'kept', pin: keep ? question.recorded : null, waits: false, why };
}

function own({ policy, version }: PinQuestion): Claim {
  if (policy !== 'pinned' || version === null)
    return { source: 'vm', pin: null, waits: false, why: 'The VM has no version of its own.' };
  return {
    source: 'vm',
    pin: { version, source: 'vm' },
    waits: false,
    why: `The VM's own version is ${version}.`,
  };
}

/** The first boot's pin for as long as its source is the same; the host's default where there was none. */
function stickyClaim(question: PinQuestion, applies: boolean, source: PinSource): Claim {
  if (!applies)
    return { source, pin: null, waits: false, why: `The VM's policy is "${question.policy}", not "sticky".` };
  const { recorded, host } = question;
  if (recorded?.source === source)
    return {
      source,
      pin: recorded,
      waits: false,
      why: `It was ${recorded.version} at the first boot and stays so.`,
    };
  if (host === null)
    return {
      source,
      pin: null,
      waits: true,
      why: 'The default of the host that the VM first boots on will be it.',
    };
  return {
    source,
    pin: { version: host.default, source },
    waits: false,
    why: `The host's default is ${host.default}; it will stay.`,
  };
}

function latestClaim(question: PinQuestion, applies: boolean, source: PinSource): Claim {
  if (!applies)
    return { source, pin: null, waits: false, why: `The VM's policy is "${question.policy}", not "latest".` };
  const newest = [...(question.host?.accepted ?? [])].sort(comparePsciVersions).at(-1);
  if (newest === undefined)
    return {
      source,
      pin: null,
      waits: true,
      why: 'The newest version of the host that the VM boots on will be it.',
    };
  return {
    source,
    pin: { version: newest, source },
    waits: false,
    why: `The newest version the host accepts is ${newest}; a newer host changes it silently.`,
  };
}

function fleetClaim(question: PinQuestion, policy: FleetPolicy, inherits: boolean): Claim {
  const source: PinSource = `policy:${policy.id}`;
  const none = (why: string): Claim => ({ source, pin: null, waits: false, why });
  if (!inherits) return none(`The VM's policy is "${question.policy}", not "inherit".`);
  if (policy.enforcement === 'audit')
    return none(`The policy "${policy.name}" is only audited; it would give ${policy.version}.`);
  if (policy.version === 'sticky') return stickyClaim(question, true, source);
  if (policy.version === 'latest') return latestClaim(question, true, source);
  return {
    source,
    pin: { version: policy.version, source },
    waits: false,
    why: `The policy "${policy.name}" (priority ${policy.priority}) gives ${policy.version}.`,
  };
}
