/**
 * Which version a VM is pinned to at a boot, and why.
 *
 * Candidates stand in a fixed order and the first that applies and has a version wins:
 *
 *   1. kept      the pin of the last boot, when the guest hibernated or may have
 *   2. vm        the VM's own version (policy `pinned`)
 *   3. sticky    the pin that a sticky VM got at its first boot; before that, its host's default
 *   4. latest    the newest version its host accepts (policy `latest`)
 *   5. policy    of the fleet's enforced policies that select the VM, the one of the highest priority (policy `inherit`)
 *   6. default   the fleet's default (policy `inherit`)
 *
 * A fleet policy `sticky` keeps what the VM's last boot had, whatever gave it: to make a policy sticky moves nobody.
 *
 * A winner below the security floor is refused unless the VM allows it; a lower one never takes its place silently.
 */
import { byPrecedence, type FleetPolicy } from './fleet-policy.ts';
import { comparePsciVersions, FLEET_DEFAULT, isInsecure, type PsciVersion } from './versions.ts';

export type VmPolicy = 'inherit' | 'sticky' | 'latest' | 'pinned';

export type PinSource = 'vm' | 'default' | 'sticky' | 'latest' | `policy:${string}`;

export interface Pin {
  readonly version: PsciVersion;
  readonly source: PinSource;
  /** Of the fleet policy that gave it; null for another source. */
  readonly policyRevision: number | null;
}

export interface PinQuestion {
  readonly policy: VmPolicy;
  /** With `pinned`. */
  readonly version: PsciVersion | null;
  /** Of the VM: 0.1 and 0.2 may be chosen. */
  readonly allowInsecure: boolean;
  /** What the last boot was pinned to; null before the first. */
  readonly recorded: Pin | null;
  /** Whether the guest hibernated when it last went off; `saved`: it goes on from a snapshot; null: it never ran. */
  readonly hibernation: 'yes' | 'no' | 'unknown' | 'saved' | null;
  /** Those that select the VM, in any order. */
  readonly fleetPolicies: readonly FleetPolicy[];
  /** The host it would boot on; null while none is chosen. */
  readonly host: { readonly accepted: readonly PsciVersion[]; readonly default: PsciVersion } | null;
}

export interface Candidate {
  readonly source: PinSource | 'kept';
  /** Of a fleet policy; null for another source. */
  readonly policyRevision: number | null;
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
  /** Of the candidate that won, or why none could. */
  readonly why: string;
  /** Every candidate in order of precedence. */
  readonly candidates: readonly Candidate[];
}

interface Claim {
  readonly source: PinSource | 'kept';
  readonly policyRevision: number | null;
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
    policyRevision: claim.policyRevision,
    version: claim.pin?.version ?? null,
    won: claim === winner,
    why:
      claim === winner || claim.pin === null
        ? claim.why
        : `${claim.why} A candidate of higher precedence won.`,
  }));
  const pin = winner?.pin ?? null;
  const why = winner?.why ?? 'No candidate names a version.';
  if (pin === null) return { pin: null, refusal: 'HOST_UNKNOWN', why, candidates };
  if (isInsecure(pin.version) && !question.allowInsecure) {
    const floor = `${pin.version} is below the security floor, and the VM does not allow it.`;
    return { pin: null, refusal: 'INSECURE', why: `${why} ${floor}`, candidates };
  }
  return { pin, refusal: null, why, candidates };
}

/** Whether the next boot must have the pin of the last one. */
export function keepsPin({ recorded, hibernation }: Pick<PinQuestion, 'recorded' | 'hibernation'>): boolean {
  return recorded !== null && hibernation !== null && hibernation !== 'no';
}

function allClaims(question: PinQuestion): Claim[] {
  const inherits = question.policy === 'inherit';
  return [
    kept(question),
    own(question),
    ownSticky(question),
    latest(question),
    ...[...question.fleetPolicies].sort(byPrecedence).map((policy) => fleetClaim(question, policy, inherits)),
    {
      source: 'default',
      policyRevision: null,
      pin: inherits ? { version: FLEET_DEFAULT, source: 'default', policyRevision: null } : null,
      waits: false,
      why: inherits ? `The fleet's default is ${FLEET_DEFAULT}.` : notInherit(question),
    },
  ];
}

