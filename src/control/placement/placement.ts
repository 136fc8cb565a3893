/**
 * Which host a run goes to. Pure: reserve-place.ts reads the hosts and asks here. What keeps a VM off a host is in
 * placement-objections.ts, what is said when all are kept off in placement-refusal.ts.
 */
import type { Pin } from '../../psci/policy.ts';
import type { Refusal } from '../refusals.ts';
import {
  memoryLeft,
  objectionTo,
  type PinOn,
  type PlacementHost,
  type PlacementVm,
} from './placement-objections.ts';
import { refusePlace } from './placement-refusal.ts';

export interface Place {
  readonly host: PlacementHost;
  readonly pin: Pin;
}

export type Choice =
  | { readonly place: Place; readonly refusal: null }
  | { readonly place: null; readonly refusal: Refusal };

/** The place for a VM, or why there is none. */
export function choosePlace(vm: PlacementVm, hosts: readonly PlacementHost[], pinOn: PinOn): Choice {
  const pin = oncePerKind(pinOn);
  const place = bestPlace(vm, hosts, pin);
  return place === null ? { place, refusal: refusePlace(vm, hosts, pin) } : { place, refusal: null };
}

/** The fitting host with the most memory left, so that load spreads; ties go to the lower id, so that it is exact. */
export function bestPlace(vm: PlacementVm, hosts: readonly PlacementHost[], pinOn: PinOn): Place | null {
  const pinOnce = oncePerKind(pinOn);
  let best: Place | null = null;
  for (const host of hosts) {
    if (best !== null && !isBetter(host, best.host)) continue;
    if (objectionTo(vm, host, pinOnce) !== null) continue;
    const pin = pinOnce(host);
    if (pin !== null) best = { host, pin };
  }
  return best;
}

function isBetter(host: PlacementHost, than: PlacementHost): boolean {
  return (
    memoryLeft(host) - memoryLeft(than) > 0 || (memoryLeft(host) === memoryLeft(than) && host.id < than.id)
  );
}

/** A fleet has few kinds of hosts, and a pin depends on nothing else of a host. */
function oncePerKind(pinOn: PinOn): PinOn {
  const pins = new Map<string, Pin | null>();
  return (host) => {
    const kind = `${host.psciDefault} ${host.psciAccepted.join()}`;
    let pin = pins.get(kind);
    if (pin === undefined) {
      pin = pinOn(host);
      pins.set(kind, pin);
    }
    return pin;
  };
}
