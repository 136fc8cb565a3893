/** The host's network interfaces, as `ip -json -details address show` tells them, and what leads from them to others. */
import {
  type Cidr,
  contains,
  formatCidr,
  formatIpv4,
  gatewayOf,
  overlaps,
  parseCidr,
} from '../../wire/ipv4.ts';
import { flag, integer, list, open, orAbsent, type Shaped, text } from '../../wire/shape.ts';
import { bridgeMac, type InterfaceNames } from './names.ts';
import type { WantedNetwork, WantedNic } from './wanted.ts';

const NOT_TOLD = '';
const NO_DATA = { type: NOT_TOLD, vnet_hdr: false, persist: false, mcast_snooping: 0 };

/**
 * A bridge that watches for listeners of multicast joins a group itself (224.0.0.106, RFC 4286) and so speaks IGMP to
 * the guests, in the host's name. It would spare them nothing: without a querier, which no network here has, the
 * kernel takes every guest for a listener.
 */
const NO_SNOOPING = 'type bridge mcast_snooping 0';

const link = open({
  ifname: orAbsent(text, NOT_TOLD),
  flags: orAbsent(list(text), []),
  master: orAbsent(text, NOT_TOLD),
  linkinfo: orAbsent(
    open({
      info_kind: orAbsent(text, NOT_TOLD),
      info_data: orAbsent(
        open({
          type: orAbsent<unknown>((value) => value, NOT_TOLD),
          vnet_hdr: orAbsent(flag, false),
          persist: orAbsent(flag, false),
          mcast_snooping: orAbsent(integer(), 0),
        }),
        NO_DATA,
      ),
    }),
    { info_kind: NOT_TOLD, info_data: NO_DATA },
  ),
  addr_info: orAbsent(
    list(open({ family: text, local: orAbsent(text, NOT_TOLD), prefixlen: orAbsent(integer(), 0) })),
    [],
  ),
});
export type Link = Shaped<typeof link>;

/** @throws ShapeError, SyntaxError */
export function parseLinks(json: string): Link[] {
  return list(link)(JSON.parse(json), '').filter(({ ifname }) => ifname !== NOT_TOLD);
}

/** Lines for `ip -batch`. */
export interface LinkPlan {
  /** Before the rules are in place: nothing that is made carries a packet yet. */
  readonly make: readonly string[];
  /** After the rules are in place. */
  readonly raise: readonly string[];
  /** After the rules are in place, which name them no more. */
  readonly remove: readonly string[];
  /** Networks that cannot be here, by id, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

/** What leads from `found` to `wanted`; interfaces that `names` does not know are looked at and left alone. */
export function planLinks(
  wanted: readonly WantedNetwork[],
  found: readonly Link[],
  names: InterfaceNames,
): LinkPlan {
  const links = new Map(found.map((one) => [one.ifname, one]));
  const foreign = found.filter(({ ifname }) => names.kind(ifname) === null);
  const refused = new Map<string, string>();
  for (const network of wanted) {
    const conflict = links.has(network.bridge) ? null : conflictOf(network.cidr, foreign);
    if (conflict !== null) refused.set(network.id, conflict);
  }
  const possible = wanted.filter(({ id }) => !refused.has(id));
  // The taps of a refused one stay: a worker that has one open would not notice another in its place.
  const kept = new Set(wanted.flatMap(({ bridge, nics }) => [bridge, ...nics.map(({ tap }) => tap)]));
  const plans = possible.map((network) => planNetwork(network, links));
  return {
    make: plans.flatMap(({ make }) => make),
    raise: plans.flatMap(({ raise }) => raise),
    // Taps first, as they are the bridges' ports.
    remove: found
      .filter(({ ifname }) => names.kind(ifname) !== null && !kept.has(ifname))
      .sort((a, b) => Number(names.kind(a.ifname) === 'bridge') - Number(names.kind(b.ifname) === 'bridge'))
      .map(({ ifname }) => `link delete dev ${ifname}`),
    refused,
  };
}

/** A network whose addresses the host has elsewhere would take them away from there. */
function conflictOf(cidr: Cidr, foreign: readonly Link[]): string | null {
  for (const { ifname, addr_info } of foreign) {
    for (const { family, local, prefixlen } of addr_info) {
      const range = family === 'inet' ? parseCidr(`${local}/${prefixlen}`) : null;
      if (range !== null && overlaps(range, cidr)) {
        return `${formatCidr(cidr)} overlaps ${local}/${prefixlen} of the host's interface ${ifname}`;
      }
    }
  }
  return null;
}

function planNetwork(
  network: WantedNetwork,
  links: ReadonlyMap<string, Link>,
): Pick<LinkPlan, 'make' | 'raise'> {
  const { id, bridge, cidr, nics } = network;
  const present = links.get(bridge);
  const make: string[] = [];
  if (present === undefined) {
    make.push(`link add name ${bridge} address ${bridgeMac(id)} ${NO_SNOOPING}`);
    make.push(`link set dev ${bridge} alias ${network.alias}`);
  } else if (present.linkinfo.info_data.mcast_snooping !== 0) {
    make.push(`link set dev ${bridge} ${NO_SNOOPING}`);
  }
  const gateway = formatIpv4(gatewayOf(cidr));
  if (
    present?.addr_info.some(({ local, prefixlen }) => local === gateway && prefixlen === cidr.prefix) !== true
  ) {
    make.push(`address replace ${gateway}/${cidr.prefix} broadcast + dev ${bridge}`);
  }
  const raise = isUp(present) ? [] : [`link set dev ${bridge} up`];
  for (const nic of nics) {
    const tap = links.get(nic.tap);
    make.push(...planTap(nic, bridge, tap));
    if (!isUp(tap) || !isOurTap(tap)) raise.push(`link set dev ${nic.tap} up`);
  }
  return { make, raise };
}

function planTap({ tap, alias }: WantedNic, bridge: string, present: Link | undefined): string[] {
  const add = [
    `tuntap add dev ${tap} mode tap vnet_hdr`,
    `link set dev ${tap} alias ${alias} master ${bridge}`,
  ];
  if (present === undefined) return add;
  if (!isOurTap(present)) return [`link delete dev ${tap}`, ...add];
  return present.master === bridge ? [] : [`link set dev ${tap} master ${bridge}`];
}

/** As `planTap` makes it; another would not take the worker's TUNSETIFF. */
function isOurTap(tap: Link | undefined): boolean {
  const data = tap?.linkinfo.info_data;
  return tap?.linkinfo.info_kind === 'tun' && data?.type === 'tap' && data.vnet_hdr && data.persist;
}

function isUp(one: Link | undefined): boolean {
  return one?.flags.includes('UP') === true;
}

/** Whether a NIC's address can be a guest's in its network. */
export function isGuestAddress(cidr: Cidr, address: number): boolean {
  return contains(cidr, address) && address > gatewayOf(cidr);
}
