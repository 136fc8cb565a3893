/**
 * VMs' network interfaces: each gets a MAC and an address of its own in its network, for as long as its VM exists. An
 * address is kept as its number within the network; 0 is the network itself, 1 the host, the last one everybody.
 */
import { randomBytes } from 'node:crypto';
import { parseCidr, sizeOf } from '../../wire/ipv4.ts';
import type { Executor } from '../database/database.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

/** The network of a NIC that names none. */
export const DEFAULT_NETWORK = 'default';
const FIRST_HOST_NUMBER = 2;

export interface NewNic {
  name: string;
  /** Lower case; null: one is made. */
  mac: string | null;
  /** A network's name. */
  network: string;
}

export interface Nic extends NewNic {
  mac: string;
  address: string;
}

/** The NICs of `vms v` as JSON, in their order. */
export const NICS_SQL = Prisma.sql`(
  SELECT COALESCE(jsonb_agg(jsonb_build_object('name', n.name, 'mac', n.mac, 'network', w.name,
    'address', host(w.cidr::inet + n.host_number)) ORDER BY n.position), '[]')
  FROM nics n JOIN networks w ON w.id = n.network_id WHERE n.vm_id = v.id)`;

interface NetworkRow {
  id: string;
  name: string;
  cidr: string;
}

/**
 * Reserves what a new VM's NICs need. Throws NETWORK_UNKNOWN, NETWORK_FULL, MAC_INVALID or MAC_TAKEN. The networks'
 * rows are held until the transaction ends, so of two VMs made at once neither sees the other's address as free.
 */
export async function reserveNics(tx: Executor, vmId: string, nics: readonly NewNic[]): Promise<void> {
  if (nics.length === 0) return;
  const networks = await lockNetworks(tx, nics);
  for (const [position, { name, mac, network: networkName }] of nics.entries()) {
    const at = `/nics/${position}`;
    const network = networks.find((found) => found.name === networkName);
    if (network === undefined) {
      throw new Refusal(
        'NETWORK_UNKNOWN',
        `There is no network "${networkName}". Create it with POST /v1/networks first, or name another.`,
        { pointer: `${at}/network` },
      );
    }
    const reserved = {
      hostNumber: await freeHostNumber(tx, network, at),
      mac: mac === null ? await freeMac(tx, network) : await claimMac(tx, network, mac, at),
    };
    await tx.nic.create({ data: { vmId, name, position, networkId: network.id, ...reserved } });
  }
}

/** In the order of their ids, so that two transactions never wait for each other. */
async function lockNetworks(tx: Executor, nics: readonly NewNic[]): Promise<NetworkRow[]> {
  const names = [...new Set(nics.map(({ network }) => network))];
  return tx.$queryRaw<NetworkRow[]>`
    SELECT id, name, cidr FROM networks WHERE name = ANY(${names}) ORDER BY id FOR NO KEY UPDATE`;
}

/** The number after the highest in use, so that one just freed rests; once those are used up, the lowest free one. */
async function freeHostNumber(tx: Executor, network: NetworkRow, at: string): Promise<number> {
  const cidr = parseCidr(network.cidr);
  if (cidr === null) throw new Error(`Network ${network.name} has the range ${network.cidr}`);
  const last = sizeOf(cidr.prefix) - 2;
  const [found] = await tx.$queryRaw<{ next: number; gap: number | null }[]>`
    SELECT COALESCE(max(n.host_number) + 1, ${FIRST_HOST_NUMBER})::int AS next,
      CASE WHEN max(n.host_number) >= ${last} THEN (
        SELECT min(c.candidate)::int FROM (
          SELECT ${FIRST_HOST_NUMBER}::int AS candidate
          UNION ALL SELECT host_number + 1 FROM nics WHERE network_id = ${network.id}::uuid
        ) c
        WHERE NOT EXISTS (
          SELECT FROM nics o WHERE o.network_id = ${network.id}::uuid AND o.host_number = c.candidate)
      ) END AS gap
    FROM nics n WHERE n.network_id = ${network.id}::uuid`;
  const number = found?.gap ?? found?.next ?? FIRST_HOST_NUMBER;
  if (number <= last) return number;
  throw new Refusal(
    'NETWORK_FULL',
    `Every address of the network "${network.name}" (${network.cidr}) is in use. Delete VMs or use another network.`,
    { pointer: `${at}/network` },
  );
}

/** Locally administered and unicast (IEEE 802, the two lowest bits of the first byte); otherwise by chance. */
async function freeMac(tx: Executor, network: NetworkRow): Promise<string> {
  for (;;) {
    const bytes = randomBytes(6);
    bytes.writeUInt8((bytes.readUInt8(0) & 0xfc) | 0x02, 0);
    const mac = bytes.toString('hex').replace(/(..)(?=.)/g, '$1:');
    if (!(await isTaken(tx, network, mac))) return mac;
  }
}

async function claimMac(tx: Executor, network: NetworkRow, mac: string, at: string): Promise<string> {
  const pointer = `${at}/mac`;
  if (!/^.[02468ace]/.test(mac) || mac === '00:00:00:00:00:00') {
    throw new Refusal(
      'MAC_INVALID',
      `${mac} is not the address of one NIC: the lowest bit of its first byte must be 0, and not all bytes may be.`,
      { pointer },
    );
  }
  if (await isTaken(tx, network, mac)) {
    throw new Refusal('MAC_TAKEN', `Another NIC in the network "${network.name}" has the MAC ${mac}.`, {
      pointer,
    });
  }
  return mac;
}

async function isTaken(tx: Executor, { id }: NetworkRow, mac: string): Promise<boolean> {
  return (await tx.nic.count({ where: { networkId: id, mac } })) > 0;
}
