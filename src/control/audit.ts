/**
 * Who did what. A row is written before a client's request is acted on and completed when its answer is known, so
 * that no change is without a row, whenever the process dies; such a row has no status.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from './control.ts';
import type { AuditEntry } from './prisma/client.ts';

export interface AuditedRequest {
  actor: string;
  /** Where the request came from. */
  address: string;
  method: string;
  /** With its query, which holds `force`. */
  path: string;
  requestId: string;
}

/** Returns the row's position, for `endAudit`. */
export async function beginAudit(control: Control, request: AuditedRequest): Promise<bigint> {
  const { position } = await control.db.auditEntry.create({
    data: { id: uuidv7(), ...request },
    select: { position: true },
  });
  return position;
}

/** `override`: what was overridden by force, and why it matters. */
export async function endAudit(
  control: Control,
  position: bigint,
  outcome: { status: number; override: string | null },
): Promise<void> {
  await control.db.auditEntry.update({ where: { position }, data: outcome, select: { position: true } });
}

/** Newest first. */
export async function listAudit(
  control: Control,
  page: { before: bigint | null; limit: number },
): Promise<AuditEntry[]> {
  return control.db.auditEntry.findMany({
    ...(page.before === null ? {} : { where: { position: { lt: page.before } } }),
    orderBy: { position: 'desc' },
    take: page.limit,
  });
}