function kept(question: PinQuestion): Claim {
  const pin = keepsPin(question) ? question.recorded : null;
  return { source: 'kept', policyRevision: null, pin, waits: false, why: whyKept(question) };
}

function whyKept({ recorded, hibernation }: PinQuestion): string {
  if (recorded === null) return 'The VM has not run yet.';
  switch (hibernation) {
    case 'yes':
      return `The guest hibernated under ${recorded.version} and resumes under it.`;
    case 'saved':
      return `The guest was saved under ${recorded.version} and goes on under it.`;
    case 'unknown':
      return `Whether the guest hibernated under ${recorded.version} is not known, so it boots under it.`;
    default:
      return 'The guest did not hibernate: its next boot is a cold one.';
  }
}

function own({ policy, version }: PinQuestion): Claim {
  const applies = policy === 'pinned' && version !== null;
  return {
    source: 'vm',
    policyRevision: null,
    pin: applies ? { version, source: 'vm', policyRevision: null } : null,
    waits: false,
    why: applies ? `The VM's own version is ${version}.` : 'The VM has no version of its own.',
  };
}

/** The first boot's pin for as long as its source is the same; the host's default where there was none. */
function ownSticky(question: PinQuestion): Claim {
  const base = { source: 'sticky', policyRevision: null } as const;
  if (question.policy !== 'sticky') {
    return {
      ...base,
      pin: null,
      waits: false,
      why: `The VM's policy is "${question.policy}", not "sticky".`,
    };
  }
  const { recorded } = question;
  if (recorded?.source !== 'sticky') return { ...base, ...firstHost(question, base) };
  const why = `It was ${recorded.version} at the first boot and stays so.`;
  return { ...base, pin: recorded, waits: false, why };
}

function latest(question: PinQuestion): Claim {
  const base = { source: 'latest', policyRevision: null } as const;
  if (question.policy !== 'latest') {
    return {
      ...base,
      pin: null,
      waits: false,
      why: `The VM's policy is "${question.policy}", not "latest".`,
    };
  }
  return { ...base, ...newest(question, base) };
}

type Origin = Pick<Pin, 'source' | 'policyRevision'>;
type Offer = Pick<Claim, 'pin' | 'waits' | 'why'>;

function firstHost({ host }: PinQuestion, origin: Origin): Offer {
  if (host === null)
    return { pin: null, waits: true, why: 'The default of the host that the VM first boots on will be it.' };
  const why = `The host's default is ${host.default}; it will stay.`;
  return { pin: { version: host.default, ...origin }, waits: false, why };
}

function newest({ host }: PinQuestion, origin: Origin): Offer {
  const version = [...(host?.accepted ?? [])].sort(comparePsciVersions).at(-1);
  if (version === undefined)
    return { pin: null, waits: true, why: 'The newest version of the host that the VM boots on will be it.' };
  const why = `The newest version the host accepts is ${version}; a newer host changes it silently.`;
  return { pin: { version, ...origin }, waits: false, why };
}

function fleetClaim(question: PinQuestion, policy: FleetPolicy, inherits: boolean): Claim {
  const origin = { source: `policy:${policy.id}`, policyRevision: policy.revision } as const;
  const none = (why: string): Claim => ({ ...origin, pin: null, waits: false, why });
  if (!inherits) return none(notInherit(question));
  if (policy.enforcement === 'audit')
    return none(`The policy "${policy.name}" is only audited; it would give ${policy.version}.`);
  const offer = offerOf(question, policy, origin);
  const named = `The policy "${policy.name}" (priority ${policy.priority}, revision ${policy.revision})`;
  return { ...origin, ...offer, why: `${named} gives ${policy.version}.${offer.why}` };
}

/** Its `why` goes on from what the policy gives. */
function offerOf(question: PinQuestion, { version }: FleetPolicy, origin: Origin): Offer {
  const { recorded } = question;
  if (version === 'sticky' && recorded !== null) {
    const pin = { version: recorded.version, ...origin };
    return { pin, waits: false, why: ` The last boot had ${recorded.version}, and it stays so.` };
  }
  if (version === 'sticky' || version === 'latest') {
    const offer = version === 'sticky' ? firstHost(question, origin) : newest(question, origin);
    return { ...offer, why: ` ${offer.why}` };
  }
  return { pin: { version, ...origin }, waits: false, why: '' };
}

function notInherit({ policy }: PinQuestion): string {
  return `The VM's policy is "${policy}", not "inherit".`;
}
