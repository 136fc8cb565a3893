/** Ethernet frames as a guest's kernel would send them, and the little of an answer that tests look at. */
import { formatIpv4, parseIpv4 } from '../../../src/wire/ipv4.ts';

export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const IPV4 = 0x0800;
const ARP = 0x0806;
const ICMP = 1;
const UDP = 17;

export interface From {
  readonly mac: string;
  readonly address: string;
}

function macBytes(mac: string): number[] {
  return mac.split(':').map((byte) => Number.parseInt(byte, 16));
}

function addressBytes(address: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(parseIpv4(address) ?? 0);
  return bytes;
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += at + 1 < bytes.length ? bytes.readUInt16BE(at) : bytes.readUInt8(at) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function ethernet(from: string, to: string, type: number, payload: Buffer): Buffer {
  const head = Buffer.from([...macBytes(to), ...macBytes(from), type >> 8, type & 0xff]);
  return Buffer.concat([head, payload], Math.max(60, head.length + payload.length));
}

function ipv4(from: From, toMac: string, to: string, protocol: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt8(0x45, 0);
  head.writeUInt16BE(20 + payload.length, 2);
  head.writeUInt8(64, 8);
  head.writeUInt8(protocol, 9);
  addressBytes(from.address).copy(head, 12);
  addressBytes(to).copy(head, 16);
  head.writeUInt16BE(checksum(head), 10);
  return ethernet(from.mac, toMac, IPV4, Buffer.concat([head, payload]));
}

export function udp(
  from: From & { port: number },
  to: { mac: string; address: string; port: number },
  data: Uint8Array,
): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(from.port, 0);
  head.writeUInt16BE(to.port, 2);
  head.writeUInt16BE(8 + data.length, 4);
  // A checksum of 0 is none.
  return ipv4(from, to.mac, to.address, UDP, Buffer.concat([head, data]));
}

/** An echo request that carries `mark`. */
export function echo(from: From, to: { mac: string; address: string }, mark: number): Buffer {
  const message = Buffer.alloc(16);
  message.writeUInt8(8, 0);
  message.writeUInt16BE(mark, 6);
  message.writeUInt16BE(checksum(message), 2);
  return ipv4(from, to.mac, to.address, ICMP, message);
}

function arpMessage(operation: number, from: From, to: From): Buffer {
  return Buffer.concat([
    Buffer.from([0, 1, 8, 0, 6, 4, 0, operation, ...macBytes(from.mac)]),
    addressBytes(from.address),
    Buffer.from(macBytes(to.mac)),
    addressBytes(to.address),
  ]);
}

/** Who has `wanted`? The sender of the ARP message may be another than that of its frame. */
export function arp(from: From, wanted: string, frameMac = from.mac): Buffer {
  const to = { mac: '00:00:00:00:00:00', address: wanted };
  return ethernet(frameMac, BROADCAST, ARP, arpMessage(1, from, to));
}

/** The answer to a frame that asks for the address of `self`; null for any other frame. */
export function arpAnswer(frame: Buffer, self: From): Buffer | null {
  if (frame.readUInt16BE(12) !== ARP || frame.readUInt16BE(20) !== 1) return null;
  if (formatIpv4(frame.readUInt32BE(38)) !== self.address) return null;
  const mac = frame.toString('hex', 22, 28).replace(/(..)(?=.)/g, '$1:');
  const asker = { mac, address: formatIpv4(frame.readUInt32BE(28)) };
  return ethernet(self.mac, mac, ARP, arpMessage(2, self, asker));
}

/** DISCOVER or REQUEST, with the options given. */
export function dhcp(mac: string, type: number, options: readonly number[] = []): Uint8Array {
  const bytes = Buffer.alloc(240 + 3 + options.length + 1);
  bytes.set([1, 1, 6, 0, 1, 2, 3, 4]);
  bytes.set(macBytes(mac), 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type, ...options, 255], 236);
  return bytes;
}

/** What a frame is, in one line. */
export function tell(frame: Buffer): string {
  const type = frame.readUInt16BE(12);
  const from = frame.toString('hex', 6, 12).replace(/(..)(?=.)/g, '$1:');
  if (type === ARP) {
    const kind = frame.readUInt16BE(20) === 1 ? 'asks' : 'answers';
    return `arp ${formatIpv4(frame.readUInt32BE(28))} ${kind} from ${from}`;
  }
  if (type !== IPV4) return `type ${type.toString(16)} from ${from}`;
  const source = formatIpv4(frame.readUInt32BE(26));
  const at = 14 + (frame.readUInt8(14) & 15) * 4;
  if (frame.readUInt8(23) === ICMP) {
    const kind = { 0: 'reply', 8: 'request' }[frame.readUInt8(at)] ?? `type ${frame.readUInt8(at)}`;
    return `echo ${kind} ${frame.readUInt16BE(at + 6)} from ${source}`;
  }
  if (frame.readUInt8(23) !== UDP) return `protocol ${frame.readUInt8(23)} from ${source}`;
  const data = frame.subarray(at + 8, at + frame.readUInt16BE(at + 4));
  if (frame.readUInt16BE(at) !== 67) return `udp ${data.toString('latin1')} from ${source}`;
  const offered = formatIpv4(data.readUInt32BE(16));
  return `dhcp ${data.at(242)} ${offered} from ${source} to ${formatIpv4(frame.readUInt32BE(30))}`;
}
