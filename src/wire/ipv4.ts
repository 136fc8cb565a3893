/** IPv4 addresses and ranges. An address is an unsigned 32-bit number, in host order. Pure. */

export interface Cidr {
  /** The network's own address: the lowest, with no host bit set. */
  readonly base: number;
  readonly prefix: number;
}

/** @returns null for anything but four decimal bytes without leading zeros. */
export function parseIpv4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let address = 0;
  for (const part of parts) {
    const byte = Number(part);
    if (String(byte) !== part || !Number.isInteger(byte) || byte < 0 || byte > 255) return null;
    address = address * 256 + byte;
  }
  return address;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** Host bits may be set in the text; `base` has none. @returns null for anything but `a.b.c.d/n`. */
export function parseCidr(text: string): Cidr | null {
  const [addressText, prefixText, more] = text.split('/');
  if (addressText === undefined || prefixText === undefined || more !== undefined) return null;
  const address = parseIpv4(addressText);
  const prefix = Number(prefixText);
  if (address === null || String(prefix) !== prefixText || !Number.isInteger(prefix)) return null;
  if (prefix < 0 || prefix > 32) return null;
  return { base: address - (address % sizeOf(prefix)), prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${formatIpv4(base)}/${prefix}`;
}

/** How many addresses a prefix leaves. */
export function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function maskOf({ prefix }: Cidr): number {
  return 2 ** 32 - sizeOf(prefix);
}

/** The address of all hosts of the range: the highest. */
export function broadcastOf({ base, prefix }: Cidr): number {
  return base + sizeOf(prefix) - 1;
}

/** The host's own address in a network: the lowest that a host can have. */
export function gatewayOf({ base }: Cidr): number {
  return base + 1;
}

export function contains(range: Cidr, address: number): boolean {
  return address >= range.base && address <= broadcastOf(range);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base <= broadcastOf(b) && b.base <= broadcastOf(a);
}

/** Ranges that are no place for guests (RFC 6890): "this" network, loopback, link-local, multicast and reserved. */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].flatMap(
  (text) => parseCidr(text) ?? [],
);

/** Whether every address of the range can be a host's own. */
export function isUnicast(range: Cidr): boolean {
  return !SPECIAL.some((special) => overlaps(special, range));
}
