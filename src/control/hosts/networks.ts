/** Networks: IPv4 ranges that guests have their NICs in. The reserving of addresses is in nics.ts. */
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { formatCidr, isUnicast, parseCidr } from '../../wire/ipv4.ts';
import type { Control } from '../control.ts';
import { ADVISORY_LOCKS } from '../database/advisory-locks.ts';
import { type Executor, isForeignKeyViolation, isUniqueViolation } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { type LabelPair, type Labels, type LabelsPatch, labelJson, mergeLabels } from '../labels.ts';
import { Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

export interface NewNetwork {
  name: string;
  labels: Labels;
  cidr: string;
  outside: boolean;
}

export interface NetworkRecord extends NewNetwork {
  id: string;
  /** How many NICs have an address in it. */
  nics: number;
  revision: number;
  createdAt: Date;
}

/** Most and fewest addresses: 65 536 and 8, of which three are not for guests. */
export const WIDEST_PREFIX = 16;
export const NARROWEST_PREFIX = 29;

const SELECT = Prisma.sql`
  SELECT w.id, w.name, w.labels, w.cidr, w.outside, w.revision, w.created_at AS "createdAt",
    (SELECT count(*)::int FROM nics n WHERE n.network_id = w.id) AS nics
  FROM networks w`;

/** Throws CIDR_INVALID, NETWORK_OVERLAPS or NETWORK_NAME_TAKEN. */
export async function createNetwork(control: Control, input: NewNetwork): Promise<NetworkRecord> {
  checkCidr(input.cidr);
  const id = uuidv7();
  return transact(control, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.networks})`;
    const [other] = await tx.$queryRaw<{ name: string; cidr: string }[]>`
      SELECT name, cidr FROM networks WHERE cidr::cidr && ${input.cidr}::cidr ORDER BY id LIMIT 1`;
    if (other !== undefined) {
      throw new Refusal(
        'NETWORK_OVERLAPS',
        `${input.cidr} overlaps ${other.cidr} of the network "${other.name}". Choose another range.`,
        { pointer: '/cidr' },
      );
    }
    await tx.network.create({ data: { id, ...input } });
    return present(tx, id);
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal(
      'NETWORK_NAME_TAKEN',
      `There is a network "${input.name}" already; choose another name.`,
      { pointer: '/name' },
    );
  });
}

function checkCidr(text: string): void {
  const refuse = (why: string): Refusal =>
    new Refusal('CIDR_INVALID', `${text} ${why}`, { pointer: '/cidr' });
  const cidr = parseCidr(text);
  if (cidr === null) throw refuse('is not an IPv4 range such as 10.20.0.0/24.');
  if (cidr.prefix < WIDEST_PREFIX || cidr.prefix > NARROWEST_PREFIX) {
    throw refuse(`must have a prefix from /${WIDEST_PREFIX} to /${NARROWEST_PREFIX}.`);
  }
  if (formatCidr(cidr) !== text) throw refuse(`has host bits set. Did you mean ${formatCidr(cidr)}?`);
  if (!isUnicast(cidr)) {
    throw refuse('holds loopback, link-local, multicast or reserved addresses. Choose another range.');
  }
}

export async function getNetwork(control: Control, networkId: string): Promise<NetworkRecord> {
  return present(control.db, networkId);
}

async function present(db: Executor, networkId: string): Promise<NetworkRecord> {
  const rows = await db.$queryRaw<NetworkRecord[]>`${SELECT} WHERE w.id = ${networkId}::uuid`;
  const network = rows[0];
  if (network === undefined) throw notFound(networkId);
  return network;
}

function notFound(networkId: string): Refusal {
  return new Refusal('NETWORK_NOT_FOUND', `There is no network ${networkId}.`);
}

/** In the order of creation, which is that of the ids (UUIDv7). */
export async function listNetworks(
  control: Control,
  labels: readonly LabelPair[],
  page: { afterId: string | null; limit: number },
): Promise<NetworkRecord[]> {
  const conditions = [Prisma.sql`true`];
  if (page.afterId !== null) conditions.push(Prisma.sql`w.id > ${page.afterId}::uuid`);
  for (const pair of labels) conditions.push(Prisma.sql`w.labels @> ${labelJson(pair)}::jsonb`);
  return control.db.$queryRaw<NetworkRecord[]>`
    ${SELECT} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY w.id LIMIT ${page.limit}`;
}

/** What guests see of a network never changes; its labels do. `check` sees the revision before and may throw. */
export async function changeNetwork(
  control: Control,
  networkId: string,
  change: { labels?: LabelsPatch },
  check: (revision: number) => void,
): Promise<NetworkRecord> {
  return transact(control, async (tx) => {
    const network = await lockNetwork(tx, networkId);
    check(network.revision);
    const labels = mergeLabels(network.labels, change.labels);
    if (!isDeepStrictEqual(labels, network.labels)) {
      await tx.network.update({ where: { id: networkId }, data: { labels, revision: { increment: 1 } } });
    }
    return present(tx, networkId);
  });
}

/** Throws NETWORK_IN_USE while a VM has a NIC in it. */
export async function deleteNetwork(
  control: Control,
  networkId: string,
  check: (revision: number) => void,
): Promise<void> {
  await transact(control, async (tx) => {
    const network = await lockNetwork(tx, networkId);
    check(network.revision);
    await tx.network.delete({ where: { id: networkId } });
  }).catch(async (error: unknown) => {
    if (!isForeignKeyViolation(error)) throw error;
    const nics = await control.db.nic.count({ where: { networkId } });
    throw new Refusal('NETWORK_IN_USE', `VMs have ${nics} NICs in this network: delete those VMs first.`);
  });
}

async function lockNetwork(tx: Executor, networkId: string): Promise<{ labels: Labels; revision: number }> {
  const rows = await tx.$queryRaw<{ labels: Labels; revision: number }[]>`
    SELECT labels, revision FROM networks WHERE id = ${networkId}::uuid FOR UPDATE`;
  const network = rows[0];
  if (network === undefined) throw notFound(networkId);
  return network;
}
