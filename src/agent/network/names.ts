/**
 * Names of the interfaces the agent makes. A name says whose it is, so that after any crash the agent finds what it
 * made and touches nothing else:
 *
 *     hf wxyz b abcdefgh      15 characters, all that IFNAMSIZ (include/uapi/linux/if.h) leaves
 *        │    │ └ digest of the network's id, or of the VM's id and the NIC's name
 *        │    └ b: bridge, t: tap
 *        └ digest of the agent's state directory
 */
import { createHash } from 'node:crypto';

const NAME_LENGTH = 15;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export class InterfaceNames {
  readonly #prefix: string;

  /** `state`: the agent's state directory. */
  constructor(state: string) {
    this.#prefix = `hf${digest(state, 4)}`;
  }

  bridge(networkId: string): string {
    return `${this.prefix('bridge')}${digest(networkId, 8)}`;
  }

  /** The same for every run of the VM. */
  tap(vmId: string, nic: string): string {
    return `${this.prefix('tap')}${digest(`${vmId}/${nic}`, 8)}`;
  }

  /** What the names of all bridges, or of all taps, begin with. */
  prefix(kind: 'bridge' | 'tap'): string {
    return `${this.#prefix}${kind === 'bridge' ? 'b' : 't'}`;
  }

  /** What the agent that has this state directory made, or null for what it did not. */
  kind(name: string): 'bridge' | 'tap' | null {
    if (name.length !== NAME_LENGTH) return null;
    return (['bridge', 'tap'] as const).find((kind) => name.startsWith(this.prefix(kind))) ?? null;
  }
}

/**
 * The bridge's own MAC: without one it takes over the lowest of its ports', and guests lose their gateway when that port
 * goes. Locally administered, unicast.
 */
export function bridgeMac(networkId: string): string {
  const bytes = createHash('sha256').update(networkId).digest().subarray(0, 5);
  return ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

/** Five bits for each character. */
function digest(text: string, length: number): string {
  const bytes = createHash('sha256').update(text).digest();
  return [...bytes.subarray(0, length)].map((byte) => ALPHABET[byte & 31]).join('');
}
