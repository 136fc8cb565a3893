/** The audit. */

import { pageByPosition } from '../../control/database/page.ts';
import { type AuditRecord, listAudit } from '../../control/identity/audit.ts';
import { AuditEntry, AuditQuery } from '../schemas/audit.ts';
import { Page, ref } from '../schemas/common.ts';
import type { Routes } from '../types.ts';

export const auditRoutes: Routes = async (app) => {
  app.get(
    '/v1/audit',
    {
      config: { role: 'admin', refusals: ['INVALID_PAGE_TOKEN'] },
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'List what clients changed or tried to, newest first',
        querystring: AuditQuery,
        response: { 200: Page(ref(AuditEntry)) },
      },
    },
    async (request) => {
      const { actor = null, method = null, outcome = null, resourceId = null, since, until } = request.query;
      const filter = { actor, method, outcome, resourceId, since: dateOf(since), until: dateOf(until) };
      const page = await pageByPosition(request.query, (part) => listAudit(app.control, filter, part));
      return { ...page, items: page.items.map(presentEntry) };
    },
  );
};

function dateOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}

function presentEntry(row: AuditRecord): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    address: row.address,
    method: row.method,
    path: row.path,
    status: row.status,
    code: row.code,
    requestId: row.requestId,
    override: row.override,
    changes: row.changes.map(({ resource, resourceId, before, after }) => ({
      ...{ resource, resourceId },
      before: presentRow(before),
      after: presentRow(after),
    })),
  };
}

/** Columns are called as the API calls its fields. */
function presentRow(row: unknown): Record<string, unknown> | null {
  if (row === null) return null;
  return Object.fromEntries(
    Object.entries(row as Record<string, unknown>).map(([column, value]) => [fieldOf(column), value]),
  );
}

function fieldOf(column: string): string {
  return column.replace(/_mib$/, 'MiB').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
