/**
 * Enrolment: a new host shows a one-time token and leaves the digest of a credential it made for itself. An agent whose
 * answer was lost asks again with both and gets the same answer; with another credential the token is worth nothing.
 */
import { v7 as uuidv7 } from 'uuid';
import type { EnrolRequest } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import { type Executor, isUniqueViolation } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { factColumns } from '../hosts/leases.ts';
import type { EnrolmentToken } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { type AuditedRequest, auditWithin } from './audit.ts';
import { actorOf, hashSecret, newSecret } from './tokens.ts';

/**
 * The row and, this once, the secret. `labels` are the host's for good, over what its agent says. With `hostId` it gives
 * that host another credential and makes no host; throws HOST_UNKNOWN.
 */
export async function createEnrolmentToken(
  control: Control,
  input: { labels: Record<string, string>; hostId: string | null; expiresInSeconds: number },
): Promise<{ token: EnrolmentToken; secret: string }> {
  const secret = newSecret('hfe');
  const { hostId, labels, expiresInSeconds } = input;
  const token = await transact(control, async (tx) => {
    if (hostId !== null && (await tx.host.count({ where: { id: hostId } })) === 0) {
      throw new Refusal('HOST_UNKNOWN', `There is no host ${hostId}.`, { pointer: '/hostId' });
    }
    return tx.enrolmentToken.create({
      data: {
        id: uuidv7(),
        hash: hashSecret(secret),
        ...{ labels, forHostId: hostId },
        expiresAt: new Date(Date.now() + expiresInSeconds * 1_000),
      },
    });
  });
  return { token, secret };
}

/** Makes a host of the one who asks, or gives it another credential. Throws ENROLMENT_TOKEN_INVALID, _EXPIRED, _USED or HOST_NAME_TAKEN. */
export async function enrol(
  control: Control,
  request: EnrolRequest,
  from: Omit<AuditedRequest, 'actor'>,
): Promise<{ hostId: string }> {
  const credentialHash = Buffer.from(request.credentialHash, 'hex');
  return transact(control, async (tx) => {
    const hash = hashSecret(request.enrolmentToken);
    await tx.$executeRaw`SELECT id FROM enrolment_tokens WHERE hash = ${hash} FOR UPDATE`;
    const token = await tx.enrolmentToken.findUnique({ where: { hash } });
    if (token === null) {
      throw new Refusal(
        'ENROLMENT_TOKEN_INVALID',
        'The enrolment token is not known. Make one with POST /v1/enrolment-tokens.',
      );
    }
    if (token.hostId !== null) {
      const host = await tx.host.findUnique({ where: { id: token.hostId } });
      if (host !== null && credentialHash.equals(host.credentialHash)) return { hostId: host.id };
      throw new Refusal(
        'ENROLMENT_TOKEN_USED',
        'A host has enrolled with this token. Make another one with POST /v1/enrolment-tokens.',
      );
    }
    if (token.expiresAt.getTime() <= Date.now()) {
      throw new Refusal(
        'ENROLMENT_TOKEN_EXPIRED',
        `The enrolment token was valid until ${token.expiresAt.toISOString()}. Make another one.`,
      );
    }
    const now = new Date();
    const hostId = token.forHostId ?? uuidv7();
    await auditWithin(tx, { ...from, actor: actorOf({ name: `host ${request.name}`, id: hostId }) });
    if (token.forHostId !== null) {
      await replaceCredential(tx, hostId, credentialHash);
      await tx.enrolmentToken.update({ where: { id: token.id }, data: { usedAt: now, hostId } });
      return { hostId };
    }
    await tx.host.create({
      data: {
        id: hostId,
        name: request.name,
        labels: { ...request.labels, ...(token.labels as Record<string, string>) },
        credentialHash,
        ...factColumns(request.facts),
        lastSeenAt: now,
        leaseExpiresAt: new Date(now.getTime() + control.settings.leaseSeconds * 1_000),
      },
    });
    await tx.enrolmentToken.update({ where: { id: token.id }, data: { usedAt: now, hostId } });
    return { hostId };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal(
      'HOST_NAME_TAKEN',
      `A host named ${request.name} is enrolled. Choose another name for this one (--name).`,
    );
  });
}

/** Its name, labels and facts stay as they are; the next heartbeat tells the facts. */
async function replaceCredential(tx: Executor, hostId: string, credentialHash: Buffer<ArrayBuffer>) {
  const { count } = await tx.host.updateMany({
    where: { id: hostId },
    data: {
      ...{ credentialHash, nextCredentialHash: null, credentialRevokedAt: null },
      revision: { increment: 1 },
    },
  });
  if (count > 0) return;
  throw new Refusal('ENROLMENT_TOKEN_INVALID', `The token is for host ${hostId}, which is gone.`);
}
