/**
 * The packet filter of Holdfast's own, as text for `nft -f`: two tables that are replaced as a whole in one step, so
 * that there is no moment without one, and no other table is read or written.
 *
 *     inet holdfast      guest ─▶ host      DHCP, echo requests and answers; all else is dropped
 *                        guest ─▶ outside   from networks that lead there, under the host's address; else dropped
 *                        outside ─▶ guest   answers only
 *                        guest ─▶ guest     of another network: dropped
 *     bridge holdfast    what a guest sends must bear the MAC and the address that its NIC was given. IPv4 and ARP only,
 *                        and DHCP no faster than any client asks
 *
 * A verdict here is not the last: the host's own tables may drop what these let through, and not the reverse.
 */
import { formatCidr, formatIpv4 } from '../../wire/ipv4.ts';
import type { InterfaceNames } from './names.ts';
import type { WantedNetwork, WantedNic } from './wanted.ts';

/** Removes both tables, whether they are there or not. */
export const NO_RULES = ['inet', 'bridge']
  .map((family) => `table ${family} holdfast\ndelete table ${family} holdfast\n`)
  .join('');

/**
 * Metadata services of clouds answer at a link-local address whoever asks from the host, credentials of the host
 * included; guests are not the host.
 */
const LINK_LOCAL = '169.254.0.0/16';

/**
 * What one NIC may ask of the DHCP responder. All guests of a host share it, and it is a part of the agent, which has a
 * lease to renew: without a bound one guest could have every VM of the host `unknown`.
 */
const DHCP_RATE = '10/second burst 20 packets';

/** The rules for these networks. An interface of ours that they do not name is shut. */
export function ruleset(networks: readonly WantedNetwork[], names: InterfaceNames): string {
  if (networks.length === 0) return NO_RULES;
  const nics = networks.flatMap((network) => network.nics);
  const [bridges, taps] = [`"${names.prefix('bridge')}*"`, `"${names.prefix('tap')}*"`];
  return `${NO_RULES}${routingTable(networks, bridges)}${bridgingTable(nics, taps)}`;
}

function routingTable(networks: readonly WantedNetwork[], bridges: string): string {
  const outside = networks.filter((network) => network.outside);
  return `table inet holdfast {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname ${bridges} jump to_host
  }
  chain to_host {
    ct state established,related accept
    meta nfproto ipv4 udp sport 68 udp dport 67 accept
    icmp type echo-request accept
    drop
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
${lines(networks.map(({ bridge }) => `iifname "${bridge}" oifname "${bridge}" accept`))}
    oifname ${bridges} jump to_guest
    iifname ${bridges} jump from_guest
  }
  chain to_guest {
    ct state established,related accept
    drop
  }
  chain from_guest {
    ip daddr ${LINK_LOCAL} drop
${lines(outside.map(({ bridge, cidr }) => `iifname "${bridge}" ip saddr ${formatCidr(cidr)} accept`))}
    drop
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
${lines(outside.map(({ cidr }) => `ip saddr ${formatCidr(cidr)} oifname != ${bridges} masquerade`))}
  }
}
`;
}

function bridgingTable(nics: readonly WantedNic[], taps: string): string {
  const jumps = nics.map(({ tap }) => `"${tap}" : jump ${tap}`).join(', ');
  return `table bridge holdfast {
${nics.map(nicChain).join('\n')}
  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
    iifname vmap { ${jumps} }
    iifname ${taps} drop
  }
}
`;
}

/** What may come in through one tap. A guest that asks for its address has none yet; it never serves others. */
function nicChain({ tap, mac, address }: WantedNic): string {
  const own = formatIpv4(address);
  return `  chain ${tap} {
    ether saddr != ${mac} drop
    ether type ip udp dport 67 limit rate over ${DHCP_RATE} drop
    ether type arp arp saddr ether ${mac} arp saddr ip { 0.0.0.0, ${own} } accept
    ether type ip udp sport 67 drop
    ether type ip ip saddr ${own} accept
    ether type ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
    drop
  }`;
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}`).join('\n');
}
