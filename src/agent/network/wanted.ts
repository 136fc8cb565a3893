/** What the host's networks should be: what the runs that hold devices need, and nothing else. Pure. */
import { type Cidr, parseCidr, parseIpv4 } from '../../wire/ipv4.ts';
import type { KeptRunFile } from '../../worker/protocol.ts';
import type { InterfaceNames } from './names.ts';

export interface WantedNic {
  readonly tap: string;
  readonly mac: string;
  readonly address: number;
  /** For a person who looks at the host's interfaces. */
  readonly alias: string;
}

export interface WantedNetwork {
  readonly id: string;
  readonly alias: string;
  readonly bridge: string;
  readonly cidr: Cidr;
  readonly outside: boolean;
  readonly nics: readonly WantedNic[];
}

/**
 * Ordered by names, so that equal needs give equal results. A NIC with an address or a range that is none is left out;
 * its start fails for it (host-networks.ts).
 */
export function wantedNetworks(files: readonly KeptRunFile[], names: InterfaceNames): WantedNetwork[] {
  const networks = new Map<string, { network: Omit<WantedNetwork, 'nics'>; nics: Map<string, WantedNic> }>();
  for (const file of files) {
    for (const { name: nicName, mac, network, address: text } of file.run.nics) {
      const tap = file.nics.find(({ name }) => name === nicName)?.tap;
      const cidr = parseCidr(network.cidr);
      const address = parseIpv4(text);
      if (tap === undefined || cidr === null || address === null) continue;
      const { id, name, outside } = network;
      const bridge = names.bridge(id);
      const found = networks.get(bridge) ?? {
        network: { id, alias: aliasOf(name), bridge, cidr, outside },
        nics: new Map<string, WantedNic>(),
      };
      found.nics.set(tap, { tap, mac, address, alias: aliasOf(`${file.run.vmId}/${nicName}`) });
      networks.set(bridge, found);
    }
  }
  return [...networks.values()]
    .map(({ network, nics }) => ({
      ...network,
      nics: [...nics.values()].sort((a, b) => (a.tap < b.tap ? -1 : 1)),
    }))
    .sort((a, b) => (a.bridge < b.bridge ? -1 : 1));
}

/** One word of a command line, whatever the names are. */
function aliasOf(names: string): string {
  return `holdfast:${names.replace(/[^\w./-]/g, '_')}`.slice(0, 200);
}
