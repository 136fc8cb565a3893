/**
 * DHCP messages over IPv4 (RFC 2131, options RFC 2132): what a client asks, and the answers of a server that knows for
 * each client the one address it may have. Pure.
 *
 *   0 op  1 htype  2 hlen  3 hops  4 xid  8 secs  10 flags  12 ciaddr  16 yiaddr  20 siaddr  24 giaddr
 *   28 chaddr (16)  44 sname (64)  108 file (128)  236 magic cookie  240 options
 */
import { broadcastOf, type Cidr, gatewayOf, maskOf } from '../../wire/ipv4.ts';

const BOOTREQUEST = 1;
const BOOTREPLY = 2;
/** Hardware type Ethernet, whose addresses have 6 bytes. */
const ETHERNET = 1;
const MAC_BYTES = 6;
const MAGIC_COOKIE = 0x63825363;
const OPTIONS_AT = 240;
/** What every BOOTP client takes (RFC 1542, section 2.1); some take no less. */
const LEAST_BYTES = 300;
/** "Infinity": the address is the NIC's for as long as its VM exists, whether the agent runs or not. */
const FOR_EVER = 0xffffffff;
/** So many DNS servers a Linux resolver asks (MAXNS in resolv.h). */
const MOST_RESOLVERS = 3;

const OPTION = {
  pad: 0,
  mask: 1,
  router: 3,
  dns: 6,
  broadcast: 28,
  requested: 50,
  lease: 51,
  type: 53,
  server: 54,
  clientId: 61,
  end: 255,
} as const;

const TYPE = { discover: 1, offer: 2, request: 3, ack: 5, nak: 6, inform: 8 } as const;

export interface DhcpRequest {
  readonly type: number;
  readonly xid: number;
  readonly flags: number;
  /** The address the client uses already, or 0. */
  readonly ciaddr: number;
  /** The relay it came through, or 0. */
  readonly giaddr: number;
  /** The client's MAC in lower case with colons. */
  readonly mac: string;
  readonly requested: number | null;
  readonly server: number | null;
  readonly clientId: Uint8Array | null;
}

/** @returns null for whatever is not a well-formed request of an Ethernet client. */
export function parseRequest(bytes: Uint8Array): DhcpRequest | null {
  if (bytes.length < OPTIONS_AT) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== BOOTREQUEST || bytes[1] !== ETHERNET || bytes[2] !== MAC_BYTES) return null;
  if (view.getUint32(236) !== MAGIC_COOKIE) return null;
  const options = parseOptions(bytes.subarray(OPTIONS_AT));
  const type = options?.get(OPTION.type);
  if (options === null || type?.length !== 1) return null;
  return {
    type: type[0] ?? 0,
    xid: view.getUint32(4),
    flags: view.getUint16(10),
    ciaddr: view.getUint32(12),
    giaddr: view.getUint32(24),
    mac: [...bytes.subarray(28, 28 + MAC_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
    requested: addressOption(options, OPTION.requested),
    server: addressOption(options, OPTION.server),
    clientId: options.get(OPTION.clientId) ?? null,
  };
}

/** The first of each code. Options that overflow into `sname` and `file` are none that a server needs. */
function parseOptions(bytes: Uint8Array): Map<number, Uint8Array> | null {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at] ?? OPTION.end;
    if (code === OPTION.end) break;
    if (code === OPTION.pad) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) return null;
    if (!options.has(code)) options.set(code, bytes.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

function addressOption(options: ReadonlyMap<number, Uint8Array>, code: number): number | null {
  const value = options.get(code);
  if (value?.length !== 4) return null;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
}

/** What a client may have. */
export interface Reservation {
  readonly address: number;
  readonly cidr: Cidr;
  /** Whether the host leads on from the network. */
  readonly outside: boolean;
  /** DNS servers, for a network that leads outside. */
  readonly resolvers: readonly number[];
}

/** The bytes to answer with, or null where the protocol wants silence. */
export function answerTo(request: DhcpRequest, reservation: Reservation): Uint8Array | null {
  const { address, cidr } = reservation;
  if (request.giaddr !== 0) return null;
  switch (request.type) {
    case TYPE.discover:
      return reply(request, TYPE.offer, address, [lease(), ...settings(reservation)]);
    case TYPE.request: {
      if (request.server !== null && request.server !== gatewayOf(cidr)) return null;
      const asked = request.requested ?? (request.ciaddr === 0 ? null : request.ciaddr);
      if (asked === null) return null;
      if (asked !== address) return reply(request, TYPE.nak, 0, [[OPTION.server, [gatewayOf(cidr)]]]);
      return reply(request, TYPE.ack, address, [lease(), ...settings(reservation)]);
    }
    case TYPE.inform:
      return request.ciaddr === address ? reply(request, TYPE.ack, 0, settings(reservation)) : null;
    default:
      return null;
  }
}

/** An option whose value is 32-bit numbers. */
type Numbers = readonly [code: number, values: readonly number[]];

function lease(): Numbers {
  return [OPTION.lease, [FOR_EVER]];
}

function settings({ cidr, outside, resolvers }: Reservation): Numbers[] {
  const gateway = gatewayOf(cidr);
  const dns = resolvers.slice(0, MOST_RESOLVERS);
  return [
    [OPTION.server, [gateway]],
    [OPTION.mask, [maskOf(cidr)]],
    [OPTION.broadcast, [broadcastOf(cidr)]],
    ...(outside ? [[OPTION.router, [gateway]] as const] : []),
    ...(outside && dns.length > 0 ? [[OPTION.dns, dns] as const] : []),
  ];
}

function reply(request: DhcpRequest, type: number, yiaddr: number, options: readonly Numbers[]): Uint8Array {
  const encoded = [
    ...[OPTION.type, 1, type],
    ...options.flatMap(([code, values]) => [code, 4 * values.length, ...values.flatMap(bytesOf)]),
    // RFC 6842: the client's own identifier comes back.
    ...(request.clientId === null ? [] : [OPTION.clientId, request.clientId.length, ...request.clientId]),
    OPTION.end,
  ];
  const bytes = new Uint8Array(Math.max(LEAST_BYTES, OPTIONS_AT + encoded.length));
  const view = new DataView(bytes.buffer);
  bytes.set([BOOTREPLY, ETHERNET, MAC_BYTES]);
  view.setUint32(4, request.xid);
  view.setUint16(10, request.flags);
  view.setUint32(12, type === TYPE.nak ? 0 : request.ciaddr);
  view.setUint32(16, yiaddr);
  bytes.set(
    request.mac.split(':').map((byte) => Number.parseInt(byte, 16)),
    28,
  );
  view.setUint32(236, MAGIC_COOKIE);
  bytes.set(encoded, OPTIONS_AT);
  return bytes;
}

function bytesOf(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
