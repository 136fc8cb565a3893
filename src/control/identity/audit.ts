/**
 * Who did what. A row is written before a client's request is acted on and completed when its answer is known, so
 * that no change is without a row, whenever the process dies; such a row has no status. What the request changed is
 * written by Postgres itself in the transactions that change it (audit-context.ts).
 */
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import type { AuditChange, AuditEntry, Prisma } from '../prisma/client.ts';
import type { RefusalCode } from '../refusals.ts';
import { nameEntry } from './audit-context.ts';

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

/** Writes the row of what `tx` is about to do, which stands or falls with it, and has its changes written down. */
export async function auditWithin(tx: Executor, request: AuditedRequest): Promise<void> {
  const { position } = await tx.auditEntry.create({
    data: { id: uuidv7(), ...request, status: 200 },
    select: { position: true },
  });
  await nameEntry(tx, position);
}

/** `override`: what was overridden by force, and why it matters. */
export async function endAudit(
  control: Control,
  position: bigint,
  outcome: { status: number; code: RefusalCode | null; override: string | null },
): Promise<void> {
  await control.db.auditEntry.update({ where: { position }, data: outcome, select: { position: true } });
}

export const AUDIT_OUTCOMES = ['succeeded', 'refused', 'unknown'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Null: any. */
export interface AuditFilter {
  /** Part of the actor's name, or its id. */
  actor: string | null;
  method: string | null;
  /** `unknown` where the process died before it answered. */
  outcome: AuditOutcome | null;
  /** Of a resource that was changed or is named by the path. */
  resourceId: string | null;
  since: Date | null;
  until: Date | null;
}

export type AuditRecord = AuditEntry & { changes: AuditChange[] };

/** Newest first. */
export async function listAudit(
  control: Control,
  filter: AuditFilter,
  page: { before: bigint | null; limit: number },
): Promise<AuditRecord[]> {
  return control.db.auditEntry.findMany({
    where: {
      ...(page.before === null ? {} : { position: { lt: page.before } }),
      AND: conditionsOf(filter),
    },
    include: { changes: { orderBy: { position: 'asc' } } },
    orderBy: { position: 'desc' },
    take: page.limit,
  });
}

const OF_OUTCOME: Record<AuditOutcome, Prisma.AuditEntryWhereInput> = {
  succeeded: { status: { lt: 400 } },
  refused: { status: { gte: 400 } },
  unknown: { status: null },
};

function conditionsOf(filter: AuditFilter): Prisma.AuditEntryWhereInput[] {
  const { actor, method, outcome, resourceId, since, until } = filter;
  const conditions: Prisma.AuditEntryWhereInput[] = [];
  if (actor !== null) conditions.push({ actor: { contains: escaped(actor), mode: 'insensitive' } });
  if (method !== null) conditions.push({ method });
  if (outcome !== null) conditions.push(OF_OUTCOME[outcome]);
  if (resourceId !== null) {
    conditions.push({ OR: [{ changes: { some: { resourceId } } }, { path: { contains: resourceId } }] });
  }
  if (since !== null) conditions.push({ at: { gte: since } });
  if (until !== null) conditions.push({ at: { lt: until } });
  return conditions;
}

/** Prisma hands it to LIKE as it is. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
