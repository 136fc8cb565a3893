/** Fleet policies: which VMs they select, which of them decides, and which two may not be there together. Pure. */
import type { PsciVersion } from './versions.ts';

/** Labels that a VM must have, all of them; none selects every VM. */
export type Selector = Readonly<Record<string, string>>;

/** What a fleet policy gives the VMs it selects. */
export type FleetVersion = PsciVersion | 'sticky' | 'latest';

export interface FleetPolicy {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly selector: Selector;
  readonly version: FleetVersion;
  readonly priority: number;
  /** `audit`: listed, never applied. */
  readonly enforcement: 'enforce' | 'audit';
}

/** Whether labels have what a selector asks for. */
export function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  for (const key in selector) {
    if (!Object.hasOwn(labels, key) || labels[key] !== selector[key]) return false;
  }
  return true;
}

/** The order in which policies that select a VM are asked. Enforced ones never tie: see `tieOf`. */
export function byPrecedence(a: FleetPolicy, b: FleetPolicy): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}

/** Whether a VM could have labels that both select: not when they ask one key for two values. */
export function canSelectTogether(a: Selector, b: Selector): boolean {
  return Object.entries(a).every(([key, value]) => !Object.hasOwn(b, key) || b[key] === value);
}

/**
 * Another policy with which `policy` would leave it open who decides: both enforced, of one priority, and some VM could
 * be selected by both.
 */
export function tieOf(policy: FleetPolicy, others: readonly FleetPolicy[]): FleetPolicy | null {
  if (policy.enforcement !== 'enforce') return null;
  const ties = (other: FleetPolicy): boolean =>
    other.id !== policy.id &&
    other.enforcement === 'enforce' &&
    other.priority === policy.priority &&
    canSelectTogether(other.selector, policy.selector);
  return others.find(ties) ?? null;
}
